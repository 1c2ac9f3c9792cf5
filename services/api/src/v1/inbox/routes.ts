import type { Router } from 'express';
import {
  acknowledgeInboxItem,
  archiveInboxItem,
  changeInboxItems,
  deleteInboxItem,
  dismissInboxItem,
  getInboxCounts,
  getInboxItem,
  listInbox,
  notifySelf,
  markInboxItemRead,
  markInboxItemSeen,
  markInboxItemUnread,
  markInboxItemUnseen,
  readAllInbox,
  unarchiveInboxItem,
} from '@carillon/contracts';
import type { NotificationId } from '@carillon/core';
import type { InboxVerb } from '@carillon/db';
import {
  changeItem,
  changeItems,
  getItem,
  getState,
  listItems,
  readAllItems,
  type ItemsChanged,
} from '../../actions/inbox.ts';
import { notifySelf as notifyCaller } from '../../actions/notify-self.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { fromInboxItem } from './wire.ts';

/** Routes that do one verb to one item. */
const itemVerbs = [
  { route: markInboxItemRead, verb: 'read' },
  { route: markInboxItemUnread, verb: 'unread' },
  { route: markInboxItemSeen, verb: 'seen' },
  { route: markInboxItemUnseen, verb: 'unseen' },
  { route: archiveInboxItem, verb: 'archive' },
  { route: unarchiveInboxItem, verb: 'unarchive' },
  { route: dismissInboxItem, verb: 'dismiss' },
  { route: acknowledgeInboxItem, verb: 'acknowledge' },
  { route: deleteInboxItem, verb: 'delete' },
] as const satisfies { route: unknown; verb: InboxVerb }[];

/** The caller's own inbox. */
export function mountInbox(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, notifySelf, async ({ body, caller, key, context }) => {
    const words = { body: '', category: 'general', url: undefined, ...body };
    const { id, replayed } = await notifyCaller(deps, asUser(caller), words, { key, context });
    return {
      status: 202,
      body: { id, explain_url: `/v1/inbox/${id}/explain` },
      headers: { Location: `/v1/inbox/${id}`, ...(replayed && replayedHeader) },
    };
  });

  bind(deps, router, listInbox, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `inbox:${user.user.id}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const [inboxAtMs, id] = cursor?.key ?? [];
    const { items, counts, position } = await listItems(deps, user, {
      ...{
        status: query.status,
        category: query.category,
        environment: query.environment,
        project: query.project,
      },
      limit: query.limit + 1,
      edge:
        cursor === undefined
          ? undefined
          : {
              inboxAt: new Date(Number(inboxAtMs)),
              id: String(id) as NotificationId,
              direction: cursor.direction,
            },
    });
    const page = toPage(
      items,
      { limit: query.limit, cursor },
      (item) => [item.inbox_at.getTime(), item.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromInboxItem), position, counts } };
  });

  bind(deps, router, getInboxCounts, async ({ caller }) => {
    const { counts, position } = await getState(deps, asUser(caller));
    return { status: 200, body: { ...counts, position } };
  });

  bind(deps, router, changeInboxItems, async ({ body, caller }) => {
    const change = await changeItems(deps, asUser(caller), body.ids as NotificationId[], body.verb);
    return { status: 200, body: fromChange(change) };
  });

  bind(deps, router, readAllInbox, async ({ body, caller }) => {
    return { status: 200, body: fromChange(await readAllItems(deps, asUser(caller), body.up_to)) };
  });

  bind(deps, router, getInboxItem, async ({ params, caller }) => {
    return {
      status: 200,
      body: fromInboxItem(await getItem(deps, asUser(caller), params.id as NotificationId)),
    };
  });

  for (const { route, verb } of itemVerbs) {
    bind(deps, router, route, async ({ params, caller }) => {
      const { item, ...change } = await changeItem(deps, asUser(caller), params.id as NotificationId, verb);
      return {
        status: 200,
        body: { ...(item !== undefined && { item: fromInboxItem(item) }), ...fromChange(change) },
      };
    });
  }
}

function fromChange({ changed, position, counts }: ItemsChanged) {
  return { changed, position, counts };
}
