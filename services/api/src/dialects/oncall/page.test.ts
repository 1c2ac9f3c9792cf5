import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadPage, readPage, type Envelope } from './page.ts';

const url = 'https://carillon.example.com/api/v1/things/';
const things = (count: number) => Array.from({ length: count }, (_, index) => index);

function load(all: readonly number[], query: string, perPageUsual = 50): Promise<Envelope> {
  const asked = new URLSearchParams(query);
  return loadPage(
    readPage(asked, perPageUsual),
    async ({ offset, limit }) => ({ rows: all.slice(offset, offset + limit), total: all.length }),
    { url, query: asked, show: (thing) => thing },
  );
}

describe('a page', () => {
  it('of nothing is the only one', async () => {
    expect(await load([], '')).toEqual({
      ...{ count: 0, next: null, previous: null, results: [] },
      ...{ page_size: 50, current_page_number: 1, total_pages: 1 },
    });
  });

  it.each([
    { query: '', page: 1, size: 50 },
    { query: 'page=2', page: 2, size: 50 },
    { query: 'page=0', page: 1, size: 50 },
    { query: 'page=-1', page: 1, size: 50 },
    { query: 'page=two', page: 1, size: 50 },
    { query: 'page=', page: 1, size: 50 },
    { query: 'page=1.5', page: 1, size: 50 },
    { query: 'page=4', page: 3, size: 50 },
    { query: 'page=999999999999', page: 3, size: 50 },
    { query: 'perpage=7', page: 1, size: 7 },
    { query: 'perpage=0', page: 1, size: 50 },
    { query: 'perpage=many', page: 1, size: 50 },
    { query: 'perpage=101', page: 1, size: 100 },
    { query: 'perpage=100000', page: 1, size: 100 },
  ])('asked for by "$query" is number $page of $size rows', async ({ query, page, size }) => {
    const all = things(120);
    expect(await load(all, query)).toMatchObject({
      ...{ count: 120, current_page_number: page, page_size: size, total_pages: Math.ceil(120 / size) },
      results: all.slice((page - 1) * size, page * size),
    });
  });

  it('links to its neighbours by absolute URLs that keep the rest of the query', async () => {
    const first = await load(things(5), 'user_id=U%201&perpage=2');
    expect([first.previous, first.next]).toEqual([null, `${url}?user_id=U+1&perpage=2&page=2`]);
    const second = await load(things(5), 'user_id=U%201&perpage=2&page=2');
    expect([second.previous, second.next]).toEqual([
      `${url}?user_id=U+1&perpage=2`,
      `${url}?user_id=U+1&perpage=2&page=3`,
    ]);
    const last = await load(things(5), 'perpage=2&page=3');
    expect([last.previous, last.next]).toEqual([`${url}?perpage=2&page=2`, null]);
    expect((await load(things(51), 'page=2')).previous).toBe(url);
  });

  it('after page, while there is a next one, gives every row once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 20 }), async (count, size) => {
        const seen: unknown[] = [];
        for (let next: string | null = `?perpage=${size}`; next !== null;) {
          const page: Envelope = await load(things(count), next.slice(next.indexOf('?') + 1));
          seen.push(...page.results);
          next = page.next;
        }
        expect(seen).toEqual(things(count));
      }),
    );
  });
});
