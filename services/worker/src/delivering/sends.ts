import { setMaxListeners } from 'node:events';
import type { KindDescription } from '@carillon/channels';
import { startAttempts, type DeliveryOutcome } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import { toDigestStarts, type BegunDelivery } from './begun.ts';
import type { Endpoints } from './endpoints.ts';
import type { ReadySend } from './prepare.ts';
import { createSettingsOpener, sendOnce } from './send.ts';

/** Is told how many slots are free again. */
export type Free = (count: number) => void;

/** Opens attempts and sends; each send leaves its endpoint, is recorded and gives its slot back when it is over. */
export interface Sends {
  /** Resolves when the attempts are open, with a promise for each send. Their endpoints were entered. */
  start(turns: readonly ReadySend[], free: Free): Promise<Promise<void>[]>;
  /** Of those whose attempts are open. */
  sendBegun(begun: readonly BegunDelivery[], free: Free): Promise<void>[];
}

type SendsDeps = Parameters<typeof sendOnce>[0] & Pick<WorkerDeps, 'db' | 'sealer' | 'adapters' | 'metrics'>;

/** `signal` ends what is under way; `record` keeps how each ended, and frees its slot. */
export function createSends(
  deps: SendsDeps,
  kind: KindDescription,
  {
    endpoints,
    signal: aborting,
    record,
  }: {
    endpoints: Endpoints;
    signal: AbortSignal;
    record(outcome: DeliveryOutcome, free: Free): Promise<void>;
  },
): Sends {
  async function start(turns: readonly ReadySend[], free: Free): Promise<Promise<void>[]> {
    if (turns.length === 0) return [];
    const starting = turns.map(({ delivery: { id, leaseToken }, message, isNew, channelId }) => ({
      ...{ deliveryId: id, leaseToken, message: isNew ? message : undefined, channelId },
    }));
    const numbers = await startAttempts(deps.db, starting, toDigestStarts(turns)).catch((error: unknown) => {
      for (const { delivery } of turns) endpoints.leave(delivery.channel);
      throw error;
    });
    const begun = turns.flatMap(({ delivery, message }) => {
      const attemptNumber = numbers.get(delivery.id);
      if (attemptNumber !== undefined) return [{ delivery, message, attemptNumber }];
      endpoints.leave(delivery.channel);
      return [];
    });
    free(turns.length - begun.length);
    const told = turns.filter((one) => numbers.has(one.delivery.id));
    deps.metrics.digested.inc(told.reduce((sum, one) => sum + one.members.length, 0));
    return sendBegun(begun, free);
  }

  function sendBegun(begun: readonly BegunDelivery[], free: Free): Promise<void>[] {
    const adapter = deps.adapters[kind.kind];
    // One for the whole batch: its sends begin together.
    const signal = AbortSignal.any([aborting, AbortSignal.timeout(deps.config.dispatchTimeoutMs)]);
    setMaxListeners(0, signal);
    const openSettings = createSettingsOpener(deps);
    return begun.map(async (one) => {
      const outcome = await sendOnce(deps, { ...one, kind, adapter, signal, openSettings });
      endpoints.leave(one.delivery.channel);
      await record(outcome, free);
    });
  }

  return { start, sendBegun };
}
