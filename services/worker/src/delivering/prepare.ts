import type { KindDescription, Message } from '@carillon/channels';
import type { ChannelId, ReasonCode } from '@carillon/core';
import { loadPolicies, loadReaders, type ClaimedDelivery, type DeliveryOutcome } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import { decideClaimed, withoutAttempt } from './decide.ts';
import { loadMissingDetails } from './details.ts';
import { loadFacts, type FactsSubject } from './facts.ts';
import { routeDeliveries, type Route } from './routes.ts';
import { messageOf } from './send.ts';

/** A claimed delivery with all that its send needs. */
export interface ReadySend {
  /** Its `channel` is the one that it goes through. */
  delivery: ClaimedDelivery;
  message: Message;
  /** Whether the message has to be kept for later tries. */
  isNew: boolean;
  /** Given when it goes through another channel than the one it was assigned to. */
  channelId: ChannelId | undefined;
  /** Until its turn. */
  waitMs: number;
  /** Deliveries that its message tells of too. */
  members: readonly ClaimedDelivery[];
}

export interface Prepared {
  ready: ReadySend[];
  /** Of those that are not sent now. */
  outcomes: DeliveryOutcome[];
}

type PrepareDeps = Pick<
  WorkerDeps,
  'db' | 'log' | 'metrics' | 'fault' | 'renderPool' | 'circuits' | 'rateLimiter'
>;

/** Decides once more about what was claimed, finds its way, and renders what goes out. At most `slots` messages. */
export async function prepareClaimed(
  deps: PrepareDeps,
  kind: KindDescription,
  claimed: readonly ClaimedDelivery[],
  slots: number,
): Promise<Prepared> {
  const facts = await loadFacts(
    deps,
    claimed.map((delivery) => toSubject(delivery, kind)),
    {
      policies: (userIds) => loadPolicies(deps.db, userIds),
      readers: (userIds) => loadReaders(deps.db, userIds),
    },
  );
  const { alone, digests, outcomes } = decideClaimed(claimed, facts, kind, slots);
  const digestOf = new Map(digests.map((digest) => [digest.carrier.id, digest]));
  const going = [...alone, ...digests.map((one) => one.carrier)];
  if (going.length === 0) return { ready: [], outcomes };
  const routes = await routeDeliveries(deps, going);
  const routed = going.flatMap((delivery) => {
    const route = routes.get(delivery.id);
    const digest = digestOf.get(delivery.id);
    if (route !== undefined && 'channel' in route) return [{ ...toRouted(delivery, route), digest }];
    outcomes.push(...putOff(deps, { delivery, members: digest?.members ?? [] }, kind, route));
    return [];
  });
  if (routed.length === 0) return { ready: [], outcomes };
  const details = await loadMissingDetails(
    deps,
    routed.map((one) => one.delivery),
  );
  const ready = routed.map(({ digest, ...one }): ReadySend => {
    const made = digest
      ? { message: digest.message, isNew: true }
      : messageOf(one.delivery, kind, facts, details);
    return { ...one, ...made, members: digest?.members ?? [] };
  });
  deps.fault('worker.after-render');
  return { ready, outcomes };
}

/** A message that was kept needs no texts, nor does a kind that looks at none. */
function toSubject(
  { notification, message }: ClaimedDelivery,
  { kind, ignoresMessage }: KindDescription,
): FactsSubject {
  const needsText = message === null && ignoresMessage !== true;
  return { notification, kinds: needsText ? [kind] : [] };
}

function toRouted(
  delivery: ClaimedDelivery,
  { channel, waitMs }: Extract<Route, { waitMs: number }>,
): Pick<ReadySend, 'delivery' | 'channelId' | 'waitMs'> {
  if (channel.id === delivery.channel?.id) return { delivery, channelId: undefined, waitMs };
  return { delivery: { ...delivery, channel }, channelId: channel.id, waitMs };
}

/** For what was held: it stays held, so that it is gathered again, and looks again after so long. */
const heldAgainMs = 30_000;

/** What is not sent now waits, uncounted: with its digest, if it carries one, where each is held as it was. */
export function putOff(
  { metrics }: Pick<WorkerDeps, 'metrics'>,
  { delivery, members }: Pick<ReadySend, 'delivery' | 'members'>,
  { kind }: Pick<KindDescription, 'kind'>,
  wait: { reason: ReasonCode; delayMs?: number } | undefined,
): DeliveryOutcome[] {
  if (wait !== undefined) metrics.putOff.inc({ kind, reason: wait.reason });
  return [delivery, ...members].map((one) => {
    const delayMs = wait?.delayMs ?? (one.heldFor === null ? undefined : heldAgainMs);
    return { ...withoutAttempt(one, 'pending', one.heldFor ?? wait?.reason), delayMs };
  });
}

/** What found no room at its endpoint comes again after this time, or up to twice as long. */
const busyDelayMs = 5_000;

/** A time of its own for each, so that what finds no room does not come back together. */
export function busyWait({ random }: Pick<WorkerDeps, 'random'>): {
  reason: 'endpoint_busy';
  delayMs: number;
} {
  return { reason: 'endpoint_busy', delayMs: Math.round(busyDelayMs * (1 + random())) };
}
