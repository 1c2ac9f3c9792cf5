import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '@carillon/core';

/** What a connection is for decides how it behaves when Redis is away. */
export type ConnectionUse = 'producer' | 'consumer' | 'subscriber';

export interface RedisConnectOptions {
  url: string;
  use: ConnectionUse;
  log: Log;
}

/**
 * The one place where connections to Redis are made. TLS (`rediss://`), ACL users and database
 * numbers come with the URL; `redis+sentinel://[user:password@]host:port,host:port/name[/db]` finds
 * its primary through Sentinel.
 *
 * A producer fails fast, because what it says is only a hint: at most half a second is lost when
 * Redis is silent. A consumer waits for ever, but its socket does not: a half-open link is noticed
 * after fifteen seconds without an answer.
 */
export function connectRedis(options: RedisConnectOptions): Redis {
  const { url, settings } = redisTargetOf(options.url);
  const all: RedisOptions & { replyMapping: 'legacy' } = {
    ...settings,
    connectTimeout: 1_000,
    // After a failover the old primary answers READONLY: reconnect, and send the command again.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? (2 as const) : false),
    ...byUse[options.use],
    replyMapping: 'legacy',
  };
  const redis = url === undefined ? new Redis(all) : new Redis(url, all);
  const state = { lost: false };
  redis.on('error', (error: Error) => {
    if (state.lost) return;
    state.lost = true;
    options.log.warn({ event: 'redis.connection_lost', use: options.use, detail: error.message });
  });
  redis.on('ready', () => {
    if (!state.lost) return;
    state.lost = false;
    options.log.info({ event: 'redis.connection_restored', use: options.use });
  });
  return redis;
}

const byUse: Record<ConnectionUse, RedisOptions> = {
  producer: {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 500,
    socketTimeout: 15_000,
  },
  consumer: { maxRetriesPerRequest: null, socketTimeout: 15_000 },
  subscriber: { maxRetriesPerRequest: null, socketTimeout: 15_000 },
};

const sentinelScheme = 'redis+sentinel://';

/** A URL that ioredis takes as it is, or the settings that a Sentinel URL means. */
export function redisTargetOf(text: string): { url: string | undefined; settings: RedisOptions } {
  if (!text.startsWith(sentinelScheme)) return { url: text, settings: {} };
  const match = /^(?:([^@/]*)@)?([^/]+)\/([^/]+)(?:\/(\d+))?$/.exec(text.slice(sentinelScheme.length));
  if (match?.[2] === undefined || match[3] === undefined) {
    throw new TypeError(`REDIS_URL is not of the form ${sentinelScheme}host:port,host:port/name[/db]`);
  }
  const [username, password] = (match[1] ?? '').split(':').map(decodeURIComponent);
  const sentinels = match[2].split(',').map((address) => {
    const [host, port] = address.split(':');
    return { host: host ?? '127.0.0.1', port: Number(port ?? 26_379) };
  });
  return {
    url: undefined,
    settings: {
      sentinels,
      name: match[3],
      db: Number(match[4] ?? 0),
      ...(username !== undefined && username !== '' && { username }),
      ...(password !== undefined && { password }),
    },
  };
}

/** Closes a connection without waiting for a server that may be gone. */
export function disconnectRedis(redis: Redis): void {
  redis.disconnect(false);
}
