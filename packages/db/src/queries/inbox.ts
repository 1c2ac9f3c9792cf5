import { sql, type RawBuilder, type Selectable } from 'kysely';
import {
  NotFoundError,
  type InboxCounts,
  type NotificationId,
  type OrganizationId,
  type ReasonCode,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { NotificationsTable } from '../schema.ts';
import { writeInboxChanges } from './inbox-changes.ts';
import { stopRuns } from './rule-runs/stop.ts';

const itemColumns = [
  ...([
    'id',
    'number',
    'trigger_id',
    'recipient_id',
    'sender_id',
    'category',
    'title',
    'body',
    'icon',
  ] as const),
  ...(['actions', 'targets', 'data', 'url', 'environment', 'project', 'urgent', 'expires_at'] as const),
  ...([
    'inbox_at',
    'archived_at',
    'read_at',
    'seen_at',
    'acknowledged_at',
    'dismissed_at',
    'snoozed_until',
    'expired_at',
  ] as const),
  ...(['deleted_at', 'placed_sequence', 'changed_sequence', 'template_id'] as const),
] as const;

/** A row of somebody's inbox: placed, and not deleted unless a tombstone is asked for. */
export type InboxItem = Pick<Selectable<NotificationsTable>, (typeof itemColumns)[number]> & {
  inbox_at: Date;
  placed_sequence: number;
  changed_sequence: number;
};

/**
 * What the inbox shows: stored columns only, so that counts never drift. The partial indexes
 * notifications_inbox and notifications_unread have the same predicate.
 */
export const live: RawBuilder<boolean> = sql`n.inbox_at is not null and n.archived_at is null
  and n.dismissed_at is null and n.snoozed_until is null and n.expired_at is null and n.deleted_at is null`;

const columns = sql.join(itemColumns.map((column) => sql.ref(`n.${column}`)));

/** Throws NotFoundError for what is not placed, deleted, or another user's. */
export async function getInboxItem(db: Database, userId: UserId, id: NotificationId): Promise<InboxItem> {
  const { rows } = await sql<InboxItem>`
    select ${columns} from notifications n
    where n.id = ${id} and n.recipient_id = ${userId} and n.inbox_at is not null and n.deleted_at is null
  `.execute(db);
  const item = rows[0];
  if (item === undefined) throw new NotFoundError('inbox.not_found', 'There is no such item in this inbox');
  return item;
}

/** Counts and head of one moment. */
export interface InboxSummary extends InboxCounts {
  head: number;
  resyncBelow: number;
}

/** For who is in a transaction anyway; see `readInboxSummary`. Uses notifications_unread, index-only. */
export async function loadInboxSummary(db: Database, userId: UserId): Promise<InboxSummary> {
  const { rows } = await sql<InboxSummary>`${summaryOf(sql`${userId}`)}`.execute(db);
  return oneSummary(rows);
}

/** Selects the state of an inbox with its counts. */
export function summaryOf(userId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select s.head, s.resync_below as "resyncBelow", ${countColumns} from inbox_state s
    cross join lateral (${countsOf(sql`s.user_id`)}) c where s.user_id = ${userId}`;
}

/** Throws NotFoundError when there is none. */
export function oneSummary(rows: readonly InboxSummary[]): InboxSummary {
  const [summary] = rows;
  if (summary === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return summary;
}

const countColumns = sql`c.unread, c.unseen`;

function countsOf(userId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select count(*) as unread, count(*) filter (where n.seen_at is null) as unseen
    from notifications n where n.recipient_id = ${userId} and ${live} and n.read_at is null`;
}

/** What can be done to an item. Each is idempotent: an item that is already so does not change again. */
export const inboxVerbs = [
  ...(['read', 'unread', 'seen', 'unseen', 'archive', 'unarchive', 'dismiss'] as const),
  ...(['acknowledge', 'delete'] as const),
] as const;
export type InboxVerb = (typeof inboxVerbs)[number];

/**
 * A tombstone keeps id, number, recipient and sequence; what was said is gone at once. Answers a list
 * of `write(column, what it becomes)`.
 */
export function contentColumns(
  write: (column: RawBuilder<unknown>, empty: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const columnsAndEmpties = {
    ...{ title: sql`''`, body: sql`''`, data: sql`'{}'::jsonb`, actions: sql`'[]'::jsonb` },
    ...{ targets: sql`'{}'::uuid[]`, url: sql`null`, icon: sql`null`, decisions: sql`null` },
    ...{ collection: sql`null`, item: sql`null`, subject_key: sql`null`, collapse_key: sql`null` },
  };
  return sql.join(Object.entries(columnsAndEmpties).map(([column, empty]) => write(sql.ref(column), empty)));
}

/** `stops`: why the item's run of rules is over by this. */
const effects: Record<
  InboxVerb,
  { set: RawBuilder<unknown>; unless: RawBuilder<boolean>; stops?: ReasonCode }
> = {
  read: {
    set: sql`read_at = carillon_now(), seen_at = coalesce(n.seen_at, carillon_now())`,
    unless: sql`n.read_at is not null`,
    stops: 'notification_read',
  },
  unread: { set: sql`read_at = null`, unless: sql`n.read_at is null` },
  seen: { set: sql`seen_at = carillon_now()`, unless: sql`n.seen_at is not null` },
  unseen: { set: sql`seen_at = null`, unless: sql`n.seen_at is null` },
  archive: {
    set: sql`archived_at = carillon_now(), status = 'archived'`,
    unless: sql`n.archived_at is not null`,
    stops: 'notification_dismissed',
  },
  unarchive: {
    set: sql`archived_at = null, dismissed_at = null, status = 'inbox'`,
    unless: sql`n.archived_at is null and n.dismissed_at is null`,
  },
  dismiss: {
    set: sql`dismissed_at = carillon_now(), status = 'archived'`,
    unless: sql`n.dismissed_at is not null`,
    stops: 'notification_dismissed',
  },
  acknowledge: {
    set: sql`acknowledged_at = carillon_now(), read_at = coalesce(n.read_at, carillon_now()),
      seen_at = coalesce(n.seen_at, carillon_now())`,
    unless: sql`n.acknowledged_at is not null`,
  },
  delete: {
    set: sql`deleted_at = carillon_now(), ${contentColumns((column, empty) => sql`${column} = ${empty}`)}`,
    unless: sql`n.deleted_at is not null`,
  },
};

export interface InboxChange {
  /** Ids that exist in this inbox, whether or not they changed now. */
  found: NotificationId[];
  changed: NotificationId[];
  head: number | undefined;
}

/**
 * Does `verb` to those of `ids` that are in this user's inbox. Deleting and acknowledging also settle what is still
 * pending for the item.
 */
export async function changeInboxItems(
  db: Database,
  userId: UserId,
  ids: readonly NotificationId[],
  verb: InboxVerb,
): Promise<InboxChange> {
  const { set, unless, stops } = effects[verb];
  const existing = sql`n.recipient_id = ${userId} and n.inbox_at is not null and n.deleted_at is null`;
  const rows = await writeInboxChanges<{ id: NotificationId; changed: boolean; head: number | null }>(
    db,
    [userId],
    {
      changed: (next) => sql`
      update notifications n set ${set}, changed_sequence = ${next.get(userId)}, version = n.version + 1
      where n.id = any(${ids}::uuid[]) and ${existing} and not (${unless})
      returning n.id, n.organization_id, n.recipient_id, true as bumps`,
      // Also of what was so before: read-all leaves the runs of what is urgent going, reading the item then ends them.
      ...(stops !== undefined && {
        also: stopRuns(stops, {
          of: sql`(select n.id from notifications n where n.id = any(${ids}::uuid[]) and ${existing})`,
        }),
      }),
      ...(verb === 'acknowledge' && { also: afterAcknowledging }),
      ...(verb === 'delete' && { also: afterDeletion }),
      select: sql`
      select n.id, c.id is not null as changed, b.head from notifications n
      left join changed c on c.id = n.id left join bumped b on true
      where n.id = any(${ids}::uuid[]) and ${existing}`,
    },
  );
  return {
    found: rows.map((row) => row.id),
    changed: rows.filter((row) => row.changed).map((row) => row.id),
    head: rows[0]?.head ?? undefined,
  };
}

/** For `also`, where `changed` returns the organization: what was rendered for rows that are tombstones now is gone as well. */
export const blankMessages: RawBuilder<unknown> = sql`blanked as (
    update deliveries d set message = null
    from changed where d.organization_id = changed.organization_id and d.notification_id = changed.id
      and changed.bumps and d.state <> 'pending' and d.message is not null)`;

/** For `also` of what leaves tombstones: nothing is pending for them any more, nor kept, and no rule runs. */
export const afterDeletion: RawBuilder<unknown> = sql`${settlePending('notification_deleted')}, ${blankMessages},
  ${stopRuns('notification_deleted', { settlesPending: true })}`;

/** For `also` of what is acknowledged: nothing more is sent for it, whatever waits. */
const afterAcknowledging: RawBuilder<unknown> = sql`${settlePending('notification_read')},
  ${stopRuns('notification_read', { settlesPending: true })}`;

/** For `also`, where `changed` returns the organization: deliveries of the changed rows that have not begun are over, for
 * this reason; one that tells of others too is not.
 */
export function settlePending(
  reason: 'notification_deleted' | 'notification_cancelled' | 'notification_expired' | 'notification_read',
) {
  const state = reason === 'notification_expired' ? 'expired' : 'cancelled';
  return sql`settled as (
    update deliveries d set state = ${state}, reason = ${reason}, settled_at = carillon_now(), message = null
    from changed where d.organization_id = changed.organization_id and d.notification_id = changed.id
      and d.state = 'pending' and d.digest_id is null and not (${reason === 'notification_expired'} and d.past_expiry)
    returning d.notification_id)`;
}

/** Rows at most in one transaction of read-all. */
const readAllChunk = 5_000;

/**
 * Marks what is unread and was placed up to `upTo` as read, in chunks that each are a transaction
 * and a bump of their own. What arrives meanwhile stays unread.
 */
export async function readAll(
  organizationId: OrganizationId,
  userId: UserId,
  upTo: number,
  inTurn: <T>(work: (db: Database) => Promise<T>) => Promise<T>,
): Promise<{ changed: number; head: number | undefined }> {
  let total = 0;
  let head: number | undefined;
  for (;;) {
    const rows = await inTurn((transaction) => readAllOnce(transaction, organizationId, userId, upTo));
    total += rows.length;
    head = rows[0]?.head ?? head;
    if (rows.length < readAllChunk) return { changed: total, head };
  }
}

function readAllOnce(db: Database, organizationId: OrganizationId, userId: UserId, upTo: number) {
  return writeInboxChanges<{ id: NotificationId; head: number }>(db, [userId], {
    changed: (next) => sql`
      update notifications n set read_at = carillon_now(), seen_at = coalesce(n.seen_at, carillon_now()),
        changed_sequence = ${next.get(userId)}, version = n.version + 1
      from (
        select n.id from notifications n where n.recipient_id = ${userId} and n.organization_id = ${organizationId}
          and ${live} and n.read_at is null and n.placed_sequence <= ${upTo} limit ${readAllChunk}) unread
      where n.id = unread.id and n.read_at is null
      returning n.id, n.organization_id, n.recipient_id, true as bumps`,
    // What is urgent goes on until somebody reads that very item.
    also: stopRuns('notification_read', { spares: sql`r.urgent` }),
    select: sql`select c.id, b.head from changed c join bumped b on b.user_id = c.recipient_id`,
  });
}

export { columns as inboxColumns, countsOf, countColumns };
