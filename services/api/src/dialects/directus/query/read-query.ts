import type { ItemQuery } from '@carillon/core';
import { forbiddenCollection } from '../errors.ts';
import { readAggregation } from './aggregate.ts';
import { collections, type CallerKind } from './collections.ts';
import { createFilterBudget, readFilter } from './filter.ts';
import {
  readCounts,
  readExport,
  readPaging,
  readSearch,
  type ExportFormat,
  type LimitRule,
} from './paging.ts';
import type { QuerySource } from './query-text.ts';
import { createRefusals } from './refusals.ts';
import { readSelection } from './selection.ts';
import { readSort, readSortNames } from './sort.ts';

/** Rows that one query answers at most; also what `limit=-1` means. */
export const rowsMax = 10_000;
const rowsDefault = 100;

export interface ReadOptions extends Partial<LimitRule> {
  /** Restricts to the rows of these ids, whatever else the query says. */
  numbers?: readonly number[] | undefined;
}

export interface ReadQuery {
  /** For `listNotificationItems`, or where it has an aggregation for `aggregateNotificationItems`. */
  items: ItemQuery;
  /** The file that is asked for instead of an envelope. */
  export: ExportFormat | undefined;
}

/**
 * Reads a query of Directus' dialect: what a URL says (`parseQueryText`), the `query` of a SEARCH body, or that of a
 * socket's message. Values may be native or text, lists arrays or text with commas, objects JSON. Parameters that do
 * not exist are ignored.
 *
 * What comes out names only fields that this sort of caller may read, each compared only by operators and values of
 * its type; whoever may read nothing gets the error of the whole collection. Which rows a caller sees is no part of
 * it: that is the scope with which it is put (`ItemScope`).
 *
 *     const { items } = readQuery(parseQueryText(text), 'member');
 *     const rows = await listNotificationItems(db, scope, items);
 *     const data = shapeRows(items, rows);
 *
 * Throws DirectusError: FORBIDDEN for fields, INVALID_QUERY for everything else.
 */
export function readQuery(source: QuerySource, caller: CallerKind, options: ReadOptions = {}): ReadQuery {
  if (caller === 'none') throw forbiddenCollection();
  const collection = collections[caller];
  const format = readExport(source['export']);
  const { limitDefault = rowsDefault, limitMax = rowsMax } = options;
  const paging = readPaging(source, { limitDefault, limitMax });
  const counts = readCounts(source['meta']);
  const search = readSearch(source['search']);
  const sortNames = readSortNames(source['sort']);
  const refusals = createRefusals();
  const budget = createFilterBudget();
  const selection = readSelection(source, collection, refusals, budget);
  const filter = readFilter(source['filter'], collection, refusals, budget);
  const aggregation = readAggregation(source, sortNames, collection, refusals);
  const sort = aggregation === undefined ? readSort(sortNames, collection, refusals) : [];
  refusals.tell();
  // Notifications have no versions: every one that is asked for is empty.
  const limit = hasVersion(source) ? 0 : paging.limit;
  return {
    items: {
      ...{ selection, filter, search, sort, counts, aggregation },
      ...{ limit, offset: paging.offset, numbers: options.numbers },
    },
    export: format,
  };
}

function hasVersion({ version }: QuerySource): boolean {
  return typeof version === 'string' && version !== '';
}
