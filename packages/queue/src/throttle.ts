import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Log } from '@carillon/core';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix } from './names.ts';

/** How often something may happen: `points` in a window that begins with the first. */
export interface ThrottleLimit {
  /** Names what is counted, as a part of keys in Redis. */
  name: string;
  points: number;
  windowSeconds: number;
}

/** How a limit stands after a point was asked for. */
export interface ThrottleState {
  /** Points that are left in this window. */
  remaining: number;
  /** When there are all points again. */
  resetMs: number;
  /** Undefined when there was a point; else after how many milliseconds there will be one. */
  retryAfterMs: number | undefined;
}

export interface Throttle {
  /**
   * Takes a point before what it stands for is done, so that many at once cannot slip through together.
   * Undefined when there was one; else after how many milliseconds there will be.
   */
  take(limit: ThrottleLimit, key: string): Promise<number | undefined>;
  /** As `take`, and tells how the limit stands then. */
  count(limit: ThrottleLimit, key: string): Promise<ThrottleState>;
  /** Gives back what `take` took, because it need not have been counted. */
  giveBack(limit: ThrottleLimit, key: string): Promise<void>;
  /** Whether it counts over all instances at this moment. */
  healthy(): boolean;
  stop(): Promise<void>;
}

export interface ThrottleOptions {
  redisUrl: string;
  log: Log;
  prefix?: string;
}

/**
 * Counts over all instances in Redis, and in this process alone while Redis is away: then each instance lets as
 * many through as all together would otherwise, and none is unguarded. Keys stand in Redis as they are, so they
 * must tell nothing about anybody.
 */
export function createThrottle(options: ThrottleOptions): Throttle {
  const redis = connectRedis({ url: options.redisUrl, use: 'producer', log: options.log });
  const limiters = new Map<string, RateLimiterRedis>();

  function limiterOf({ name, points, windowSeconds }: ThrottleLimit): RateLimiterRedis {
    const existing = limiters.get(name);
    if (existing !== undefined) return existing;
    const counted = { points, duration: windowSeconds };
    const made = new RateLimiterRedis({
      ...{ ...counted, storeClient: redis, rejectIfRedisNotReady: true },
      keyPrefix: `${options.prefix ?? defaultPrefix}:throttle:${name}`,
      insuranceLimiter: new RateLimiterMemory({ ...counted, keyPrefix: name }),
    });
    limiters.set(name, made);
    return made;
  }

  async function count(limit: ThrottleLimit, key: string): Promise<ThrottleState> {
    try {
      return toState(await limiterOf(limit).consume(key), false);
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return toState(refused, true);
      throw refused;
    }
  }

  return {
    take: async (limit, key) => (await count(limit, key)).retryAfterMs,
    count,
    async giveBack(limit, key) {
      await limiterOf(limit).reward(key);
    },
    healthy: () => redis.status === 'ready',
    stop: async () => disconnectRedis(redis),
  };
}

function toState({ remainingPoints, msBeforeNext }: RateLimiterRes, isRefused: boolean): ThrottleState {
  const resetMs = Math.max(1, msBeforeNext);
  return {
    remaining: Math.max(0, remainingPoints),
    ...{ resetMs, retryAfterMs: isRefused ? resetMs : undefined },
  };
}
