import type { Captured, SendResult } from '@carillon/channels';
import { assertNever, type ChannelId, type ExternalKind } from '@carillon/core';
import { closeCircuit, openCircuit, takeProbe } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

/** Failures in a row after which nothing but probes is sent through a channel. */
export const failuresToOpen = 10;

/** Statuses that say "not so fast": the target works, and says when to come again. */
const busyStatus = 429;

/** What a channel's tries say of its target. */
export interface Circuits {
  /** Notes how one try ended. Resolves when all workers can know what follows from it; never throws. */
  note(channel: NotedChannel, kind: ExternalKind, result: SendResult | Captured): Promise<void>;
  /** Whether this worker, and no other, probes the open channel now. */
  takeProbe(id: ChannelId): Promise<boolean>;
}

export interface NotedChannel {
  id: ChannelId;
  open: boolean;
}

/**
 * Counts failures in this worker alone: a target that does not answer is found by each worker that sends to it, after
 * as many tries, and who finds it first opens the channel for all, because its state is a column that every claim
 * reads. Counted over workers, each failure would be a write to one row (decision 0024).
 */
export function createCircuits(deps: Pick<WorkerDeps, 'db' | 'log' | 'metrics'>): Circuits {
  const failures = new Map<ChannelId, number>();

  async function change(channelId: ChannelId, kind: ExternalKind, to: 'open' | 'closed'): Promise<void> {
    try {
      const changed = await (to === 'open' ? openCircuit : closeCircuit)(deps.db, channelId);
      if (!changed) return;
      if (to === 'open') deps.metrics.circuitsOpened.inc({ kind });
      deps.log[to === 'open' ? 'warn' : 'info']({ event: `channel.circuit_${to}`, channelId, kind });
    } catch (error) {
      deps.log.warn({ event: 'channel.circuit_not_changed', channelId, kind, to, error });
    }
  }

  return {
    async note(channel, kind, result) {
      const verdict = verdictOf(result);
      if (verdict === 'answers') {
        failures.delete(channel.id);
        if (channel.open) await change(channel.id, kind, 'closed');
      } else if (verdict === 'fails' && !channel.open) {
        const count = (failures.get(channel.id) ?? 0) + 1;
        failures.set(channel.id, count < failuresToOpen ? count : 0);
        if (count >= failuresToOpen) await change(channel.id, kind, 'open');
      }
    },
    async takeProbe(id) {
      return takeProbe(deps.db, id);
    },
  };
}

/** A refusal is an answer too: it is about one message. What was captured says nothing of the target. */
function verdictOf(result: SendResult | Captured): 'answers' | 'fails' | undefined {
  switch (result.outcome) {
    case 'sent':
    case 'reject':
      return 'answers';
    case 'retry':
      return result.statusCode === busyStatus ? undefined : 'fails';
    case 'unknown':
      return 'fails';
    case 'captured':
      return undefined;
    default:
      return assertNever(result);
  }
}
