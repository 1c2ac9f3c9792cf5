import { sql } from 'kysely';
import { NotFoundError, type DeliveryId, type DeliveryState, type OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { obstacle, replaying, type ReplayObstacle } from './dead-letters.ts';

/** What decides whether a delivery can be retried. */
export interface RetryCandidate {
  state: DeliveryState;
  obstacle: ReplayObstacle | null;
}

/** Locks a delivery to decide about it; throws NotFoundError. */
export async function lockForRetry(
  db: Database,
  organizationId: OrganizationId,
  id: DeliveryId,
): Promise<RetryCandidate> {
  const { rows } = await sql<RetryCandidate>`
    select d.state, ${obstacle} as obstacle
    from deliveries d left join notifications n on n.id = d.notification_id
    where d.id = ${id} and d.organization_id = ${organizationId} for update of d
  `.execute(db);
  return found(rows[0]);
}

/** Makes a locked delivery due now: its attempts are counted onward, its schedule of retries begins anew. */
export async function retryDelivery(
  db: Database,
  organizationId: OrganizationId,
  id: DeliveryId,
): Promise<void> {
  await sql`update deliveries d set ${replaying('original')}
    where d.id = ${id} and d.organization_id = ${organizationId}`.execute(db);
}

/** What was kept of a delivery's message, and what tells why there is none. */
export interface DeliveryContentRecord {
  /** As it was handed to the adapter; null when nothing is kept. */
  message: unknown;
  state: DeliveryState;
  attempts_made: number;
  /** Whether its notification is gone from its recipient's inbox for good, with its content. */
  deleted: boolean;
}

/** Throws NotFoundError. */
export async function getDeliveryContent(
  db: Database,
  organizationId: OrganizationId,
  id: DeliveryId,
): Promise<DeliveryContentRecord> {
  const { rows } = await sql<DeliveryContentRecord>`
    select d.message, d.state, d.attempts_made, n.id is null or n.deleted_at is not null as deleted
    from deliveries d left join notifications n on n.id = d.notification_id
    where d.id = ${id} and d.organization_id = ${organizationId}
  `.execute(db);
  return found(rows[0]);
}

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('delivery.not_found', 'There is no such delivery');
  return row;
}
