import type { DeliveryId, ExternalKind } from '@carillon/core';
import {
  changePause,
  getDelivery,
  getOrganization,
  inOrganization,
  listAttempts,
  listDeliveries,
  type AttemptRecord,
  type DeliveryPage,
  type DeliveryRecord,
  type PauseState,
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

/** What of the caller's organization waits. */
export async function getPause(deps: Pick<ApiDeps, 'db'>, { user }: UserCaller): Promise<PauseState> {
  const { organizationId } = user;
  const row = await inOrganization(deps.db, organizationId, (db) => getOrganization(db, organizationId));
  return { pausedAt: row.paused_at, pausedKinds: row.paused_kinds, chosen: row.pause_chosen };
}

/**
 * Pauses or resumes the caller's organization or channel kinds of it; a worker's next scan finds what
 * had waited.
 */
export async function pause(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  wish: { paused?: boolean | undefined; kinds?: readonly ExternalKind[] | undefined },
): Promise<PauseState> {
  const { organizationId } = caller.user;
  const state = await inOrganization(deps.db, organizationId, (db) => changePause(db, organizationId, wish));
  const who = { organizationId, callerId: caller.id };
  if (wish.paused !== undefined) {
    deps.log.info({ event: wish.paused ? 'organization.paused' : 'organization.resumed', ...who });
  }
  if (wish.kinds !== undefined) {
    deps.log.info({ event: 'organization.kinds_paused', ...who, kinds: state.pausedKinds });
  }
  return state;
}
