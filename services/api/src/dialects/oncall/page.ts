/** One page of a list, counted from 1. */
export interface PageWish {
  page: number;
  perPage: number;
}

/** A page as OnCall's clients read it. */
export interface Envelope {
  count: number;
  next: string | null;
  previous: string | null;
  results: readonly unknown[];
  page_size: number;
  current_page_number: number;
  total_pages: number;
}

/** Rows of a part of a list, and how many the whole of it has. */
export interface Part<Row> {
  rows: readonly Row[];
  total: number;
}

const perPageMax = 100;

/** What is no page is the first, what is no size is `perPageUsual`: neither is refused. */
export function readPage(query: URLSearchParams, perPageUsual: number): PageWish {
  const page = wholeNumber(query.get('page'));
  const perPage = wholeNumber(query.get('perpage'));
  return { page: page ?? 1, perPage: Math.min(perPage ?? perPageUsual, perPageMax) };
}

function wholeNumber(text: string | null): number | undefined {
  const number = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 ? number : undefined;
}

/**
 * The page that is wished for, or the last one where the list ends before. `url` is the list's own, without a query;
 * `next` and `previous` are absolute and keep the rest of the query.
 */
export async function loadPage<Row>(
  { page, perPage }: PageWish,
  load: (part: { offset: number; limit: number }) => Promise<Part<Row>>,
  { url, query, show }: { url: string; query: URLSearchParams; show: (row: Row) => unknown },
): Promise<Envelope> {
  const at = (number: number) => load({ offset: (number - 1) * perPage, limit: perPage });
  const wished = await at(page);
  const pages = Math.max(1, Math.ceil(wished.total / perPage));
  const shown = page > pages ? { ...(await at(pages)), page: pages } : { ...wished, page };
  const linkTo = (number: number) => (number < 1 || number > pages ? null : urlOf(url, query, number));
  return {
    count: shown.total,
    next: linkTo(shown.page + 1),
    previous: linkTo(shown.page - 1),
    results: shown.rows.map(show),
    page_size: perPage,
    current_page_number: shown.page,
    total_pages: pages,
  };
}

/** As OnCall writes it, the first page has no number. */
function urlOf(url: string, query: URLSearchParams, page: number): string {
  const kept = new URLSearchParams(query);
  kept.delete('page');
  if (page > 1) kept.set('page', String(page));
  const text = kept.toString();
  return text === '' ? url : `${url}?${text}`;
}
