import { formatPosition, NotFoundError, parsePosition, type NotificationId } from '@carillon/core';
import {
  changeInboxItems,
  getInboxItem,
  inOrganization,
  loadInboxSummary,
  readAll,
  readInboxPage,
  readInboxSummary,
  readInOrganization,
  type InboxItem,
  type InboxPage,
  type InboxReader,
  type InboxSummary,
  type InboxVerb,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { tellInbox, tellMoves, type TellDeps } from './tell.ts';

type InboxDeps = Pick<ApiDeps, 'db' | 'inboxes' | 'epoch'> & TellDeps;

/** Counts, and the position in the stream that they belong to. */
export interface InboxState {
  counts: { unread: number; unseen: number };
  position: string;
}

/** One page with the state of the same moment. */
export async function listItems(
  deps: InboxDeps,
  { user }: UserCaller,
  page: InboxPage,
): Promise<InboxState & { items: InboxItem[] }> {
  const { summary, items } = await readInboxPage(deps.inboxes, readerOf(user), page);
  return { ...stateOf(deps, summary), items };
}

export async function getItem(deps: InboxDeps, { user }: UserCaller, id: NotificationId): Promise<InboxItem> {
  return readInOrganization(deps.db, user.organizationId, (db) => getInboxItem(db, user.id, id));
}

export async function getState(deps: InboxDeps, { user }: UserCaller): Promise<InboxState> {
  return stateOf(deps, await readInboxSummary(deps.inboxes, readerOf(user)));
}

export interface ItemsChanged extends InboxState {
  changed: number;
}

/** Does a verb to one item; throws NotFoundError. A deleted item is not given back. */
export async function changeItem(
  deps: InboxDeps,
  caller: UserCaller,
  id: NotificationId,
  verb: InboxVerb,
): Promise<ItemsChanged & { item: InboxItem | undefined }> {
  const { user } = caller;
  const result = await inOrganization(deps.db, user.organizationId, async (db) => {
    const change = await changeInboxItems(db, user.id, [id], verb);
    if (change.found.length === 0) {
      throw new NotFoundError('inbox.not_found', 'There is no such item in this inbox');
    }
    const item = verb === 'delete' ? undefined : await getInboxItem(db, user.id, id);
    return { change, item, state: stateOf(deps, await loadInboxSummary(db, user.id)) };
  });
  if (result.change.head !== undefined) await tellInbox(deps, user, result.change.head);
  return { item: result.item, changed: result.change.changed.length, ...result.state };
}

/** Does a verb to several items; ids that are not in the inbox are not counted. */
export async function changeItems(
  deps: InboxDeps,
  { user }: UserCaller,
  ids: readonly NotificationId[],
  verb: InboxVerb,
): Promise<ItemsChanged> {
  const result = await inOrganization(deps.db, user.organizationId, async (db) => {
    const change = await changeInboxItems(db, user.id, ids, verb);
    return { change, state: stateOf(deps, await loadInboxSummary(db, user.id)) };
  });
  if (result.change.head !== undefined) await tellInbox(deps, user, result.change.head);
  return { changed: result.change.changed.length, ...result.state };
}

/**
 * Marks as read what had entered the inbox by `upTo`, or by now. A position of another life of the
 * database says nothing about this one, so it marks nothing.
 */
export async function readAllItems(
  deps: InboxDeps,
  caller: UserCaller,
  upTo: string | undefined,
): Promise<ItemsChanged> {
  const { user } = caller;
  const until = upTo === undefined ? undefined : parsePosition(upTo);
  const now = await readInboxSummary(deps.inboxes, readerOf(user));
  const isOther = until !== undefined && until.epoch !== deps.epoch();
  const sequence = isOther ? 0 : Math.min(until?.sequence ?? now.head, now.head);
  const { changed, head } = await readAll(user.organizationId, user.id, sequence, (work) =>
    inOrganization(deps.db, user.organizationId, work),
  );
  if (head !== undefined) {
    const { id: userId, organizationId } = user;
    await tellMoves(deps, [{ userId, organizationId, after: now.head, head }]);
  }
  return { changed, ...(await getState(deps, caller)) };
}

function readerOf({ id, organizationId }: UserCaller['user']): InboxReader {
  return { organizationId, userId: id };
}

function stateOf({ epoch }: Pick<ApiDeps, 'epoch'>, summary: InboxSummary): InboxState {
  return {
    counts: { unread: summary.unread, unseen: summary.unseen },
    position: formatPosition({ epoch: epoch(), sequence: summary.head }),
  };
}
