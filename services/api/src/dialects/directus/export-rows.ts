import type { ItemQuery } from '@carillon/core';
import { askItems, findItems } from '../../actions/item-queries.ts';
import type { ApiDeps } from '../../deps.ts';
import type { UserCaller } from '../../http/caller.ts';
import type { DialectReply } from '../dialect.ts';
import { invalidQuery } from './errors.ts';
import { openExport, type ExportFile } from './export.ts';
import { kindOf, list } from './items.ts';
import type { ExportFormat } from './query/paging.ts';
import type { QuerySource } from './query/query-text.ts';
import { readQuery } from './query/read-query.ts';
import { shapeRows, type DirectusRow } from './shape.ts';

/** Rows of one file at most. */
export const exportMax = 100_000;
/** Rows that are in memory at a time. */
const pageRows = 500;

/**
 * What a query finds as a file, which is written as fast as the client takes it. Which rows it has, and their order,
 * is settled before it begins; one that is gone when its turn comes is left out. Throws DirectusError, also for more
 * rows than a file may have.
 */
export async function exportRows(
  deps: ApiDeps,
  caller: UserCaller,
  source: QuerySource,
  format: ExportFormat,
): Promise<DialectReply> {
  const { items } = readQuery(source, kindOf(caller), { limitMax: exportMax + 1 });
  const file = openExport(format, items, deps.clock.now());
  const pages =
    items.aggregation === undefined
      ? pagesOf(deps, caller, items, await numbersOf(deps, caller, items))
      : [(await list(deps, caller, readQuery(source, kindOf(caller)))).data];
  return { status: 200, chunks: written(file, pages), headers: { ...file.headers } };
}

/** Throws DirectusError. */
async function numbersOf(deps: ApiDeps, caller: UserCaller, items: ItemQuery): Promise<number[]> {
  const keys = await findItems(deps, caller, { ...items, selection: [] }, exportMax + 1);
  if (keys.length <= exportMax) return keys.map(({ number }) => number);
  throw invalidQuery(`An export may have ${exportMax} rows: ask for parts of it by "limit" and "page"`);
}

async function* pagesOf(
  deps: ApiDeps,
  caller: UserCaller,
  items: ItemQuery,
  numbers: readonly number[],
): AsyncGenerator<DirectusRow[]> {
  for (let start = 0; start < numbers.length; start += pageRows) {
    const page = numbers.slice(start, start + pageRows);
    const { rows } = await askItems(deps, caller, {
      ...{ ...items, numbers: page, limit: page.length, offset: 0 },
      // These decided already which rows there are.
      ...{ filter: undefined, search: undefined, sort: [], counts: { total: false, filtered: false } },
    });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    yield shapeRows(
      items,
      page.flatMap((number) => byNumber.get(number) ?? []),
    );
  }
}

async function* written(
  file: ExportFile,
  pages: Iterable<DirectusRow[]> | AsyncIterable<DirectusRow[]>,
): AsyncGenerator<string> {
  for await (const page of pages) yield file.write(page);
  yield file.end();
}
