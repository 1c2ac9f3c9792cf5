import { readPage, type PageWish } from './page.ts';
import { refusal } from './refusal.ts';

/** Which rules a list is to have. */
export interface ListQuery extends PageWish {
  /** As OnCall's clients name a user; undefined for everybody whose rules the caller may see. */
  userId: string | undefined;
  important: boolean | undefined;
}

const perPageUsual = 50;
const flags: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Throws OncallRefusal. */
export function readListQuery(query: URLSearchParams): ListQuery {
  const important = query.get('important');
  if (important !== null && !Object.hasOwn(flags, important)) throw refusal('Important is not bool');
  return {
    ...readPage(query, perPageUsual),
    userId: query.get('user_id') ?? undefined,
    important: important === null ? undefined : flags[important],
  };
}
