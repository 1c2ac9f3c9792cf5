import type { AggregateFunction, AggregateValue, ItemAggregation, SelectedValue } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import { findField, type Collection } from './collections.ts';
import { readNames, readObject, type QuerySource } from './query-text.ts';
import type { Refusals } from './refusals.ts';
import type { SortName } from './sort.ts';

interface FunctionRow {
  fn: AggregateFunction;
  /** What it can be asked of: rows, numbers, or any field. */
  of: 'rows' | 'numbers' | 'fields';
}

const functions: ReadonlyMap<string, FunctionRow> = new Map<string, FunctionRow>([
  ['count', { fn: 'count', of: 'rows' }],
  ['countDistinct', { fn: 'count_distinct', of: 'fields' }],
  ['sum', { fn: 'sum', of: 'numbers' }],
  ['sumDistinct', { fn: 'sum_distinct', of: 'numbers' }],
  ['avg', { fn: 'avg', of: 'numbers' }],
  ['avgDistinct', { fn: 'avg_distinct', of: 'numbers' }],
  ['min', { fn: 'min', of: 'fields' }],
  ['max', { fn: 'max', of: 'fields' }],
]);

/** What `aggregate` and `groupBy` ask for instead of rows; undefined where they ask for nothing. Throws DirectusError. */
export function readAggregation(
  source: QuerySource,
  sortNames: readonly SortName[],
  collection: Collection,
  refusals: Refusals,
): ItemAggregation | undefined {
  const given = Object.entries(readObject('aggregate', source['aggregate']) ?? {});
  const groups = readGroups(source['groupBy'], collection, refusals);
  if (given.length === 0 && groups.size === 0) return undefined;
  // A function that does not exist asks for nothing, which leaves a row without anything.
  const values = given.flatMap(([name, fields]) => {
    const row = functions.get(name);
    return row === undefined ? [] : readValues(name, row, fields, collection, refusals);
  });
  const sort = readAggregateSort(sortNames, groups, values, collection, refusals);
  return { groups: [...groups.values()], values, sort };
}

function readGroups(given: unknown, collection: Collection, refusals: Refusals): Map<string, SelectedValue> {
  const groups = new Map<string, SelectedValue>();
  for (const name of readNames('groupBy', given)) {
    const found = findField(collection, name);
    if (found?.field.column.of !== 'item') {
      refusals.add(name, collection, '');
      continue;
    }
    const { part, key } = found;
    groups.set(name, { name: key, field: found.field.column.field, ...(part !== undefined && { part }) });
  }
  return groups;
}

function readValues(
  name: string,
  { fn, of }: FunctionRow,
  given: unknown,
  collection: Collection,
  refusals: Refusals,
): AggregateValue[] {
  const fields = readNames(`aggregate.${name}`, given);
  return fields.flatMap((text): AggregateValue[] => {
    if (text === '*') {
      if (of !== 'rows') throw invalidQuery(`"${name}" needs the name of a field`);
      return [{ fn, field: undefined, path: fields.length === 1 ? [name] : [name, text] }];
    }
    const field = collection.fields.get(text);
    if (field?.column.of !== 'item') {
      refusals.add(text, collection, '');
      return [];
    }
    if (of === 'numbers' && field.type !== 'integer')
      throw invalidQuery(`"${name}" cannot be applied to the "${field.type}" field "${text}"`);
    return [{ fn, field: field.column.field, path: [name, text] }];
  });
}

/** By the name of a group, or of a function with its field where it has several. Throws DirectusError. */
function readAggregateSort(
  names: readonly SortName[],
  groups: ReadonlyMap<string, SelectedValue>,
  values: readonly AggregateValue[],
  collection: Collection,
  refusals: Refusals,
): ItemAggregation['sort'] {
  return names.flatMap(({ name, descending }): ItemAggregation['sort'] => {
    const group = [...groups].findIndex(([given, { name: key }]) => given === name || key === name);
    if (group >= 0) return [{ by: 'group', position: group, descending }];
    const value = values.findIndex(({ path }) => path[0] === name || path.join('.') === name);
    if (value >= 0) return [{ by: 'value', position: value, descending }];
    if (findField(collection, name) !== undefined)
      throw invalidQuery(`"sort" can name "${name}" only where "groupBy" does`);
    refusals.add(name, collection, '');
    return [];
  });
}
