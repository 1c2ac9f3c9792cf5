import type { ItemSort } from '@carillon/core';
import { findField, type Collection, type NamedField } from './collections.ts';
import { readNames } from './query-text.ts';
import { below, type Refusals } from './refusals.ts';

/** One entry of `sort`, without its minus. */
export interface SortName {
  name: string;
  descending: boolean;
}

/** Throws DirectusError. */
export function readSortNames(given: unknown): SortName[] {
  return readNames('sort', given).map((text) => ({
    name: text.startsWith('-') ? text.slice(1) : text,
    descending: text.startsWith('-'),
  }));
}

/** Paths may lead over relations; what the caller may not name is left to `refusals`. A field counts where it is named first. */
export function readSort(names: readonly SortName[], collection: Collection, refusals: Refusals): ItemSort[] {
  const keys = new Map<string, ItemSort>();
  for (const { name, descending } of names) {
    const found = followPath(name, collection, refusals);
    if (found === undefined || keys.has(name)) continue;
    const { field, part } = found;
    keys.set(name, { column: field.column, ...(part !== undefined && { part }), descending });
  }
  return [...keys.values()];
}

function followPath(name: string, from: Collection, refusals: Refusals): NamedField | undefined {
  const segments = name.split('.');
  let [collection, path] = [from, ''];
  for (const [at, segment] of segments.entries()) {
    const found = findField(collection, segment);
    const isLast = at === segments.length - 1;
    if (found !== undefined && isLast) return found;
    const end = found?.part === undefined ? found?.field.end : undefined;
    if (found === undefined || end === undefined) {
      refusals.add(segments.slice(at).join('.'), collection, path);
      return undefined;
    }
    collection = end;
    path = below(path, segment);
  }
  return undefined;
}
