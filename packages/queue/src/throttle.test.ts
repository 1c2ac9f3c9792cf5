import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil, silentLog, startFaultProxy, testRedis, type FaultProxy } from '@carillon/testkit';
import { connectRedis, disconnectRedis } from './connection.ts';
import { createThrottle, type Throttle, type ThrottleLimit } from './throttle.ts';

const limit: ThrottleLimit = { name: 'test', points: 5, windowSeconds: 60 };
const log = silentLog;

let proxy: FaultProxy;
let redis: { redisUrl: string; prefix: string };
let throttle: Throttle;
let other: Throttle;
beforeAll(async () => {
  const { url, prefix } = testRedis('throttle');
  proxy = await startFaultProxy({ port: Number(new URL(url).port) });
  redis = { redisUrl: proxy.through(url), prefix };
  [throttle, other] = [createThrottle({ ...redis, log }), createThrottle({ ...redis, log })];
  await reached();
});
afterAll(async () => {
  proxy.heal();
  await Promise.all([throttle.stop(), other.stop()]);
  await proxy.stop();
});

const reached = () => pollUntil(() => throttle.healthy() && other.healthy(), 10_000, 'Redis');

async function takeMany(from: Throttle, key: string, times: number): Promise<number> {
  const taken = await Promise.all(Array.from({ length: times }, () => from.take(limit, key)));
  return taken.filter((waitMs) => waitMs === undefined).length;
}

describe('a throttle', () => {
  it('lets as many through as there are points, however many come at once, over all instances', async () => {
    const key = randomUUID();
    const [one, two] = await Promise.all([takeMany(throttle, key, 10), takeMany(other, key, 10)]);
    expect(one + two).toBe(5);
  });

  it('tells when to come again, which is within the window', async () => {
    const key = randomUUID();
    await takeMany(throttle, key, 5);
    const waitMs = await throttle.take(limit, key);
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  it('tells how many points are left, and when there are all of them again', async () => {
    const key = randomUUID();
    const told = [];
    for (let round = 0; round < 6; round += 1) told.push(await throttle.count(limit, key));
    expect(told.map(({ remaining }) => remaining)).toEqual([4, 3, 2, 1, 0, 0]);
    expect(told.map(({ retryAfterMs }) => retryAfterMs === undefined)).toEqual([
      ...[true, true, true, true, true, false],
    ]);
    for (const { resetMs } of told) {
      expect(resetMs).toBeGreaterThan(30_000);
      expect(resetMs).toBeLessThanOrEqual(60_000);
    }
  });

  it('does not count what is given back, and keeps keys apart', async () => {
    const [key, another] = [randomUUID(), randomUUID()];
    for (let round = 0; round < 12; round += 1) {
      expect(await throttle.take(limit, key)).toBeUndefined();
      await throttle.giveBack(limit, key);
    }
    expect(await takeMany(throttle, key, 10)).toBe(5);
    expect(await takeMany(throttle, another, 10)).toBe(5);
  });

  it('leaves keys that end by themselves', async () => {
    const key = randomUUID();
    await throttle.take(limit, key);
    const client = connectRedis({ url: testRedis('throttle').url, use: 'consumer', log });
    const livesMs = await client.pttl(`${redis.prefix}:throttle:test:${key}`);
    disconnectRedis(client);
    expect(livesMs).toBeGreaterThan(0);
  });

  it('counts by itself while Redis is away, and together with others when it is back', async () => {
    proxy.cut();
    await pollUntil(() => !throttle.healthy(), 10_000, 'the cut');
    const key = randomUUID();
    expect(await takeMany(throttle, key, 20)).toBe(5);
    expect(await throttle.take(limit, key)).toBeGreaterThan(0);
    proxy.heal();
    await reached();
    const [one, two] = await Promise.all([takeMany(throttle, key, 10), takeMany(other, key, 10)]);
    expect(one + two).toBe(5);
  });
});
