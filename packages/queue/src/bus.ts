import type { Log, UserId } from '@carillon/core';
import { parseInboxHint } from '@carillon/contracts/jobs';
import { every } from '@carillon/runtime';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix, inboxHintChannel } from './names.ts';

export interface BusOptions {
  redisUrl: string;
  log: Log;
  prefix?: string;
}

export interface InboxPublisher {
  /** Tells everybody who listens that these inboxes moved. Best effort: never throws, never waits long. */
  publish(heads: readonly { userId: UserId; head: number }[]): Promise<boolean>;
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
    async publish(heads) {
      if (heads.length === 0) return true;
      try {
        if (redis.status !== 'ready') throw new Error(`connection is ${redis.status}`);
        const told = heads.flatMap(({ userId, head }) => [
          inboxHintChannel(prefix, userId),
          JSON.stringify({ v: 1, sequences: { [userId]: head } }),
        ]);
        await redis.eval(publishAll, 0, ...told);
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

export interface InboxSubscriber {
  /** Resolves when Redis confirmed, or at once when it is away: the heartbeat serves until it is back. */
  subscribe(userId: UserId): Promise<void>;
  unsubscribe(userId: UserId): Promise<void>;
  healthy(): boolean;
  stop(): Promise<void>;
}

/**
 * Listens for hints about users. A hint is only "user u is at n": what changed is read from
 * PostgreSQL, so a forged or lost one does no harm. `onReconnect` tells that hints may have been missed.
 */
export function createInboxSubscriber(
  options: BusOptions & { onHint(userId: UserId, head: number): void; onReconnect(): void },
): InboxSubscriber {
  const redis = connectRedis({ url: options.redisUrl, use: 'subscriber', log: options.log });
  const prefix = options.prefix ?? defaultPrefix;
  redis.on('message', (_channel: string, message: string) => {
    const hint = parseInboxHint(parseJson(message));
    if (hint === undefined) return;
    for (const [userId, head] of Object.entries(hint.sequences)) options.onHint(userId as UserId, head);
  });
  redis.on('ready', () => options.onReconnect());
  // Without traffic a half-open link looks like a quiet one; the socket timeout needs an answer to wait for.
  const pinging = every(5_000, () => redis.ping().then(() => undefined), { onError: () => undefined });

  return {
    async subscribe(userId) {
      const channel = inboxHintChannel(prefix, userId);
      // While Redis is away ioredis keeps the wish and subscribes when it is back.
      const subscribed = redis.subscribe(channel).catch(() => undefined);
      if (redis.status === 'ready') await subscribed;
    },
    async unsubscribe(userId) {
      const channel = inboxHintChannel(prefix, userId);
      if (redis.status === 'ready') await redis.unsubscribe(channel).catch(() => undefined);
    },
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
