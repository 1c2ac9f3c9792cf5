import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createThrottle, type Throttle } from '@carillon/queue';
import { pollUntil, silentLog, testRedis } from '@carillon/testkit';
import { countWrong } from './wrong-passwords.ts';

let throttle: Throttle;
beforeAll(async () => {
  const { url, prefix } = testRedis('wrong-passwords');
  throttle = createThrottle({ redisUrl: url, prefix, log: silentLog });
  await pollUntil(() => throttle.healthy(), 10_000, 'Redis');
});
afterAll(() => throttle.stop());

const right = async () => true as const;
const wrong = async () => undefined;
const tryOne = (accounts: string[], clientIp: string | undefined, attempt: () => Promise<true | undefined>) =>
  countWrong({ throttle }, { accounts, clientIp }, attempt).catch((error: unknown) => error);
const refused = expect.objectContaining({ code: 'rate.limited', retryAfterMs: expect.any(Number) });

describe('wrong passwords', () => {
  it('are taken five times in a minute for an account, wherever they come from', async () => {
    const account = randomUUID();
    for (let count = 0; count < 5; count += 1)
      expect(await tryOne([account], `198.51.100.${count}`, wrong)).toBeUndefined();
    expect(await tryOne([account], '198.51.100.9', right)).toEqual(refused);
    expect(await tryOne([randomUUID()], '198.51.100.9', right)).toBe(true);
  });

  it('of several accounts at once count for each of them', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    for (let count = 0; count < 5; count += 1) await tryOne([one, other], undefined, wrong);
    expect(await tryOne([other], undefined, right)).toEqual(refused);
  });

  it('are taken thirty times in a minute from a client, whosever they are', async () => {
    const network = `2001:db8:${randomUUID().slice(0, 4)}:1:`;
    for (let count = 0; count < 30; count += 1)
      expect(await tryOne([randomUUID()], `${network}:${count}`, wrong)).toBeUndefined();
    expect(await tryOne([randomUUID()], `${network}:ffff`, right)).toEqual(refused);
  });

  it('do not slip through when many come at once', async () => {
    const account = randomUUID();
    const tries = await Promise.all(Array.from({ length: 20 }, () => tryOne([account], undefined, wrong)));
    expect(tries.filter((one) => one === undefined)).toHaveLength(5);
  });

  it('are what counts: right ones may come as often as they like', async () => {
    const account = randomUUID();
    for (let count = 0; count < 40; count += 1) {
      expect(await tryOne([account], '203.0.113.77', right)).toBe(true);
    }
  });
});
