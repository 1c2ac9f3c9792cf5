import { createHmac, timingSafeEqual } from 'node:crypto';
import { MalformedError } from '@carillon/core';

/** Which way a page lies from the item that the cursor names. */
export type Direction = 'next' | 'prev';

export interface CursorKey {
  direction: Direction;
  /** Values of the list's order at the edge of the page. */
  key: readonly (string | number)[];
}

/** Makes and reads the cursors of lists: opaque to callers, and good for one list and one caller only. */
export interface Cursors {
  write(scope: string, cursor: CursorKey): string;
  /** Throws MalformedError for what `write` did not make for this scope. */
  read(scope: string, text: string): CursorKey;
}

export function createCursors(secretKey: Uint8Array): Cursors {
  const signature = (scope: string, payload: string) =>
    createHmac('sha256', secretKey).update(`cursor\0${scope}\0${payload}`).digest('base64url').slice(0, 22);
  return {
    write(scope, { direction, key }) {
      const payload = Buffer.from(JSON.stringify([direction === 'next' ? 1 : 0, ...key])).toString(
        'base64url',
      );
      return `${payload}.${signature(scope, payload)}`;
    },
    read(scope, text) {
      const [payload = '', given = ''] = text.split('.');
      const expected = Buffer.from(signature(scope, payload));
      const actual = Buffer.from(given);
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw notACursor();
      const parts: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
      if (!Array.isArray(parts)) throw notACursor();
      const [direction, ...key] = parts as (string | number)[];
      return { direction: direction === 1 ? 'next' : 'prev', key };
    },
  };
}

function notACursor(): MalformedError {
  return new MalformedError('cursor.invalid', 'The cursor is not one of this list; start again without one');
}

/** What a list gives: one page and the cursors around it. */
export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  prev_cursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor: CursorKey | undefined;
}

/**
 * Cuts one page from rows that were read with a limit one higher than asked, in the direction of the
 * cursor (rows of a `prev` page come nearest first). `keyOf` gives the order's values of a row.
 */
export function toPage<Row>(
  rows: readonly Row[],
  request: PageRequest,
  keyOf: (row: Row) => readonly (string | number)[],
  write: (cursor: CursorKey) => string,
): Page<Row> {
  const hasMore = rows.length > request.limit;
  const backwards = request.cursor?.direction === 'prev';
  const kept = rows.slice(0, request.limit);
  const data = backwards ? kept.toReversed() : kept;
  const first = data[0];
  const last = data.at(-1);
  const hasNext = backwards ? last !== undefined : hasMore;
  const hasPrev = backwards ? hasMore : request.cursor !== undefined && first !== undefined;
  return {
    data,
    next_cursor: hasNext && last !== undefined ? write({ direction: 'next', key: keyOf(last) }) : null,
    prev_cursor: hasPrev && first !== undefined ? write({ direction: 'prev', key: keyOf(first) }) : null,
  };
}
