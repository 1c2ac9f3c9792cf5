import type { KindDescription } from '@carillon/channels';
import { endpointOf } from '@carillon/channels/catalogue';
import type { Clock } from '@carillon/core';
import type { LoadedChannel } from '@carillon/db';

/** Of a kind's slots, what one endpoint may take, so that a slow one leaves room for the others. */
const share = 0.25;

/** How many may wait for one endpoint: a second's work of a fast one. */
const queueMax = 1_000;

/** Those who will have room within this time keep their slots meanwhile, so that no more is claimed than can be sent. */
const soonMs = 100;
const windowMs = 250;

type Channel = LoadedChannel | null;

/** How many sends of one kind are under way to each endpoint, and how many wait for room there. */
export interface Endpoints {
  /** Whether one more may be sent to where this channel leads, and nobody waits for that. */
  hasRoom(channel: Channel): boolean;
  /** As `hasRoom`, for one who waits. */
  canEnter(channel: Channel): boolean;
  enter(channel: Channel): void;
  leave(channel: Channel): void;
  /** Counts one who waits from now on; false when too many do. */
  queue(channel: Channel): boolean;
  /** That one waits no longer. */
  unqueue(channel: Channel): void;
  /** Slots that are kept for those who wait at endpoints that are quick. */
  heldSlots(): number;
}

interface Endpoint {
  busy: number;
  queued: number;
  /** Sends that were over in the window that runs, and in the one before it. */
  windowAtMs: number;
  ended: number;
  endedBefore: number;
}

export function createEndpoints(
  kind: Pick<KindDescription, 'kind' | 'slots' | 'staysInside'>,
  clock: Pick<Clock, 'monotonicMs'>,
): Endpoints {
  if (kind.staysInside === true) return endless;
  const max = Math.max(1, Math.floor(kind.slots * share));
  const endpoints = new Map<string, Endpoint>();
  // Channels are loaded once for a batch: their addresses are read once for it.
  const names = new WeakMap<LoadedChannel, string>();

  function nameOf(channel: Channel): string {
    if (channel === null) return '';
    const name = names.get(channel) ?? endpointOf(kind.kind, channel) ?? channel.id;
    names.set(channel, name);
    return name;
  }

  function change(channel: Channel, what: 'busy' | 'queued', by: 1 | -1): void {
    const name = nameOf(channel);
    const fresh = { busy: 0, queued: 0, windowAtMs: clock.monotonicMs(), ended: 0, endedBefore: 0 };
    const endpoint = endpoints.get(name) ?? fresh;
    endpoint[what] += by;
    if (what === 'busy' && by === -1) countEnd(endpoint, clock.monotonicMs());
    if (endpoint.busy === 0 && endpoint.queued === 0) endpoints.delete(name);
    else endpoints.set(name, endpoint);
  }

  function canEnter(channel: Channel): boolean {
    return (endpoints.get(nameOf(channel))?.busy ?? 0) < max;
  }

  return {
    canEnter,
    hasRoom: (channel) => canEnter(channel) && (endpoints.get(nameOf(channel))?.queued ?? 0) === 0,
    enter: (channel) => change(channel, 'busy', 1),
    leave: (channel) => change(channel, 'busy', -1),
    queue(channel) {
      if ((endpoints.get(nameOf(channel))?.queued ?? 0) >= queueMax) return false;
      change(channel, 'queued', 1);
      return true;
    },
    unqueue: (channel) => change(channel, 'queued', -1),
    heldSlots() {
      const nowMs = clock.monotonicMs();
      let held = 0;
      for (const endpoint of endpoints.values()) held += Math.min(endpoint.queued, endsSoon(endpoint, nowMs));
      return held;
    },
  };
}

/** For what leaves no worker. */
const endless: Endpoints = {
  ...{ hasRoom: () => true, canEnter: () => true, queue: () => true, heldSlots: () => 0 },
  ...{ enter: () => undefined, leave: () => undefined, unqueue: () => undefined },
};

function countEnd(endpoint: Endpoint, nowMs: number): void {
  const passedMs = nowMs - endpoint.windowAtMs;
  if (passedMs >= windowMs) {
    endpoint.endedBefore = passedMs < 2 * windowMs ? endpoint.ended : 0;
    endpoint.ended = 0;
    endpoint.windowAtMs = nowMs;
  }
  endpoint.ended += 1;
}

/** How many sends will be over soon, as it went in the last half second. */
function endsSoon({ windowAtMs, ended, endedBefore }: Endpoint, nowMs: number): number {
  const passedMs = nowMs - windowAtMs;
  if (passedMs >= 2 * windowMs) return 0;
  return Math.floor(((ended + endedBefore) * soonMs) / (passedMs + (endedBefore > 0 ? windowMs : 0) + 1));
}
