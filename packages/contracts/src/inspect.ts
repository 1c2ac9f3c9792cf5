import type { FieldError } from '@carillon/core';
import { pointerTo } from './pointer.ts';

/** What the edge's scan of the raw body allows, checked again for values that did not come as text. */
export const depthMax = 32;

/** What a look at a whole body told, before its shape is judged. */
export interface Inspection {
  /** How many values there are: the cost of judging them all. */
  nodes: number;
  /** Places that no schema names: what cannot be stored or is dangerous to carry. */
  errors: FieldError[];
}

// U+0000 and lone surrogates: PostgreSQL takes neither in jsonb, and no NUL in text.
const unstorable = /[\0\p{Cs}]/u;
const errorsMax = 20;

/**
 * Walks a parsed body once. Finds texts and keys that PostgreSQL cannot hold, `__proto__` keys,
 * and nesting deeper than 32, or as many levels as are told.
 */
export function inspect(value: unknown, levelsMax = depthMax): Inspection {
  const inspection: Inspection = { nodes: 0, errors: [] };
  visit(value, [], { inspection, levelsMax });
  return inspection;
}

interface Walk {
  inspection: Inspection;
  levelsMax: number;
}

function visit(value: unknown, path: (string | number)[], walk: Walk): void {
  walk.inspection.nodes += 1;
  if (typeof value === 'string') {
    if (unstorable.test(value))
      report(walk.inspection, path, 'must not contain U+0000 or half a surrogate pair');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= walk.levelsMax) {
    report(walk.inspection, path, `must not be nested deeper than ${walk.levelsMax} levels`);
    return;
  }
  if (Array.isArray(value)) visitItems(value, path, walk);
  else if (isFields(value)) visitFields(value, path, walk);
}

function isFields(value: object): value is Record<string, unknown> {
  return !Array.isArray(value);
}

function visitItems(items: readonly unknown[], path: (string | number)[], walk: Walk): void {
  for (let index = 0; index < items.length; index += 1) {
    path.push(index);
    visit(items[index], path, walk);
    path.pop();
  }
}

function visitFields(fields: Readonly<Record<string, unknown>>, path: (string | number)[], walk: Walk): void {
  // for-in makes no array of entries: this runs over every object of every body.
  for (const key in fields) {
    path.push(key);
    if (key === '__proto__') report(walk.inspection, path, 'is a name that is not taken');
    else if (unstorable.test(key))
      report(walk.inspection, path, 'must not contain U+0000 or half a surrogate pair');
    visit(fields[key], path, walk);
    path.pop();
  }
}

function report(inspection: Inspection, path: readonly (string | number)[], detail: string): void {
  if (inspection.errors.length < errorsMax) inspection.errors.push({ pointer: pointerTo(path), detail });
}
