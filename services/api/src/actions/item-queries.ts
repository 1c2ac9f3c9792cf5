import { NotFoundError, type ItemQuery, type NotificationId, type PersonField } from '@carillon/core';
import { readInOrganization, type Database } from '@carillon/db';
import {
  aggregateNotificationItems,
  countNotificationItems,
  listNotificationItems,
  listNotificationKeys,
  loadPerson,
  loadRowNumbers,
  type AggregateRow,
  type ItemCell,
  type ItemCounts,
  type ItemKey,
  type ItemRow,
  type ItemScope,
} from '@carillon/db/items';
import type { ApiDeps } from '../deps.ts';
import { administers, type UserCaller } from '../http/caller.ts';

type QueryDeps = Pick<ApiDeps, 'db' | 'clock'>;

/** What a question found: rows, or groups where it asked for an aggregation. */
export interface ItemAnswer {
  rows: ItemRow[];
  groups: AggregateRow[];
  counts: ItemCounts;
}

/** Whose rows a caller sees: admins everybody's of the organization, all others their own. */
export function scopeOf({ clock }: Pick<ApiDeps, 'clock'>, caller: UserCaller): ItemScope {
  const { organizationId, id } = caller.user;
  const userId = administers(caller) ? undefined : id;
  return { organizationId, userId, now: clock.now(), currentUser: id };
}

/** Rows and counts of one moment. */
export async function askItems(deps: QueryDeps, caller: UserCaller, query: ItemQuery): Promise<ItemAnswer> {
  const scope = scopeOf(deps, caller);
  return readInOrganization(deps.db, scope.organizationId, async (db) => {
    const { aggregation } = query;
    const counts = await countNotificationItems(db, scope, query);
    if (aggregation !== undefined) {
      return { rows: [], groups: await aggregateNotificationItems(db, scope, query, aggregation), counts };
    }
    return { rows: await listNotificationItems(db, scope, query), groups: [], counts };
  });
}

/** The rows that a write means, in the order of the question; no more than `max`. */
export async function findItems(
  deps: QueryDeps,
  caller: UserCaller,
  query: ItemQuery,
  max: number,
): Promise<ItemKey[]> {
  const scope = scopeOf(deps, caller);
  return readInOrganization(deps.db, scope.organizationId, (db: Database) =>
    listNotificationKeys(db, scope, query, max),
  );
}

/** What is asked of the caller, in the order of `fields`. Throws NotFoundError for who was removed meanwhile. */
export async function readSelf(
  deps: QueryDeps,
  { user }: UserCaller,
  fields: readonly PersonField[],
): Promise<readonly ItemCell[]> {
  const { organizationId, id: userId } = user;
  const cells = await readInOrganization(deps.db, organizationId, (db) =>
    loadPerson(db, { organizationId, userId }, fields),
  );
  if (cells === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return cells;
}

/** Numbers of rows by their ids, in the order of the ids; one that is gone meanwhile is left out. */
export async function numbersOf(
  deps: QueryDeps,
  { user }: UserCaller,
  ids: readonly NotificationId[],
): Promise<number[]> {
  const numbers = await readInOrganization(deps.db, user.organizationId, (db) =>
    loadRowNumbers(db, user.organizationId, ids),
  );
  return ids.flatMap((id) => numbers.get(id) ?? []);
}
