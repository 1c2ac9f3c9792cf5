import type { ItemCondition } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import { findField, type Collection, type NamedField } from './collections.ts';
import { readTest } from './operators.ts';
import { conditionsMax, depthMax, isObject, readObject } from './query-text.ts';
import { below, type Refusals } from './refusals.ts';

/** Counts over all filters of one query, which are bounded together. */
export interface FilterBudget {
  conditionsLeft: number;
}

export function createFilterBudget(): FilterBudget {
  return { conditionsLeft: conditionsMax };
}

/** Where in a tree one reads. */
interface Place {
  collection: Collection;
  /** The relations that led here. */
  path: string;
  level: number;
  refusals: Refusals;
  budget: FilterBudget;
}

/**
 * A filter as a tree, undefined where it asks for nothing. Fields that the caller may not name are left to `refusals`.
 * Throws DirectusError.
 */
export function readFilter(
  given: unknown,
  collection: Collection,
  refusals: Refusals,
  budget: FilterBudget,
  path = '',
): ItemCondition | undefined {
  const filter = readObject('filter', given);
  if (filter === undefined) return undefined;
  return readLevel(filter, { collection, path, level: 1, refusals, budget });
}

function readLevel(node: unknown, place: Place): ItemCondition | undefined {
  return joined(
    'every',
    entriesOf(node, place).map(([key, value]) => {
      if (key === '_and' || key === '_or') return readLogic(key, value, place, readLevel);
      if (key.startsWith('_')) throw unknownOperator(key);
      const found = findField(place.collection, key);
      if (found !== undefined) return readField(found, value, deeper(place));
      place.refusals.add(key, place.collection, place.path);
      return undefined;
    }),
  );
}

/** What is asked of one field: a value, operators, or of a relation what is asked of its end. */
function readField(found: NamedField, node: unknown, place: Place): ItemCondition | undefined {
  if (typeof node !== 'object' || node === null) return readOne(found, '_eq', node, place);
  const { end, name } = found.field;
  return joined(
    'every',
    entriesOf(node, place).map(([key, value]) => {
      if (key === '_and' || key === '_or')
        return readLogic(key, value, place, (one, at) => readField(found, one, at));
      if (key.startsWith('_') || end === undefined || found.part !== undefined)
        return readOne(found, key, value, place);
      return readLevel({ [key]: value }, { ...place, collection: end, path: below(place.path, name) });
    }),
  );
}

function readOne({ field, part, type }: NamedField, operator: string, given: unknown, { budget }: Place) {
  budget.conditionsLeft -= 1;
  if (budget.conditionsLeft < 0)
    throw invalidQuery(`A query must not have more than ${conditionsMax} conditions`);
  const operand = { column: field.column, part };
  return { is: 'test', operand, test: readTest(operator, given, type) } as const;
}

function readLogic(
  key: '_and' | '_or',
  value: unknown,
  place: Place,
  read: (node: unknown, place: Place) => ItemCondition | undefined,
): ItemCondition | undefined {
  if (!Array.isArray(value)) throw invalidQuery(`"${key}" must be an array`);
  return joined(
    key === '_and' ? 'every' : 'some',
    value.map((one) => read(one, deeper(place))),
  );
}

function deeper(place: Place): Place {
  if (place.level >= depthMax)
    throw invalidQuery(`A query must not be nested deeper than ${depthMax} levels`);
  return { ...place, level: place.level + 1 };
}

function entriesOf(node: unknown, { path }: Place): [string, unknown][] {
  if (isObject(node)) return Object.entries(node);
  throw invalidQuery(`"${path === '' ? 'filter' : path}" must be of type object`);
}

/** Parts that ask for nothing are no part of the logic. */
function joined(
  is: 'every' | 'some',
  parts: readonly (ItemCondition | undefined)[],
): ItemCondition | undefined {
  const of = parts.filter((part) => part !== undefined);
  return of.length <= 1 ? of[0] : { is, of };
}

function unknownOperator(key: string) {
  return invalidQuery(`"${key.slice(0, 100)}" is no filter operator without a field`);
}
