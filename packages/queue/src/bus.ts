import type { Log, OrganizationId, UserId } from '@carillon/core';
import { hintUsersMax, parseInboxHint, parseOrganizationHint } from '@carillon/contracts/jobs';
import { every } from '@carillon/runtime';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix, inboxHintChannel, organizationHintChannel } from './names.ts';

export interface BusOptions {
  redisUrl: string;
  log: Log;
  prefix?: string;
}

/** An inbox that was written to. */
export interface InboxMove {
  userId: UserId;
  organizationId: OrganizationId;
  /** The sequence that it has reached. */
  head: number;
  /** The one before, where it is not the number before `head`: after several writes. */
  after?: number;
}

export interface InboxPublisher {
  /**
   * Tells everybody who listens that these inboxes moved: each to its user, and all of one organization together to
   * whoever sees all of it. Best effort: never throws, never waits long.
   */
  publish(moves: readonly InboxMove[]): Promise<boolean>;
  healthy(): boolean;
  stop(): Promise<void>;
}

/** Publishes each message to the channel before it: one command to make and to answer instead of one per user. */
const publishAll = `for i = 1, #ARGV, 2 do redis.call('publish', ARGV[i], ARGV[i + 1]) end`;

export function createInboxPublisher(options: BusOptions): InboxPublisher {
  const redis = connectRedis({ url: options.redisUrl, use: 'producer', log: options.log });
  const prefix = options.prefix ?? defaultPrefix;
  const state = { healthy: true };
  return {
    async publish(moves) {
      if (moves.length === 0) return true;
      try {
        if (redis.status !== 'ready') throw new Error(`connection is ${redis.status}`);
        const toUsers = moves.flatMap(({ userId, head }) => [
          inboxHintChannel(prefix, userId),
          JSON.stringify({ v: 1, sequences: { [userId]: head } }),
        ]);
        await redis.eval(publishAll, 0, ...toUsers, ...toOrganizations(prefix, moves));
        state.healthy = true;
      } catch (cause) {
        if (state.healthy) options.log.warn({ event: 'hint.not_published', detail: String(cause) });
        state.healthy = false;
      }
      return state.healthy;
    },
    healthy: () => state.healthy,
    stop: async () => disconnectRedis(redis),
  };
}

/** Channels and messages in turn. Nearly always it is one: a write is one organization's, a flush mostly. */
function toOrganizations(prefix: string, moves: readonly InboxMove[]): string[] {
  const byOrganization = new Map<OrganizationId, [UserId, number, number][]>();
  for (const { userId, organizationId, head, after = head - 1 } of moves) {
    const ofOne = byOrganization.get(organizationId);
    if (ofOne === undefined) byOrganization.set(organizationId, [[userId, after, head]]);
    else ofOne.push([userId, after, head]);
  }
  const told: string[] = [];
  for (const [organizationId, all] of byOrganization) {
    const channel = organizationHintChannel(prefix, organizationId);
    for (let start = 0; start < all.length; start += hintUsersMax)
      told.push(channel, JSON.stringify({ v: 1, moves: all.slice(start, start + hintUsersMax) }));
  }
  return told;
}

export interface InboxSubscriber {
  /** Resolves when Redis confirmed, or at once when it is away: the heartbeat serves until it is back. */
  subscribe(userId: UserId): Promise<void>;
  unsubscribe(userId: UserId): Promise<void>;
  /** As `subscribe`, for all users of an organization. */
  subscribeOrganization(organizationId: OrganizationId): Promise<void>;
  unsubscribeOrganization(organizationId: OrganizationId): Promise<void>;
  healthy(): boolean;
  stop(): Promise<void>;
}

export interface InboxListener {
  onHint(userId: UserId, head: number): void;
  onMoves(moves: InboxMove[]): void;
  /** Hints may have been missed. */
  onReconnect(): void;
}

/**
 * Listens for hints about users and organizations. A hint is only "user u is at n": what changed is read from
 * PostgreSQL, so a forged or lost one does no harm.
 */
export function createInboxSubscriber(options: BusOptions & InboxListener): InboxSubscriber {
  const redis = connectRedis({ url: options.redisUrl, use: 'subscriber', log: options.log });
  const prefix = options.prefix ?? defaultPrefix;
  const organizationPrefix = organizationHintChannel(prefix, '');
  redis.on('message', (channel: string, message: string) => {
    if (channel.startsWith(organizationPrefix)) {
      const organizationId = channel.slice(organizationPrefix.length) as OrganizationId;
      const moves = parseOrganizationHint(parseJson(message))?.moves.map(
        ([userId, after, head]): InboxMove => ({ userId: userId as UserId, organizationId, after, head }),
      );
      if (moves !== undefined) options.onMoves(moves);
      return;
    }
    const hint = parseInboxHint(parseJson(message));
    if (hint === undefined) return;
    for (const [userId, head] of Object.entries(hint.sequences)) options.onHint(userId as UserId, head);
  });
  redis.on('ready', () => options.onReconnect());
  // Without traffic a half-open link looks like a quiet one; the socket timeout needs an answer to wait for.
  const pinging = every(5_000, () => redis.ping().then(() => undefined), { onError: () => undefined });

  async function subscribe(channel: string): Promise<void> {
    // While Redis is away ioredis keeps the wish and subscribes when it is back.
    const subscribed = redis.subscribe(channel).catch(() => undefined);
    if (redis.status === 'ready') await subscribed;
  }
  async function unsubscribe(channel: string): Promise<void> {
    if (redis.status === 'ready') await redis.unsubscribe(channel).catch(() => undefined);
  }

  return {
    subscribe: (userId) => subscribe(inboxHintChannel(prefix, userId)),
    unsubscribe: (userId) => unsubscribe(inboxHintChannel(prefix, userId)),
    subscribeOrganization: (id) => subscribe(organizationHintChannel(prefix, id)),
    unsubscribeOrganization: (id) => unsubscribe(organizationHintChannel(prefix, id)),
    healthy: () => redis.status === 'ready',
    async stop() {
      // Not waited for: while Redis is away its ping waits for a connection that never comes.
      void pinging.stop();
      disconnectRedis(redis);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
