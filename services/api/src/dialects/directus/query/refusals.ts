import { forbiddenFields } from '../errors.ts';
import type { Collection } from './collections.ts';

/** Fields that a query names and the caller may not: gathered, so that all of one place are told together. */
export interface Refusals {
  add(name: string, collection: Collection, path: string): void;
  /** Throws DirectusError where there are any: those at the root first. */
  tell(): void;
}

export function createRefusals(): Refusals {
  const places = new Map<string, { collection: string; names: Set<string> }>();
  return {
    add(name, collection, path) {
      const place = places.get(path) ?? { collection: collection.name, names: new Set() };
      places.set(path, place);
      place.names.add(name);
    },
    tell() {
      const path = places.has('') ? '' : [...places.keys()][0];
      const place = path === undefined ? undefined : places.get(path);
      if (path !== undefined && place !== undefined)
        throw forbiddenFields([...place.names], place.collection, path);
    },
  };
}

/** The path of what a relation leads to. */
export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
