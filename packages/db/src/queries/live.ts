import { sql } from 'kysely';
import type { AccessTokenId, InboxCounts, OrganizationId, UserId } from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { countColumns, countsOf, inboxColumns, type InboxItem } from './inbox.ts';

/** A user with live connections, and how far the furthest behind of them is. */
export interface LiveCursor {
  userId: UserId;
  after: number;
}

/** What happened in one inbox after a cursor, rows and head of one snapshot. */
export interface InboxDelta {
  userId: UserId;
  head: number;
  resyncBelow: number;
  /** In the order of (changed_sequence, id); tombstones included; at most `limit`. */
  rows: InboxItem[];
  counts: InboxCounts | undefined;
}

/**
 * What changed after each cursor, for many users in one statement. Uses notifications_changes.
 * Counts cost an index scan per user and are read only where asked for.
 */
export async function loadInboxDeltas(
  db: Database,
  cursors: readonly LiveCursor[],
  options: { limit: number; counts: boolean },
): Promise<InboxDelta[]> {
  const input = cursors.map((cursor) => ({ u: cursor.userId, a: cursor.after }));
  const { rows } = await sql<LoadedDelta>`
    select s.user_id, s.head, s.resync_below, ${options.counts ? countColumns : sql`null as unread, null as unseen`},
      changes.items
    from json_to_recordset(${JSON.stringify(input)}::json) as i(u uuid, a bigint)
    join inbox_state s on s.user_id = i.u
    ${options.counts ? sql`cross join lateral (${countsOf(sql`s.user_id`)}) c` : sql``}
    cross join lateral (
      select json_agg(row_to_json(item) order by item.changed_sequence, item.id) as items from (
        select ${inboxColumns} from notifications n
        where n.recipient_id = s.user_id and n.placed_sequence is not null and n.changed_sequence > i.a
        order by n.changed_sequence, n.id limit ${options.limit}) item) changes
  `.execute(db);
  return rows.map((row) => ({
    userId: row.user_id,
    head: row.head,
    resyncBelow: row.resync_below,
    rows: (row.items ?? []).map(withDates),
    counts:
      row.unread === null || row.unseen === null ? undefined : { unread: row.unread, unseen: row.unseen },
  }));
}

interface LoadedDelta {
  user_id: UserId;
  head: number;
  resync_below: number;
  unread: number | null;
  unseen: number | null;
  items: InboxItem[] | null;
}

/** JSON has no dates. */
function withDates(item: InboxItem): InboxItem {
  const date = (value: Date | null) => (value === null ? null : new Date(value));
  return {
    ...item,
    inbox_at: new Date(item.inbox_at),
    expires_at: date(item.expires_at),
    archived_at: date(item.archived_at),
    read_at: date(item.read_at),
    seen_at: date(item.seen_at),
    acknowledged_at: date(item.acknowledged_at),
    dismissed_at: date(item.dismissed_at),
    snoozed_until: date(item.snoozed_until),
    expired_at: date(item.expired_at),
    deleted_at: date(item.deleted_at),
  };
}

/** A live connection's standing: where its user's inbox is, and whether its credential still holds. */
export interface LiveStanding {
  userId: UserId;
  head: number;
}

/** Heads of many inboxes at once, by users_pkey and inbox_state_pkey; users who were deleted are absent. */
export async function loadHeads(db: Database, userIds: readonly UserId[]): Promise<LiveStanding[]> {
  // Each user by a look-up of its own: joined to `= any`, old statistics may go through all ids for each user there is.
  const { rows } = await sql<LiveStanding>`
    with s as materialized (select user_id, head from inbox_state where user_id = any(${userIds}::uuid[]))
    select s.user_id as "userId", s.head from s cross join lateral (
      select from users u where u.id = s.user_id and ${afterLookup(sql`u.deleted_at is null`)} limit 1) present
  `.execute(db);
  return rows;
}

/** Heads of all inboxes of an organization, by user; no more than `limit`. Uses users_updated. */
export async function listOrganizationHeads(
  db: Database,
  organizationId: OrganizationId,
  limit: number,
): Promise<LiveStanding[]> {
  const { rows } = await sql<LiveStanding>`
    select s.user_id as "userId", s.head from users u join inbox_state s on s.user_id = u.id
    where u.organization_id = ${organizationId} and u.deleted_at is null order by u.updated_at, u.id limit ${limit}
  `.execute(db);
  return rows;
}

/** A row that changed, without what it says. */
export interface ChangedRow {
  number: number;
  placed_sequence: number;
  changed_sequence: number;
  deleted: boolean;
}

/** What happened to the rows of one inbox after a cursor, rows and head of one snapshot. */
export interface RowDelta {
  userId: UserId;
  head: number;
  /** In the order of (changed_sequence, id); tombstones included; at most `limit`. */
  rows: ChangedRow[];
}

/**
 * As `loadInboxDeltas`, for edges that read the rows themselves by questions of their own. Users who were removed are
 * absent. Uses notifications_changes.
 */
export async function loadRowDeltas(
  db: Database,
  cursors: readonly LiveCursor[],
  limit: number,
): Promise<RowDelta[]> {
  const input = cursors.map((cursor) => ({ u: cursor.userId, a: cursor.after }));
  const { rows } = await sql<{ user_id: UserId; head: number; rows: ChangedRow[] | null }>`
    select s.user_id, s.head, changes.rows
    from json_to_recordset(${JSON.stringify(input)}::json) as i(u uuid, a bigint)
    join inbox_state s on s.user_id = i.u
    cross join lateral (
      select json_agg(row_to_json(changed) order by changed.changed_sequence, changed.id) as rows from (
        select n.id, n.number, n.placed_sequence, n.changed_sequence, n.deleted_at is not null as deleted
        from notifications n
        where n.recipient_id = s.user_id and n.placed_sequence is not null and n.changed_sequence > i.a
        order by n.changed_sequence, n.id limit ${limit}) changed) changes
  `.execute(db);
  return rows.map((row) => ({ userId: row.user_id, head: row.head, rows: row.rows ?? [] }));
}

/** Those of `ids` that are still good: not revoked, not expired, not removed. */
export async function listValidTokens(
  db: Database,
  ids: readonly AccessTokenId[],
): Promise<Set<AccessTokenId>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: AccessTokenId }>`
    select id from access_tokens where id = any(${ids}::uuid[]) and revoked_at is null
      and (expires_at is null or expires_at > carillon_now())
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}
