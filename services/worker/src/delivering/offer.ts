import type { DeliveryId, ExternalKind } from '@carillon/core';
import type { WorkerDeps } from '../deps.ts';

/** Says that deliveries are due: by a job, or to this worker itself when Redis does not take it. */
export async function offerDeliveries(
  deps: Pick<WorkerDeps, 'producer' | 'runners'>,
  kind: ExternalKind,
  ids: readonly DeliveryId[],
): Promise<void> {
  if (await deps.producer.enqueueDeliver(kind, ids)) return;
  void deps.runners[kind].offer(ids);
}
