import type { FieldError, NotificationId } from '@carillon/core';
import { changeItem, getItem, getState, listItems, readAllItems } from '../../actions/inbox.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { refuse } from './body.ts';
import { idOf } from './ids.ts';
import { everybody } from './rights.ts';
import { toNotification } from './translate.ts';

const base = '/api/notifications';
const ofInbox = everybody('inbox');
const itemsUsual = 50;
const itemsMax = 100;

/** The caller's inbox. */
export function notificationRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: base, auth: ofInbox },
      async handle({ query, caller }) {
        const { limit, before, includeDismissed } = readListQuery(query);
        // Nobody's id is told as such: an empty page would look like the end of the list.
        if (before !== undefined) await getItem(deps, caller, before);
        const status = includeDismissed ? 'with_archived' : 'all';
        const { items } = await listItems(deps, caller, { status, limit, before });
        return { status: 200, body: items.map(toNotification) };
      },
    },
    {
      ...{ method: 'GET', path: `${base}/unread-count`, auth: ofInbox },
      async handle({ caller }) {
        const { counts } = await getState(deps, caller);
        return { status: 200, body: { count: counts.unread } };
      },
    },
    {
      ...{ method: 'POST', path: `${base}/read-all`, auth: ofInbox },
      async handle({ caller }) {
        const { changed } = await readAllItems(deps, caller, undefined);
        return { status: 200, body: { count: changed } };
      },
    },
    ...(['read', 'dismiss'] as const).map((verb): DialectRoute => ({
      ...{ method: 'POST', path: `${base}/{id}/${verb}`, auth: ofInbox },
      async handle({ params, caller }) {
        const id = idOf(params['id']) as NotificationId;
        const { item } = await changeItem(deps, caller, id, verb);
        return { status: 200, body: item === undefined ? undefined : toNotification(item) };
      },
    })),
  ];
}

interface ListQuery {
  limit: number;
  before: NotificationId | undefined;
  includeDismissed: boolean;
}

/** oCore documents no parameters: these are ours, and whatever else stands in the query is ignored. */
function readListQuery(query: URLSearchParams): ListQuery {
  const limit = query.get('limit') ?? String(itemsUsual);
  const dismissed = query.get('includeDismissed') ?? 'false';
  const before = query.get('before');
  const isLimit = /^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= itemsMax;
  refuse([
    ...wrongUnless(isLimit, 'limit', `must be a whole number from 1 to ${itemsMax}`),
    ...wrongUnless(['true', 'false'].includes(dismissed), 'includeDismissed', 'must be true or false'),
  ]);
  return {
    ...{ limit: Number(limit), includeDismissed: dismissed === 'true' },
    before: before === null ? undefined : (idOf(before) as NotificationId),
  };
}

function wrongUnless(isRight: boolean, name: string, detail: string): FieldError[] {
  return isRight ? [] : [{ pointer: `/query/${name}`, detail }];
}
