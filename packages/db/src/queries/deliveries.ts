import { sql, type Selectable } from 'kysely';
import {
  NotFoundError,
  type AttemptOutcome,
  type DeliveryId,
  type DeliveryState,
  type ExternalKind,
  type NotificationId,
  type OrganizationId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { AttemptsTable, DeliveriesTable } from '../schema.ts';

export type DeliveryRecord = Omit<
  Selectable<DeliveriesTable>,
  | 'lease_token'
  | 'lease_until'
  | 'attempt_started_at'
  | 'scan_after'
  | 'message'
  | 'attempts_before_replay'
  | 'past_expiry'
>;

const shown = [
  ...(['id', 'organization_id', 'notification_id', 'recipient_id', 'step', 'kind', 'channel_id'] as const),
  ...([
    'contact_point_id',
    'state',
    'reason',
    'not_before',
    'attempts_made',
    'crashes',
    'provider_id',
  ] as const),
  ...(['feedback', 'feedback_at', 'feedback_reason', 'created_at', 'settled_at', 'digest_id'] as const),
] as const;

export interface DeliveryPage {
  limit: number;
  /** Keyset over notification and id: `next` are the older rows, `prev` the newer ones, nearest first. */
  edge?: { notificationId: NotificationId; id: DeliveryId; direction: 'next' | 'prev' } | undefined;
  notificationId?: NotificationId | undefined;
  state?: DeliveryState | undefined;
  kind?: ExternalKind | undefined;
}

/** Those of the newest notifications first. Uses deliveries_notification. */
export async function listDeliveries(
  db: Database,
  organizationId: OrganizationId,
  page: DeliveryPage,
): Promise<DeliveryRecord[]> {
  let query = db.selectFrom('deliveries').select(shown).where('organization_id', '=', organizationId);
  if (page.notificationId !== undefined) query = query.where('notification_id', '=', page.notificationId);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  if (page.kind !== undefined) query = query.where('kind', '=', page.kind);
  const forwards = page.edge?.direction !== 'prev';
  const direction = forwards ? 'desc' : 'asc';
  if (page.edge !== undefined) {
    const { notificationId, id } = page.edge;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('notification_id', 'id'), forwards ? '<' : '>', tuple(notificationId, id)),
    );
  }
  return query.orderBy('notification_id', direction).orderBy('id', direction).limit(page.limit).execute();
}

export async function getDelivery(
  db: Database,
  organizationId: OrganizationId,
  id: DeliveryId,
): Promise<DeliveryRecord> {
  const row = await db
    .selectFrom('deliveries')
    .select(shown)
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('delivery.not_found', 'There is no such delivery');
  return row;
}

/** One try; `ended_at` and `outcome` are null while it is under way. */
export type AttemptRecord = Omit<
  Selectable<AttemptsTable>,
  'delivery_id' | 'organization_id' | 'ended_at' | 'outcome'
> & { ended_at: Date | null; outcome: AttemptOutcome | null };

/**
 * In the order they were made; a delivery has a dozen at most, unless it was replayed. The one that is under
 * way stands on the delivery itself.
 */
export async function listAttempts(
  db: Database,
  organizationId: OrganizationId,
  deliveryId: DeliveryId,
): Promise<AttemptRecord[]> {
  const { rows } = await sql<AttemptRecord>`
    select number, started_at, ended_at, outcome, reason, status_code, provider_id, channel_id from attempts
    where delivery_id = ${deliveryId} and organization_id = ${organizationId}
    union all
    select attempts_made, attempt_started_at, null, null, null, null, null, channel_id from deliveries
    where id = ${deliveryId} and organization_id = ${organizationId}
      and state = 'sending' and attempt_started_at is not null
    order by number limit 200
  `.execute(db);
  return rows;
}
