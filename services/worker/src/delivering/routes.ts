import { rateOf } from '@carillon/channels/catalogue';
import { chooseChannel, type ChannelId, type ChannelRate, type DeliveryId } from '@carillon/core';
import type { ClaimedDelivery, LoadedChannel } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

type RouteDeps = Pick<WorkerDeps, 'circuits' | 'rateLimiter'>;

/** Through which channel a delivery goes and when, or what it waits for. */
export type Route =
  | { channel: LoadedChannel; waitMs: number }
  | { reason: 'circuit_open' }
  | { reason: 'rate_limited'; delayMs: number };

/**
 * Finds the way of each delivery that would be sent now: around channels that do not work, and at the rate of the one
 * it takes. Asks nobody where all channels work and none has a rate.
 */
export async function routeDeliveries(
  deps: RouteDeps,
  deliveries: readonly ClaimedDelivery[],
): Promise<Map<DeliveryId, Route>> {
  const routes = new Map<DeliveryId, Route>();
  const limited = new Map<ChannelId, Limited>();
  const probed = new Set<ChannelId>();
  for (const delivery of deliveries) {
    const channel = await findChannel(deps, delivery, probed);
    const rate = channel && rateOf(delivery.kind, channel);
    if (channel === undefined) routes.set(delivery.id, { reason: 'circuit_open' });
    else if (rate === undefined) routes.set(delivery.id, { channel, waitMs: 0 });
    else addLimited(limited, channel, rate, delivery);
  }
  if (limited.size > 0) await giveTurns(deps, [...limited.values()], routes, deliveries[0]?.now);
  return routes;
}

interface Limited {
  channel: LoadedChannel;
  rate: ChannelRate;
  again: DeliveryId[];
  fresh: DeliveryId[];
}

/** One probe of a channel at a time, over all workers; who does not get it goes another way, or waits. */
async function findChannel(
  { circuits }: Pick<WorkerDeps, 'circuits'>,
  { channel, channels }: ClaimedDelivery,
  probed: Set<ChannelId>,
): Promise<LoadedChannel | undefined> {
  if (channel === null || !channel.open) return channel ?? undefined;
  const choice = chooseChannel(channels, channel);
  if (choice === undefined || !choice.isProbe) return choice?.channel;
  const { id } = choice.channel;
  if (!probed.has(id)) {
    probed.add(id);
    if (await circuits.takeProbe(id)) return choice.channel;
  }
  const noProbes = channels.map((one) => ({ ...one, probeDue: false }));
  return chooseChannel(noProbes, channel)?.channel;
}

function addLimited(
  limited: Map<ChannelId, Limited>,
  channel: LoadedChannel,
  rate: ChannelRate,
  { id, wasRateLimited }: ClaimedDelivery,
): void {
  const known = limited.get(channel.id) ?? { channel, rate, again: [], fresh: [] };
  limited.set(channel.id, known);
  known[wasRateLimited ? 'again' : 'fresh'].push(id);
}

async function giveTurns(
  { rateLimiter }: Pick<WorkerDeps, 'rateLimiter'>,
  limited: readonly Limited[],
  routes: Map<DeliveryId, Route>,
  now = new Date(0),
): Promise<void> {
  const requests = limited.map(({ channel, rate, again, fresh }) => ({
    ...{ key: channel.id, rate, again: again.length, fresh: fresh.length },
  }));
  const turns = await rateLimiter.take(requests, now);
  limited.forEach(({ channel, again, fresh }, index) => {
    [...again, ...fresh].forEach((id, nth) => {
      const turn = turns[index]?.[nth];
      const route: Route =
        turn?.isGranted === true
          ? { channel, waitMs: turn.inMs }
          : { reason: 'rate_limited', delayMs: turn?.inMs ?? 0 };
      routes.set(id, route);
    });
  });
}
