import type { KindDescription } from '@carillon/channels';
import { endpointOf } from '@carillon/channels/catalogue';
import type { ChannelId, Clock } from '@carillon/core';
import type { LoadedChannel } from '@carillon/db';

/** Of a kind's slots, what one endpoint may take, so that a slow one leaves room for the others. */
const share = 0.25;

/** As long a queue as is worked off within half a second is welcome at an endpoint, but one of some rounds in any case. */
const windowMs = 250;
const roundsMin = 4;

type Channel = LoadedChannel | null;

/** How many sends of one kind are under way to each endpoint, and how many wait for room there. */
export interface Endpoints {
  /** Whether one more may be sent to where this channel leads, and nobody waits for that. */
  hasRoom(channel: Channel): boolean;
  /** As `hasRoom`, for one who waits. */
  canEnter(channel: Channel): boolean;
  enter(channel: Channel): void;
  leave(channel: Channel): void;
  /** Counts one who waits for room from now on. */
  queue(channel: Channel): void;
  /** That one waits no longer. */
  unqueue(channel: Channel): void;
  /** Channels that lead to where so many wait that no more should be claimed for them. */
  crowded(): ChannelId[];
}

interface Endpoint {
  busy: number;
  queued: number;
  /** Those that somebody waited for here. */
  channels: Set<ChannelId>;
  isCrowded: boolean;
  /** Sends that were over in the window that runs, and in the one before it. */
  windowAtMs: number;
  ended: number;
  endedBefore: number;
}

export function createEndpoints(
  kind: Pick<KindDescription, 'kind' | 'slots' | 'staysInside'>,
  clock: Pick<Clock, 'monotonicMs'>,
  onRelief: (room: number) => void,
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
    const endpoint = endpoints.get(name) ?? newEndpoint(clock.monotonicMs());
    endpoint[what] += by;
    if (what === 'queued' && channel !== null) endpoint.channels.add(channel.id);
    if (what === 'busy' && by === -1) countEnd(endpoint, clock.monotonicMs());
    if (what === 'queued') judge(endpoint);
    if (endpoint.busy === 0 && endpoint.queued === 0) endpoints.delete(name);
    else endpoints.set(name, endpoint);
  }

  /** Crowded from so many on, until half of them are gone: else each that leaves would bring in one. */
  function judge(endpoint: Endpoint): void {
    const { queued, isCrowded, ended, endedBefore, windowAtMs } = endpoint;
    const isStale = clock.monotonicMs() - windowAtMs >= 2 * windowMs;
    const many = Math.max(roundsMin * max, isStale ? 0 : ended + endedBefore);
    endpoint.isCrowded = queued >= (isCrowded ? many / 2 : many);
    if (!isCrowded || endpoint.isCrowded) return;
    endpoint.channels.clear();
    onRelief(many);
  }

  function canEnter(channel: Channel): boolean {
    return (endpoints.get(nameOf(channel))?.busy ?? 0) < max;
  }

  return {
    canEnter,
    hasRoom: (channel) => canEnter(channel) && (endpoints.get(nameOf(channel))?.queued ?? 0) === 0,
    enter: (channel) => change(channel, 'busy', 1),
    leave: (channel) => change(channel, 'busy', -1),
    queue: (channel) => change(channel, 'queued', 1),
    unqueue: (channel) => change(channel, 'queued', -1),
    crowded: () => [...endpoints.values()].flatMap((one) => (one.isCrowded ? [...one.channels] : [])),
  };
}

/** For what leaves no worker. */
const endless: Endpoints = {
  ...{ hasRoom: () => true, canEnter: () => true, crowded: () => [] },
  ...{ enter: () => undefined, leave: () => undefined, queue: () => undefined, unqueue: () => undefined },
};

function newEndpoint(windowAtMs: number): Endpoint {
  const channels = new Set<ChannelId>();
  return { busy: 0, queued: 0, channels, isCrowded: false, windowAtMs, ended: 0, endedBefore: 0 };
}

function countEnd(endpoint: Endpoint, nowMs: number): void {
  const passedMs = nowMs - endpoint.windowAtMs;
  if (passedMs >= windowMs) {
    endpoint.endedBefore = passedMs < 2 * windowMs ? endpoint.ended : 0;
    endpoint.ended = 0;
    endpoint.windowAtMs = nowMs;
  }
  endpoint.ended += 1;
}
