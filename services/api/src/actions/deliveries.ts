import type { DeliveryId } from '@carillon/core';
import {
  getDelivery,
  getOrganization,
  inOrganization,
  listAttempts,
  listDeliveries,
  setPaused,
  type AttemptRecord,
  type DeliveryPage,
  type DeliveryRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

export async function listDeliveryPage(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  page: DeliveryPage,
): Promise<DeliveryRecord[]> {
  return inOrganization(deps.db, user.organizationId, (db) => listDeliveries(db, user.organizationId, page));
}

/** Throws NotFoundError. */
export async function getOneDelivery(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  id: DeliveryId,
): Promise<DeliveryRecord> {
  return inOrganization(deps.db, user.organizationId, (db) => getDelivery(db, user.organizationId, id));
}

/** The tries of one delivery, in the order they were made; throws NotFoundError. */
export async function listAttemptsOf(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  id: DeliveryId,
): Promise<AttemptRecord[]> {
  const { organizationId } = user;
  return inOrganization(deps.db, organizationId, async (db) => {
    await getDelivery(db, organizationId, id);
    return listAttempts(db, organizationId, id);
  });
}

/** Since when the caller's organization is paused; null when it runs. */
export async function getPausedAt(deps: Pick<ApiDeps, 'db'>, { user }: UserCaller): Promise<Date | null> {
  const { organizationId } = user;
  const row = await inOrganization(deps.db, organizationId, (db) => getOrganization(db, organizationId));
  return row.paused_at;
}

/** Pauses or resumes the caller's organization; a worker's next scan finds what had waited. */
export async function pause(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  paused: boolean,
): Promise<Date | null> {
  const { organizationId } = caller.user;
  const { pausedAt } = await inOrganization(deps.db, organizationId, (db) =>
    setPaused(db, organizationId, paused),
  );
  const event = paused ? 'organization.paused' : 'organization.resumed';
  deps.log.info({ event, organizationId, callerId: caller.id });
  return pausedAt;
}
