import { sql } from 'kysely';
import type { OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { settlePending } from './inbox.ts';
import { stopRuns } from './rule-runs/stop.ts';
import { lockInboxes, writeInboxChanges, type InboxHead } from './inbox-changes.ts';

/** Sweeps work for all organizations at once. */
export interface ExpiredHead extends InboxHead {
  organization_id: OrganizationId;
}

/**
 * Turns expiries into changes: placed items whose time is over leave the inbox, and what is pending
 * for them ends as expired. Uses notifications_expiring.
 */
export async function expireNotifications(db: Database, limit: number): Promise<ExpiredHead[]> {
  const { rows: due } = await sql<{ id: string; recipient_id: UserId }>`
    select id, recipient_id from notifications
    where expires_at <= carillon_now() and expired_at is null and inbox_at is not null and deleted_at is null
    order by expires_at limit ${limit}
  `.execute(db);
  if (due.length === 0) return [];
  const ids = due.map((row) => row.id);
  return writeInboxChanges<ExpiredHead>(
    db,
    due.map((row) => row.recipient_id),
    {
      changed: (next) => sql`
        update notifications n set expired_at = carillon_now(), changed_sequence = due.next, version = n.version + 1
        from unnest(${ids}::uuid[], ${due.map((row) => next.get(row.recipient_id) ?? null)}::bigint[]) as due(id, next)
        where n.id = any(${ids}::uuid[]) and n.id = due.id and due.next is not null
          and n.expired_at is null and n.deleted_at is null
        returning n.id, n.organization_id, n.recipient_id, true as bumps`,
      also: sql`${settlePending('notification_expired')},
        ${stopRuns('notification_expired', { settlesPending: true })}`,
      select: sql`select b.user_id, b.head, s.organization_id from bumped b
        join inbox_state s on s.user_id = b.user_id`,
    },
  );
}

/** How long tombstones stay, so that a client that was away learns what was deleted. */
export const tombstoneDays = 30;

/**
 * Removes tombstones that are old enough, with their deliveries and attempts, and raises
 * `resync_below` of their inboxes in the same transaction: a client that was away longer is told to
 * start afresh. Answers how many rows went.
 */
export async function purgeTombstones(db: Database, limit: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string; recipient_id: UserId; changed_sequence: number | null }>`
      select id, recipient_id, changed_sequence from notifications
      where deleted_at < carillon_now() - make_interval(days => ${tombstoneDays}) order by deleted_at limit ${limit}
    `.execute(transaction);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    const users = [...new Set(rows.map((row) => row.recipient_id))];
    await lockInboxes(transaction, users);
    await sql`
      update inbox_state s set resync_below = greatest(s.resync_below, gone.sequence) from (
        select recipient_id, max(changed_sequence) as sequence from notifications
        where id = any(${ids}::uuid[]) and changed_sequence is not null group by 1) gone
      where s.user_id = gone.recipient_id`.execute(transaction);
    await deleteNotificationRows(transaction, ids);
    return rows.length;
  });
}

/**
 * Erases users who were removed: everything they were told, then their own row, in chunks.
 * A minute after the removal, so that what was accepted at the same moment is there to be erased.
 * Answers how many rows went; 0 when nobody is left to erase.
 */
export async function purgeDeletedUsers(db: Database, limit: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows: users } = await sql<{ id: UserId; organization_id: OrganizationId }>`
      select id, organization_id from users where deleted_at < carillon_now() - interval '1 minute'
      order by deleted_at limit 1 for update skip locked
    `.execute(transaction);
    const user = users[0];
    if (user === undefined) return 0;
    const { rows } = await sql<{ id: string }>`
      select id from notifications where recipient_id = ${user.id} and placed_sequence is not null
      limit ${limit}`.execute(transaction);
    if (rows.length > 0) {
      const ids = rows.map((row) => row.id);
      await deleteNotificationRows(transaction, ids);
      return rows.length;
    }
    await deleteUnplaced(transaction, user);
    await sql`delete from idempotency_keys
      where organization_id = ${user.organization_id} and caller_id = ${user.id}`.execute(transaction);
    await sql`delete from captured where recipient_id = ${user.id}`.execute(transaction);
    await sql`delete from inbox_state where user_id = ${user.id}`.execute(transaction);
    await sql`delete from users where id = ${user.id}`.execute(transaction);
    return 1;
  });
}

/** Rows of the organization that are looked at in one statement. */
const unplacedPage = 20_000;

/** What never entered the inbox has no index by recipient; a walk along notifications_number finds it. */
async function deleteUnplaced(
  db: Database,
  user: { id: UserId; organization_id: OrganizationId },
): Promise<void> {
  for (let after: number | null = 0; after !== null;) {
    const { rows } = await sql<{ last: number | null; ids: string[] | null }>`
      select max(number) as last, array_agg(id) filter (where recipient_id = ${user.id}) as ids from (
        select id, number, recipient_id from notifications
        where organization_id = ${user.organization_id} and deleted_at is null and number > ${after}
        order by number limit ${unplacedPage}) page
    `.execute(db);
    if (rows[0]?.ids != null) await deleteNotificationRows(db, rows[0].ids);
    after = rows[0]?.last ?? null;
  }
}

async function deleteNotificationRows(db: Database, ids: readonly string[]): Promise<void> {
  const itsDeliveries = sql`n.id = any(${ids}::uuid[]) and d.organization_id = n.organization_id
    and d.notification_id = n.id`;
  await sql`delete from attempts a using notifications n, deliveries d
    where ${itsDeliveries} and a.delivery_id = d.id`.execute(db);
  await sql`delete from deliveries d using notifications n where ${itsDeliveries}`.execute(db);
  await sql`delete from rule_steps where notification_id = any(${ids}::uuid[])`.execute(db);
  await sql`delete from rule_runs where notification_id = any(${ids}::uuid[])`.execute(db);
  await sql`delete from captured where notification_id = any(${ids}::uuid[])`.execute(db);
  await sql`delete from notifications where id = any(${ids}::uuid[])`.execute(db);
}
