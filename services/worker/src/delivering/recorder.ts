import { asUnavailable, recordOutcomes, sqlState, type DeliveryOutcome } from '@carillon/db';
import { createBatcher, sleep } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';

export interface Recorder {
  /** True when it was recorded; false when the lease was lost meanwhile: then somebody else answers for it. */
  record(outcome: DeliveryOutcome): Promise<boolean>;
  idle(): Promise<void>;
}

/** Outcomes in one statement at most: beyond this a larger batch saves nothing more. */
const batchMax = 300;
const retryEveryMs = 500;

/**
 * Records outcomes in batches. While PostgreSQL is away an outcome is tried again until its lease is
 * over; after that it is known to nobody, which is what the sweep of expired leases is for. One that
 * cannot be stored fails alone: its neighbours were sent, and would be sent again.
 */
export function createRecorder(deps: Pick<WorkerDeps, 'db' | 'log' | 'clock' | 'config'>): Recorder {
  const batcher = createBatcher<DeliveryOutcome, boolean>({
    inFlightMax: 1,
    weightMax: batchMax,
    run: async (outcomes) => {
      const recorded = await recordInTime(deps, outcomes);
      return outcomes.map((one) => recorded.has(one.deliveryId));
    },
  });
  return { record: (outcome) => batcher.submit(outcome), idle: () => batcher.idle() };
}

async function recordInTime(
  deps: Pick<WorkerDeps, 'db' | 'log' | 'clock' | 'config'>,
  outcomes: DeliveryOutcome[],
): Promise<Set<string>> {
  const endMs = deps.clock.monotonicMs() + deps.config.leaseMs;
  for (;;) {
    try {
      return await recordOutcomes(deps.db, outcomes);
    } catch (cause) {
      if (outcomes.length > 1 && dataErrors.test(sqlState(cause) ?? '')) return recordEach(deps, outcomes);
      if (asUnavailable(cause) === undefined) throw cause;
      if (deps.clock.monotonicMs() > endMs) {
        deps.log.error({ event: 'delivery.outcome_lost', count: outcomes.length, detail: String(cause) });
        return new Set();
      }
      await sleep(retryEveryMs);
    }
  }
}

/** SQLSTATE classes 22 and 23: what a receiver told of one delivery cannot be stored. */
const dataErrors = /^2[23]/;

async function recordEach(
  deps: Pick<WorkerDeps, 'db' | 'log' | 'clock' | 'config'>,
  outcomes: readonly DeliveryOutcome[],
): Promise<Set<string>> {
  const recorded = new Set<string>();
  for (const outcome of outcomes) {
    try {
      for (const id of await recordInTime(deps, [outcome])) recorded.add(id);
    } catch (error) {
      deps.log.error({ event: 'delivery.outcome_unstorable', deliveryId: outcome.deliveryId, error });
    }
  }
  return recorded;
}
