import type { DeliveryId, ExternalKind } from '@carillon/core';
import type { WorkerDeps } from '../deps.ts';

/**
 * Says that deliveries are due: to this worker itself while it has slots for them, since dispatching is
 * shared out among workers already and a job would only cost a way through Redis; by a job when it has not,
 * so that a worker with room takes them; to itself again when Redis does not take the job.
 */
export async function offerDeliveries(
  deps: Pick<WorkerDeps, 'producer' | 'runners'>,
  kind: ExternalKind,
  ids: readonly DeliveryId[],
): Promise<void> {
  const runner = deps.runners[kind];
  if (runner.capacity() < ids.length && (await deps.producer.enqueueDeliver(kind, ids))) return;
  void runner.offer(ids);
}
