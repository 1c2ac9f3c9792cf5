import type { ChannelRate, Log } from '@carillon/core';
import type { Redis } from 'ioredis';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix } from './names.ts';
import { takeTurns, takeTurnsScript, turnHorizonMs, type Turn, type TurnState } from './turns.ts';

/** Messages that want to go out under the limit of one channel. */
export interface TurnRequest {
  /** Names the limit: the id of a channel. */
  key: string;
  rate: ChannelRate;
  /** Messages that were put off before: they come first. */
  again: number;
  fresh: number;
}

/** Spaces messages out, over all workers. */
export interface RateLimiter {
  /**
   * One turn for each message of each request, in their order, those that come again first. `now` is the clock of the
   * database: limits are shared by workers whose own clocks differ. Never throws.
   */
  take(requests: readonly TurnRequest[], now: Date): Promise<Turn[][]>;
  /** Whether it counts over all workers at this moment. */
  healthy(): boolean;
  stop(): Promise<void>;
}

export interface RateLimiterOptions {
  redisUrl: string;
  log: Log;
  prefix?: string;
}

/** A connection with the script as a command: the client sends its text only where the server has it not yet. */
interface RateRedis extends Redis {
  carillonTurns(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<number[][]>;
}

/**
 * Keeps the buckets in Redis, and in this process alone while Redis is away: then each worker sends at the rate that
 * all together would otherwise, and none is unguarded.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const redis = connectRedis({ url: options.redisUrl, use: 'producer', log: options.log });
  redis.defineCommand('carillonTurns', { lua: takeTurnsScript });
  const local = createLocalRateLimiter();
  const prefix = `${options.prefix ?? defaultPrefix}:rate:`;
  const state = { healthy: true };
  return {
    async take(requests, now) {
      try {
        if (redis.status !== 'ready') throw new Error(`connection is ${redis.status}`);
        const answer = await (redis as RateRedis).carillonTurns(
          requests.length,
          ...requests.map(({ key }) => prefix + key),
          ...[now.getTime() * 1_000, turnHorizonMs * 1_000],
          ...requests.flatMap((one) => [spacingOf(one.rate), one.rate.burst, one.again, one.fresh]),
        );
        state.healthy = true;
        return answer.map((turns) => turns.map(toTurn));
      } catch (cause) {
        if (state.healthy) options.log.warn({ event: 'rate_limit.local', detail: String(cause) });
        state.healthy = false;
        return local.take(requests, now);
      }
    },
    healthy: () => redis.status === 'ready',
    stop: async () => disconnectRedis(redis),
  };
}

/** Buckets of this process alone. */
export function createLocalRateLimiter(): RateLimiter {
  const states = new Map<string, TurnState>();
  return {
    async take(requests, now) {
      const nowMicros = now.getTime() * 1_000;
      return requests.map(({ key, rate, again, fresh }) => {
        const wish = { spacing: spacingOf(rate), burst: rate.burst, again, fresh };
        const [state, turns] = takeTurns(states.get(key), wish, nowMicros);
        states.set(key, state);
        return turns;
      });
    },
    healthy: () => true,
    stop: async () => undefined,
  };
}

function spacingOf({ per_second: perSecond }: ChannelRate): number {
  return Math.ceil(1_000_000 / perSecond);
}

function toTurn(waitMs: number): Turn {
  return { isGranted: waitMs >= 0, inMs: Math.abs(waitMs) };
}
