import { describe, expect, it } from '@jest/globals';
import { createCursors, toPage, type CursorKey } from './cursor.ts';

const cursors = createCursors(new Uint8Array(32).fill(7));
const key: CursorKey = { direction: 'next', key: [1_700_000_000_000, 'a-b'] };

describe('a cursor', () => {
  it.each([key, { direction: 'prev', key: [3] } as const])('comes back as it was written', (one) => {
    expect(cursors.read('inbox:1', cursors.write('inbox:1', one))).toEqual(one);
  });

  const text = cursors.write('inbox:1', key);
  it.each([
    { name: 'of another list', scope: 'notifications:1', given: text },
    { name: 'of another caller', scope: 'inbox:2', given: text },
    {
      name: 'of another installation',
      scope: 'inbox:1',
      given: createCursors(new Uint8Array(32)).write('inbox:1', key),
    },
    { name: 'with a changed payload', scope: 'inbox:1', given: `A${text.slice(1)}` },
    { name: 'without a signature', scope: 'inbox:1', given: text.split('.')[0] ?? '' },
    { name: 'that is empty', scope: 'inbox:1', given: '' },
    { name: 'of ten kilobytes', scope: 'inbox:1', given: `${'A'.repeat(10_000)}.${text.split('.')[1]}` },
  ])('$name is refused', ({ scope, given }) => {
    expect(() => cursors.read(scope, given)).toThrow(expect.objectContaining({ code: 'cursor.invalid' }));
  });

  it('is refused whichever character of it was changed', () => {
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'x' ? 'y' : 'x';
      expect(() => cursors.read('inbox:1', text.slice(0, index) + other + text.slice(index + 1))).toThrow(
        /not one of this list/,
      );
    }
  });
});

describe('a walk by pages', () => {
  const all = Array.from({ length: 10 }, (_, index) => 10 - index);
  /** As a keyset query answers: one row more than asked, nearest first. */
  const read = (limit: number, cursor: CursorKey | undefined): number[] => {
    const edge = Number(cursor?.key[0]);
    if (cursor === undefined) return all.slice(0, limit + 1);
    const beyond = all.filter((n) => (cursor.direction === 'next' ? n < edge : n > edge));
    return (cursor.direction === 'next' ? beyond : beyond.toReversed()).slice(0, limit + 1);
  };
  const pageAt = (limit: number, cursor: CursorKey | undefined) =>
    toPage(
      read(limit, cursor),
      { limit, cursor },
      (n) => [n],
      (c) => cursors.write('list', c),
    );

  it.each([1, 3, 5, 10, 11])('forwards and back by %p sees each row once and in order', (limit) => {
    const there: number[][] = [];
    let page = pageAt(limit, undefined);
    expect(page.prev_cursor).toBeNull();
    for (;;) {
      there.push(page.data);
      if (page.next_cursor === null) break;
      page = pageAt(limit, cursors.read('list', page.next_cursor));
    }
    expect(there.flat()).toEqual(all);
    const back: number[][] = [page.data];
    while (page.prev_cursor !== null) {
      page = pageAt(limit, cursors.read('list', page.prev_cursor));
      back.unshift(page.data);
    }
    expect(back.flat()).toEqual(all);
  });
});
