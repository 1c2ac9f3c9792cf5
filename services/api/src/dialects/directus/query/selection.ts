import type { SelectedField, SelectedPersonField } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import { findField, type Collection, type NamedField } from './collections.ts';
import { readFilter, type FilterBudget } from './filter.ts';
import { isObject, readNames, readObject, type QuerySource } from './query-text.ts';
import { below, type Refusals } from './refusals.ts';

/** Each name more may be one user more to read for every row. */
const aliasesMax = 20;

/** A field that is wanted, and what is wanted of its end; by its key in the answer. */
interface Wanted extends NamedField {
  children: WantedFields | undefined;
}
type WantedFields = Map<string, Wanted>;

/** What `fields`, `alias` and `deep` select, in the order asked; everything where they name nothing. */
export function readSelection(
  source: QuerySource,
  collection: Collection,
  refusals: Refusals,
  budget: FilterBudget,
): SelectedField[] {
  const aliases = readAliases(source['alias']);
  const wanted: WantedFields = new Map();
  const names = readNames('fields', source['fields']);
  for (const name of names.length === 0 ? ['*'] : names)
    addPath(wanted, collection, name.split('.'), { path: '', aliases, refusals });
  const deep = readObject('deep', source['deep']);
  return [...wanted].map(([name, one]) => {
    if (one.children === undefined) return toValue(name, one);
    const filter = deepFilter(deep, name, one, refusals, budget);
    return toPerson(name, one, filter);
  });
}

interface Walk {
  path: string;
  aliases: ReadonlyMap<string, string>;
  refusals: Refusals;
}

const noAliases: ReadonlyMap<string, string> = new Map();

/** Adds what one path names; `*` stands for every field, and with a path behind it for every relation so far. */
function addPath(
  wanted: WantedFields,
  collection: Collection,
  segments: readonly string[],
  walk: Walk,
): void {
  const [name = '', ...rest] = segments;
  if (name === '*') {
    for (const key of [...collection.fields.keys(), ...walk.aliases.keys()]) {
      const found = findField(collection, walk.aliases.get(key) ?? key);
      // What leads nowhere is told as it is.
      const ahead = endOf(found) === undefined ? [] : rest;
      addNamed(wanted, collection, key, ahead, walk);
    }
    return;
  }
  addNamed(wanted, collection, name, rest, walk);
}

function addNamed(
  wanted: WantedFields,
  collection: Collection,
  name: string,
  rest: readonly string[],
  walk: Walk,
): void {
  const isAlias = walk.aliases.has(name);
  const found = findField(collection, walk.aliases.get(name) ?? name);
  const end = endOf(found);
  if (found === undefined || (rest.length > 0 && end === undefined)) {
    walk.refusals.add([name, ...rest].join('.'), collection, walk.path);
    return;
  }
  const key = isAlias ? name : found.key;
  const present = wanted.get(key) ?? { ...found, children: undefined };
  wanted.set(key, present);
  if (end === undefined || rest.length === 0) return;
  present.children ??= new Map();
  const path = below(walk.path, found.field.name);
  addPath(present.children, end, rest, { ...walk, path, aliases: noAliases });
}

/** Parts of an instant lead nowhere. */
function endOf(found: NamedField | undefined): Collection | undefined {
  return found?.part === undefined ? found?.field.end : undefined;
}

function toValue(name: string, { field, part }: Wanted): SelectedField {
  if (field.column.of !== 'item') throw new TypeError(`${name} is no field of a notification`);
  return { name, field: field.column.field, ...(part !== undefined && { part }) };
}

function toPerson(
  name: string,
  { field, children }: Wanted,
  filter: ReturnType<typeof readFilter>,
): SelectedField {
  const relation = field.name === 'sender' ? 'sender' : 'recipient';
  const fields = [...(children ?? [])].flatMap(([key, one]): SelectedPersonField[] => {
    // Parts of the one instant that users have are always nothing, as it is.
    const person = one.field.person;
    if (person === undefined) return [];
    const keys = one.children === undefined ? undefined : [...one.children.keys()];
    return [{ name: key, field: person, ...(keys !== undefined && { keys }) }];
  });
  return { name, relation, fields, filter };
}

/** Of what `deep` can say of one user only its filter means something; the rest is for lists. */
function deepFilter(
  deep: Readonly<Record<string, unknown>> | undefined,
  name: string,
  { field }: Wanted,
  refusals: Refusals,
  budget: FilterBudget,
): ReturnType<typeof readFilter> {
  const about = deep !== undefined && Object.hasOwn(deep, name) ? deep[name] : undefined;
  if (!isObject(about) || field.end === undefined) return undefined;
  return readFilter(about['_filter'], field.end, refusals, budget, field.name);
}

function readAliases(given: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(readObject('alias', given) ?? {});
  if (entries.length > aliasesMax)
    throw invalidQuery(`"alias" must not have more than ${aliasesMax} entries`);
  return new Map(
    entries.map(([key, name]) => {
      if (typeof name !== 'string') throw invalidQuery(`"alias.${key.slice(0, 100)}" must be a string`);
      if (`${key}${name}`.includes('.')) throw invalidQuery('"alias" must not contain a period');
      return [key, name];
    }),
  );
}
