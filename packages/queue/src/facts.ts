import type { Log } from '@carillon/core';
import { connectRedis, disconnectRedis } from './connection.ts';

/** What an operator wants to know of a Redis (or Valkey) server. */
export interface RedisFacts {
  /** Of the protocol: Valkey says 7.2.4 here, whichever it is. */
  version: string;
  name: 'Redis' | 'Valkey';
  /** `noeviction`, or what loses hints when memory runs out; undefined where the server does not say. */
  evictionPolicy: string | undefined;
  usedBytes: number;
  /** 0: no limit. */
  limitBytes: number;
  /** A question and its answer, the quickest of five. */
  roundTripMs: number;
  now: Date;
}

/** Rejects within 15 seconds when the server does not answer, or does not take the password. */
export async function loadRedisFacts({
  url,
  log,
  monotonicMs,
}: {
  url: string;
  log: Log;
  /** Measures how long an answer takes. */
  monotonicMs: () => number;
}): Promise<RedisFacts> {
  // Who examines has more patience than who leaves a hint.
  const redis = connectRedis({ url, use: 'consumer', log });
  try {
    await new Promise<void>((resolve, reject) => {
      redis.once('ready', () => resolve());
      redis.once('error', reject);
    });
    let roundTripMs = Infinity;
    for (let count = 0; count < 5; count += 1) {
      const startMs = monotonicMs();
      await redis.ping();
      roundTripMs = Math.min(roundTripMs, monotonicMs() - startMs);
    }
    const [seconds, microseconds] = await redis.time();
    const fields = parseInfo(await redis.info());
    return {
      version: fields.get('redis_version') ?? '0',
      name: fields.has('valkey_version') ? 'Valkey' : 'Redis',
      evictionPolicy: fields.get('maxmemory_policy'),
      usedBytes: Number(fields.get('used_memory') ?? 0),
      limitBytes: Number(fields.get('maxmemory') ?? 0),
      roundTripMs,
      now: new Date(Number(seconds) * 1_000 + Number(microseconds) / 1_000),
    };
  } finally {
    disconnectRedis(redis);
  }
}

/** The lines `name:value` of INFO (redis.io, INFO). */
function parseInfo(text: string): Map<string, string> {
  return new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon <= 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}
