import type { ItemPattern, ItemTest } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import type { FieldType } from './collections.ts';
import { checkText, parseFlag, readValue } from './values.ts';

/** Reads what an operator compares with. Throws DirectusError. */
type ReadTest = (given: unknown, type: FieldType, operator: string) => ItemTest;

interface Operator {
  types: ReadonlySet<FieldType>;
  read: ReadTest;
}

/** Values of one list, which is more than any client sends. */
const listMax = 10_000;

const texts: readonly FieldType[] = ['string', 'text'];
const ordered: readonly FieldType[] = ['integer', 'timestamp'];
const equatable: readonly FieldType[] = [...texts, ...ordered, 'uuid'];

const absent =
  (holdsWhenTrue: boolean, op: 'absent' | 'empty'): ReadTest =>
  (given, _type, operator) => {
    const flag = parseFlag(given);
    if (flag === undefined) throw invalidQuery(`"${operator}" has to be a boolean`);
    return { op, holds: flag === holdsWhenTrue };
  };

const equality =
  (op: 'equals' | 'differs'): ReadTest =>
  (given, type, operator) =>
    given === null
      ? { op: 'absent', holds: op === 'equals' }
      : { op, value: readValue(given, type, operator) };

const comparison =
  (op: 'less' | 'at_most' | 'greater' | 'at_least'): ReadTest =>
  (given, type, operator) => ({ op, value: readValue(given, type, operator) });

const list =
  (op: 'one_of' | 'none_of'): ReadTest =>
  (given, type, operator) => ({ op, values: readList(given, type, operator) });

const range =
  (op: 'between' | 'not_between'): ReadTest =>
  (given, type, operator) => {
    const [from, to, ...others] = readList(given, type, operator);
    if (from === undefined || to === undefined || others.length > 0)
      throw invalidQuery(`"${operator}" has to be an array of two values`);
    return { op, from, to };
  };

function readList(given: unknown, type: FieldType, operator: string) {
  const values: unknown = typeof given === 'string' ? given.split(',').map((one) => one.trim()) : given;
  if (!Array.isArray(values) || values.length === 0)
    throw invalidQuery(`"${operator}" has to be an array of values`);
  if (values.length > listMax) throw invalidQuery(`"${operator}" must not have more than ${listMax} values`);
  return values.map((value) => readValue(value, type, operator));
}

const pattern =
  (op: ItemPattern['op'], at: ItemPattern['at'], ignoreCase: boolean): ReadTest =>
  (given, type, operator) => {
    const text = readValue(given, type, operator);
    return { op, at, ignoreCase, text: typeof text === 'string' ? text : checkText(String(given)) };
  };

const operators: ReadonlyMap<string, Operator> = new Map(
  (
    [
      ['_eq', [...equatable, 'boolean'], equality('equals')],
      ['_neq', [...equatable, 'boolean'], equality('differs')],
      ['_in', equatable, list('one_of')],
      ['_nin', equatable, list('none_of')],
      ['_null', [...equatable, 'boolean', 'json', 'hash'], absent(true, 'absent')],
      ['_nnull', [...equatable, 'boolean', 'json', 'hash'], absent(false, 'absent')],
      ['_lt', ordered, comparison('less')],
      ['_lte', ordered, comparison('at_most')],
      ['_gt', ordered, comparison('greater')],
      ['_gte', ordered, comparison('at_least')],
      ['_between', ordered, range('between')],
      ['_nbetween', ordered, range('not_between')],
      ['_empty', [...texts, 'hash'], absent(true, 'empty')],
      ['_nempty', [...texts, 'hash'], absent(false, 'empty')],
      ['_contains', texts, pattern('like', 'anywhere', false)],
      ['_icontains', texts, pattern('like', 'anywhere', true)],
      ['_ncontains', texts, pattern('unlike', 'anywhere', false)],
      ['_starts_with', texts, pattern('like', 'start', false)],
      ['_nstarts_with', texts, pattern('unlike', 'start', false)],
      ['_istarts_with', texts, pattern('like', 'start', true)],
      ['_nistarts_with', texts, pattern('unlike', 'start', true)],
      ['_ends_with', texts, pattern('like', 'end', false)],
      ['_nends_with', texts, pattern('unlike', 'end', false)],
      ['_iends_with', texts, pattern('like', 'end', true)],
      ['_niends_with', texts, pattern('unlike', 'end', true)],
    ] as const satisfies readonly (readonly [string, readonly FieldType[], ReadTest])[]
  ).map(([name, types, read]) => [name, { types: new Set<FieldType>(types), read }]),
);

/** Every operator with the types that have it. */
export function listOperators(): { name: string; types: ReadonlySet<FieldType> }[] {
  return [...operators].map(([name, { types }]) => ({ name, types }));
}

/** Throws DirectusError for an operator that the type does not have, and for a value that is not of the type. */
export function readTest(operator: string, given: unknown, type: FieldType): ItemTest {
  const found = operators.get(operator);
  if (found === undefined || !found.types.has(type)) {
    const shown = operator.slice(0, 100);
    throw invalidQuery(`"${type}" field type does not contain the "${shown}" filter operator`);
  }
  return found.read(given, type, operator);
}
