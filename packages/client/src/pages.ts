/** One page of a list, as the API gives it. */
export interface Page<Item> {
  data: Item[];
  next_cursor: string | null;
}

/**
 * A list: awaited, it is its first page; iterated, it is every item, whose pages are fetched as they are come to.
 *
 * ```ts
 * const { data } = await carillon.users.list({ limit: 20 });
 * for await (const user of carillon.users.list()) console.log(user.username);
 * ```
 */
export interface Pages<Item, P extends Page<Item>> extends Promise<P>, AsyncIterable<Item> {
  /** Page by page, for what stands beside the items. */
  pages(): AsyncIterable<P>;
}

/** The first page is fetched at once. What is added while pages are read may be missed; nothing is given twice. */
export function listPages<Item, Rest>(
  fetchPage: (cursor: string | undefined) => Promise<Page<Item> & Rest>,
): Pages<Item, Page<Item> & Rest> {
  const first = fetchPage(undefined);
  async function* pages(): AsyncGenerator<Page<Item> & Rest> {
    let page = await first;
    yield page;
    while (page.next_cursor !== null) {
      page = await fetchPage(page.next_cursor);
      yield page;
    }
  }
  async function* items(): AsyncGenerator<Item> {
    for await (const page of pages()) yield* page.data;
  }
  return Object.assign(first, { pages, [Symbol.asyncIterator]: items });
}
