import { sql, type Selectable } from 'kysely';
import {
  NotFoundError,
  type AcceptedNotification,
  type NotificationId,
  type OrganizationId,
  type TriggerId,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { NotificationsTable } from '../schema.ts';
import { afterCancellation, cancelling } from './cancel.ts';
import { writeInboxChanges } from './inbox-changes.ts';

const logColumns = [
  ...([
    'id',
    'number',
    'trigger_id',
    'recipient_id',
    'sender_id',
    'template_id',
    'template_version',
    'category',
    'title',
    'body',
    'icon',
  ] as const),
  ...([
    'actions',
    'targets',
    'data',
    'url',
    'environment',
    'project',
    'urgent',
    'kinds',
    'send_at',
    'expires_at',
  ] as const),
  ...(['created_at', 'dispatched_at', 'cancelled_at', 'inbox_at', 'inbox_reason', 'decisions'] as const),
  ...(['archived_at', 'read_at', 'seen_at', 'acknowledged_at', 'dismissed_at'] as const),
  ...(['expired_at', 'request_id'] as const),
] as const;

/** A notification as the sender's log shows it, placed or not. */
export type NotificationRecord = Pick<Selectable<NotificationsTable>, (typeof logColumns)[number]> & {
  recipient_external_id: string | null;
  /** Key of its template, also of one that was deleted. */
  template_key: string | null;
  /** Whether `send_at` lies in the future of the database's clock. */
  is_early: boolean;
};

const toldColumns = [
  sql<string | null>`(select u.external_id from users u where u.id = notifications.recipient_id)`.as(
    'recipient_external_id',
  ),
  sql<string | null>`(select t.key from templates t
    where t.organization_id = notifications.organization_id and t.id = notifications.template_id)`.as(
    'template_key',
  ),
  sql<boolean>`coalesce(send_at > carillon_now(), false)`.as('is_early'),
] as const;

export interface NotificationPage {
  limit: number;
  /** Keyset over number: `next` are the older rows, `prev` the newer ones, nearest first. */
  edge?: { number: number; direction: 'next' | 'prev' } | undefined;
  recipientId?: UserId | undefined;
  triggerId?: TriggerId | undefined;
  category?: string | undefined;
  /** Part of the title, in any case; of the newest `searchedMax`. */
  search?: string | undefined;
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
}

/** Newest first by number. Uses notifications_number; a trigger's rows are found by the range of their ids. */
export async function listNotifications(
  db: Database,
  organizationId: OrganizationId,
  page: NotificationPage,
): Promise<NotificationRecord[]> {
  let query = db
    .selectFrom('notifications')
    .select(logColumns)
    .select(toldColumns)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null);
  if (page.recipientId !== undefined) query = query.where('recipient_id', '=', page.recipientId);
  if (page.triggerId !== undefined) {
    // Ids are made right after their trigger's and sort by time, so the primary key finds them.
    query = query
      .where('trigger_id', '=', page.triggerId)
      .where('id', '>', sql<NotificationId>`${page.triggerId}::uuid`)
      .where('id', '<', sql<NotificationId>`${aMinuteLater(page.triggerId)}::uuid`);
  }
  if (page.category !== undefined) query = query.where('category', '=', page.category);
  if (page.search !== undefined) query = query.where(isFound(organizationId, page.search));
  if (page.createdAfter !== undefined) query = query.where('created_at', '>', page.createdAfter);
  if (page.createdBefore !== undefined) query = query.where('created_at', '<', page.createdBefore);
  const forwards = page.edge?.direction !== 'prev';
  if (page.edge !== undefined) query = query.where('number', forwards ? '<' : '>', page.edge.number);
  return query
    .orderBy('number', forwards ? 'desc' : 'asc')
    .limit(page.limit)
    .execute();
}

/** No index holds titles: a search that finds nothing reads so many rows and no more. */
const searchedMax = 100_000;

function isFound(organizationId: OrganizationId, search: string) {
  const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<boolean>`title ilike ${pattern} and number > (select max(newest.number) - ${searchedMax}
    from notifications newest where newest.organization_id = ${organizationId} and newest.deleted_at is null)`;
}

/** The first 48 bits of a version 7 id are milliseconds since 1970 (RFC 9562, section 5.7). */
function aMinuteLater(id: string): string {
  const milliseconds = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) + 60_000;
  const hex = milliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
}

export async function getNotification(
  db: Database,
  organizationId: OrganizationId,
  id: NotificationId,
): Promise<NotificationRecord> {
  const row = await db
    .selectFrom('notifications')
    .select(logColumns)
    .select(toldColumns)
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('notification.not_found', 'There is no such notification');
  return row;
}

/** Who the notifications were for, to make the answer of a repeated create again. Deleted ones included. */
export async function listAccepted(
  db: Database,
  organizationId: OrganizationId,
  ids: readonly string[],
): Promise<(AcceptedNotification & { triggerId: TriggerId })[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<AcceptedNotification & { triggerId: TriggerId }>`
    select id, recipient_id as "recipientId", trigger_id as "triggerId" from notifications
    where id = any(${ids}::uuid[]) and organization_id = ${organizationId} order by id
  `.execute(db);
  return rows;
}

export interface Cancelled {
  /** Whether it was cancelled before its dispatch: then it was never placed, and nothing was sent. */
  cancelled: boolean;
  /** Deliveries stopped, being sent at this moment, and sent before. */
  deliveries: { cancelled: number; inFlight: number; sent: number };
  recipientId: UserId;
  head: number | undefined;
}

/**
 * Cancels one notification: before its placement it is never placed; after it, deliveries that have
 * not begun are cancelled and, with `withdraw`, the item leaves the inbox. Twice is once.
 * Throws NotFoundError.
 */
export async function cancelNotification(
  db: Database,
  organizationId: OrganizationId,
  id: NotificationId,
  withdraw: boolean,
): Promise<Cancelled> {
  const { recipient_id: recipientId } = await getNotification(db, organizationId, id);
  const leaves = sql`(${withdraw} and n.inbox_at is not null)`;
  const rows = await writeInboxChanges<{
    cancelled: boolean | null;
    settled: number;
    in_flight: number;
    sent: number;
    head: number | null;
  }>(db, [recipientId], {
    changed: (next) => sql`
      update notifications n set ${cancelling(leaves, sql`${next.get(recipientId)}::bigint`)}
      where n.id = ${id} and n.organization_id = ${organizationId} and n.deleted_at is null
      returning n.id, n.organization_id, n.recipient_id, ${leaves} as bumps,
        n.inbox_reason is not distinct from 'notification_cancelled' as in_time`,
    also: afterCancellation,
    select: sql`
      select (select in_time from changed) as cancelled, (select count(*) from settled) as settled,
        (select count(*) from deliveries where organization_id = ${organizationId} and notification_id = ${id}
          and state = 'sending') as in_flight,
        (select count(*) from deliveries where organization_id = ${organizationId} and notification_id = ${id}
          and state = 'sent') as sent,
        (select head from bumped) as head`,
  });
  const row = rows[0];
  if (row?.cancelled == null)
    throw new NotFoundError('notification.not_found', 'There is no such notification');
  return {
    cancelled: row.cancelled,
    deliveries: { cancelled: row.settled, inFlight: row.in_flight, sent: row.sent },
    recipientId,
    head: row.head ?? undefined,
  };
}
