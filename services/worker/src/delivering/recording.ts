import type { KindDescription } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';
import type { DeliveryOutcome } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import type { Recorder } from './recorder.ts';
import type { Free } from './sends.ts';

/** Keeps how deliveries of one kind go on. Neither throws: the others of a batch are still under way. */
export interface Recording {
  /** `free` gets its slot back when it is recorded, or cannot be. */
  recordOne(outcome: DeliveryOutcome, free: Free): Promise<void>;
  recordAll(outcomes: readonly DeliveryOutcome[], free?: Free): Promise<void>;
}

/** `tryAgain` is called for what goes through another channel at once. */
export function createRecording(
  deps: Pick<WorkerDeps, 'log' | 'metrics' | 'fault'>,
  { kind }: Pick<KindDescription, 'kind'>,
  { recorder, tryAgain }: { recorder: Recorder; tryAgain(id: DeliveryId): void },
): Recording {
  async function recordAll(
    outcomes: readonly DeliveryOutcome[],
    free: Free = () => undefined,
  ): Promise<void> {
    await Promise.all(outcomes.map((outcome) => recordOne(outcome, free)));
  }

  async function recordOne(outcome: DeliveryOutcome, free: Free): Promise<void> {
    try {
      const recorded = await recorder.record(outcome);
      if (!recorded) deps.log.warn({ event: 'delivery.lease_lost', deliveryId: outcome.deliveryId });
      deps.fault('worker.recorded-before-ack');
    } catch (error) {
      deps.metrics.jobErrors.inc({ job: `deliver-${kind}` });
      deps.log.error({ event: 'delivery.not_recorded', deliveryId: outcome.deliveryId, error });
    } finally {
      free(1);
    }
    if (outcome.moved !== undefined && outcome.delayMs === 0) tryAgain(outcome.deliveryId);
  }

  return { recordOne, recordAll };
}
