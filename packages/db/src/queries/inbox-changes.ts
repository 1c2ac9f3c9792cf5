import { sql, type RawBuilder } from 'kysely';
import type { UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';

/** "User u is at n now": what is published after the commit. */
export interface InboxHead {
  user_id: UserId;
  head: number;
}

/** A user's row while it is locked. */
export interface LockedUser extends InboxHead {
  policy_version: number;
}

/**
 * The one place where inbox changes are written; the API, the worker, dialects and sweeps all come
 * through here. In one short transaction: the `inbox_state` rows of the users are locked in order,
 * then one statement updates the notification rows and bumps exactly the users whose rows changed.
 * So the numbers of one user rise without holes, and commit in the order of their numbers.
 *
 * `changed` makes an UPDATE of `notifications` from the users' next numbers; it sets `changed_sequence` to its
 * recipient's number where it changes the inbox, and returns at least `recipient_id` and `bumps` (whether
 * this row counts as a change of the inbox). `also` may add common table expressions that read `changed`;
 * `select` is the statement's answer and may read `changed` and `bumped` (user_id, head).
 * A user who is purged has no number and no rows: without any number nothing is done.
 *
 * The statement after the lock has a snapshot of its own, so it sees what the previous holder wrote. The numbers
 * come with the lock: nobody else can move them, and looking them up again cost 13 µs per row.
 */
export function writeInboxChanges<Row>(
  db: Database,
  userIds: readonly UserId[],
  parts: {
    changed: (
      next: ReadonlyMap<UserId, number>,
      users: ReadonlyMap<UserId, LockedUser>,
    ) => RawBuilder<unknown>;
    also?: RawBuilder<unknown>;
    select: RawBuilder<unknown>;
  },
): Promise<Row[]> {
  const users = [...new Set(userIds)];
  return inTransaction(db, async (transaction) => {
    const heads = await lockInboxes(transaction, users);
    if (heads.length === 0) return [];
    const next = new Map(heads.map((one) => [one.user_id, one.head + 1]));
    const result = await sql<Row>`
      with changed as (${parts.changed(next, new Map(heads.map((one) => [one.user_id, one])))}),
      bumped as (
        update inbox_state s set head = s.head + 1
        where s.user_id in (select recipient_id from changed where bumps) returning s.user_id, s.head)
      ${parts.also === undefined ? sql`` : sql`, ${parts.also}`}
      ${parts.select}
    `.execute(transaction);
    return result.rows;
  });
}

/** Locks the inboxes of these users, in order, so that two who do never wait for each other in a circle. */
export async function lockInboxes(db: Database, userIds: readonly UserId[]): Promise<LockedUser[]> {
  const { rows } = await sql<LockedUser>`
    select user_id, head, policy_version from inbox_state where user_id = any(${userIds}::uuid[])
    order by user_id for update
  `.execute(db);
  return rows;
}
