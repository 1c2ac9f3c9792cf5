import { sql, type Selectable } from 'kysely';
import type { ExternalKind, NotificationId, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { CapturedTable } from '../schema.ts';

/** What would have gone to the outside. */
export interface CapturedMessage {
  /** Of the delivery, or of the test of a channel. */
  id: string;
  /** Null for kinds whose channel is the whole target. */
  address: string | null;
  /** Of the channel, without secrets. */
  settings: Readonly<Record<string, unknown>>;
  /** Null for kinds that send none. */
  message: unknown;
}

/**
 * Writes down messages that were kept back, with what their deliveries and tests say of them. The same message is
 * there once, however often its delivery comes up.
 */
export async function insertCaptured(db: Database, messages: readonly CapturedMessage[]): Promise<void> {
  const ids = messages.map((one) => one.id);
  await sql`
    insert into captured (id, organization_id, kind, channel_id, notification_id, recipient_id, address, settings, message)
    select i.id, s.organization_id, s.kind, s.channel_id, s.notification_id, s.recipient_id, i.address, i.settings,
      nullif(i.message, 'null'::jsonb)
    from json_to_recordset(${JSON.stringify(messages)}::json) as i(id uuid, address text, settings jsonb, message jsonb)
    join (
      select id, organization_id, kind, channel_id, notification_id, recipient_id from deliveries
      where id = any(${ids}::uuid[])
      union all
      select t.id, t.organization_id, c.kind, t.channel_id, null, t.requested_by from channel_tests t
      join channels c on c.id = t.channel_id where t.id = any(${ids}::uuid[])) s on s.id = i.id
    on conflict (id) do nothing
  `.execute(db);
}

/** A message that was kept back, and the channel that it would have gone through; null when that is gone. */
export type CapturedRecord = Selectable<CapturedTable> & { channel_name: string | null };

export interface CapturedPage {
  limit: number;
  /** Keyset over time and id: `next` are the older rows, `prev` the newer ones, nearest first. */
  edge?: { capturedAt: Date; id: string; direction: 'next' | 'prev' } | undefined;
  kind?: ExternalKind | undefined;
  recipientId?: UserId | undefined;
  notificationId?: NotificationId | undefined;
}

/** The latest first. Uses captured_log, captured_recipient or captured_notification. */
export async function listCaptured(
  db: Database,
  organizationId: OrganizationId,
  page: CapturedPage,
): Promise<CapturedRecord[]> {
  let query = db
    .selectFrom('captured')
    .leftJoin('channels', 'channels.id', 'captured.channel_id')
    .selectAll('captured')
    .select('channels.name as channel_name')
    .where('captured.organization_id', '=', organizationId);
  if (page.kind !== undefined) query = query.where('captured.kind', '=', page.kind);
  if (page.recipientId !== undefined) query = query.where('captured.recipient_id', '=', page.recipientId);
  if (page.notificationId !== undefined) {
    query = query.where('captured.notification_id', '=', page.notificationId);
  }
  const forwards = page.edge?.direction !== 'prev';
  const direction = forwards ? 'desc' : 'asc';
  if (page.edge !== undefined) {
    const { capturedAt, id } = page.edge;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('captured.captured_at', 'captured.id'), forwards ? '<' : '>', tuple(capturedAt, id)),
    );
  }
  return query
    .orderBy('captured.captured_at', direction)
    .orderBy('captured.id', direction)
    .limit(page.limit)
    .execute();
}

/** How long captured messages are kept. */
const capturedDays = 30;

/** Removes what was captured long ago. Uses captured_age. Answers how many rows went. */
export async function deleteOldCaptured(db: Database, limit: number): Promise<number> {
  const result = await sql`
    delete from captured where id = any(array(
      select id from captured where captured_at < carillon_now() - make_interval(days => ${capturedDays})
      order by captured_at limit ${limit}))
  `.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
