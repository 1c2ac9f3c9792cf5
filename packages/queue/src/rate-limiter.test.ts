import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil, silentLog, startFaultProxy, testRedis, type FaultProxy } from '@carillon/testkit';
import fc from 'fast-check';
import { createLocalRateLimiter, createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { turnHorizonMs, type Turn } from './turns.ts';

let proxy: FaultProxy;
let limiter: RateLimiter;
let other: RateLimiter;
beforeAll(async () => {
  const { url, prefix } = testRedis('rate');
  proxy = await startFaultProxy({ port: Number(new URL(url).port) });
  const options = { redisUrl: proxy.through(url), prefix, log: silentLog };
  [limiter, other] = [createRateLimiter(options), createRateLimiter(options)];
  await reached();
});
afterAll(async () => {
  proxy.heal();
  await Promise.all([limiter.stop(), other.stop()]);
  await proxy.stop();
});

const reached = () => pollUntil(() => limiter.healthy() && other.healthy(), 10_000, 'Redis');
const start = Date.UTC(2026, 0, 1);
const at = (ms: number): Date => new Date(start + ms);
const ten = { per_second: 10, burst: 5 };

async function ask(from: RateLimiter, key: string, ms: number, fresh: number, again = 0): Promise<Turn[]> {
  const [turns = []] = await from.take([{ key, rate: ten, again, fresh }], at(ms));
  return turns;
}
const waits = (turns: readonly Turn[]) => turns.filter((one) => one.isGranted).map((one) => one.inMs);

describe('the rate of a channel', () => {
  it('lets a burst through at once and spaces out what follows, over all workers', async () => {
    const key = randomUUID();
    const turns = [...(await ask(limiter, key, 0, 4)), ...(await ask(other, key, 0, 4))];
    expect(waits(turns)).toEqual([0, 0, 0, 0, 0, 100, 200, 300]);
    expect(waits(await ask(other, key, 10_000, 6))).toEqual([0, 0, 0, 0, 0, 100]);
  });

  it('puts off what finds no turn soon, each to a time of its own, and lets nothing overtake it', async () => {
    const key = randomUUID();
    const turns = await ask(limiter, key, 0, 40);
    expect(waits(turns)).toHaveLength(5 + turnHorizonMs / 100);
    expect(turns.slice(35).map((one) => one.inMs)).toEqual([3_100, 3_200, 3_300, 3_400, 3_500]);
    const [late] = await ask(limiter, key, 100, 1);
    expect(late).toEqual({ isGranted: false, inMs: 3_500 });
    expect(waits(await ask(limiter, key, 3_100, 0, 1))).toEqual([0]);
  });

  it('is the same in Redis and in the process', async () => {
    const steps = fc.array(
      fc.record({
        passed: fc.integer({ min: -50, max: 2_000 }),
        again: fc.integer({ min: 0, max: 6 }),
        fresh: fc.integer({ min: 0, max: 20 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const rate = fc.record({
      per_second: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
      burst: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(rate, steps, async (limit, all) => {
        const local = createLocalRateLimiter();
        const key = randomUUID();
        let ms = 0;
        for (const { passed, again, fresh } of all) {
          ms += passed;
          const wish = [{ key, rate: limit, again, fresh }];
          expect(await limiter.take(wish, at(ms))).toEqual(await local.take(wish, at(ms)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('never grants more than the rate allows, however it is asked', async () => {
    const calls = fc.array(
      fc.record({ passed: fc.integer({ min: 0, max: 500 }), count: fc.integer({ min: 0, max: 15 }) }),
    );
    await fc.assert(
      fc.asyncProperty(calls, async (all) => {
        const local = createLocalRateLimiter();
        const sends: number[] = [];
        let ms = 0;
        for (const { passed, count } of all) {
          ms += passed;
          for (const waitMs of waits(await ask(local, 'one', ms, count))) sends.push(ms + waitMs);
        }
        for (const from of sends) {
          const inSecond = sends.filter((one) => one >= from && one < from + 1_000).length;
          expect(inSecond).toBeLessThanOrEqual(ten.burst + ten.per_second);
        }
      }),
    );
  });

  it('holds in each process alone while Redis is away, and over all again afterwards', async () => {
    const key = randomUUID();
    proxy.cut();
    await pollUntil(() => !limiter.healthy() && !other.healthy(), 10_000, 'the loss of Redis');
    expect(waits(await ask(limiter, key, 0, 6))).toEqual([0, 0, 0, 0, 0, 100]);
    expect(waits(await ask(other, key, 0, 6))).toEqual([0, 0, 0, 0, 0, 100]);
    proxy.heal();
    await reached();
    await ask(limiter, key, 0, 5);
    expect(waits(await ask(other, key, 0, 1))).toEqual([100]);
  });
});
