import {
  deleteOldIdempotencyKeys,
  deleteOldSessions,
  expireNotifications,
  purgeDeletedUsers,
  purgeTombstones,
} from '@carillon/db';
import { deleteOldCaptured } from '@carillon/db/operation';
import type { WorkerDeps } from '../deps.ts';

const chunk = 1_000;

/** Takes expired items out of inboxes, chunk by chunk, and tells their sockets. */
export async function expireDue(
  deps: Pick<WorkerDeps, 'db' | 'publisher' | 'metrics'>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const heads = await expireNotifications(deps.db, chunk);
    deps.metrics.hintsPublished.inc(heads.length);
    await deps.publisher.publish(
      heads.map(({ user_id: userId, organization_id: organizationId, head }) => ({
        userId,
        organizationId,
        head,
      })),
    );
    if (heads.length === 0 || signal.aborted) return;
  }
}

/** Removes what is no longer kept, chunk by chunk, so that no lock is held long. */
export async function purgeOld(deps: Pick<WorkerDeps, 'db' | 'log'>, signal: AbortSignal): Promise<void> {
  const purges = {
    ...{ purgeTombstones, purgeDeletedUsers, deleteOldIdempotencyKeys, deleteOldSessions },
    deleteOldCaptured,
  };
  for (const [name, purge] of Object.entries(purges)) {
    let total = 0;
    for (let rows = 1; rows > 0 && !signal.aborted; total += rows) rows = await purge(deps.db, chunk);
    if (total > 0) deps.log.info({ event: 'purge.done', purge: name, rows: total });
  }
}
