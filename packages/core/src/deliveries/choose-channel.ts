import type { ChannelId } from '../vocabulary.ts';

/** How many messages a channel may send: so many a second on average, and so many at once after a pause. */
export interface ChannelRate {
  per_second: number;
  burst: number;
}

/** What decides whether a channel can be sent through now. */
export interface ChannelStanding {
  id: ChannelId;
  enabled: boolean;
  /** Its target failed so often in a row that nothing but probes is sent to it. */
  open: boolean;
  /** A probe of an open one is due. */
  probeDue: boolean;
  /** Somebody paused it: what is assigned to it waits, and nothing falls back to it. */
  paused: boolean;
}

/** Through which channel a delivery goes now; undefined when it has to wait until one of them works again. */
export type ChannelChoice<Channel> =
  | { channel: Channel; isProbe: boolean }
  /** None is closed, and no probe is due. */
  | undefined;

/**
 * Chooses among the channels of one kind, which are in the order in which they are tried. The assigned one is kept
 * while it works. An open one that comes before the one that works is probed when its time has come, so that what
 * falls back comes home again.
 */
export function chooseChannel<Channel extends ChannelStanding>(
  channels: readonly Channel[],
  assigned: Channel,
): ChannelChoice<Channel> {
  if (!assigned.open) return { channel: assigned, isProbe: false };
  const working = firstWorking(channels);
  const probed = channels.find(
    ({ enabled, open, probeDue, paused }) => enabled && open && probeDue && !paused,
  );
  if (probed !== undefined) return { channel: probed, isProbe: true };
  return working && { channel: working, isProbe: false };
}

/** The first one that is switched on, not paused, and works. */
export function firstWorking<Channel extends ChannelStanding>(
  channels: readonly Channel[],
): Channel | undefined {
  return channels.find(({ enabled, open, paused }) => enabled && !open && !paused);
}

/**
 * Which channel is tried next after one failed in a way that may pass: the next in order that works. At the end of
 * the order there is none, and the schedule of retries begins with the first again.
 */
export function channelAfter<Channel extends ChannelStanding>(
  channels: readonly Channel[],
  failed: ChannelId,
): Channel | undefined {
  const place = channels.findIndex(({ id }) => id === failed);
  return place === -1 ? undefined : firstWorking(channels.slice(place + 1));
}
