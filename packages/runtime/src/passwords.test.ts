import { performance } from 'node:perf_hooks';
import { scryptSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createPasswords } from './passwords.ts';

const passwords = createPasswords();
/** What is cheap enough to be asked for by the dozen. */
const cheap = createPasswords({ ln: 4, r: 8, p: 1 });

describe('a password', () => {
  it('is stored with its costs, a salt of its own and what scrypt makes of both', async () => {
    const [one, other] = await Promise.all([passwords.hash('open sesame'), passwords.hash('open sesame')]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(one).not.toBe(other);
    const [, , , salt = '', hash] = one.split('$');
    const made = scryptSync('open sesame', Buffer.from(salt, 'base64'), 32, {
      ...{ N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 },
    });
    expect(made.toString('base64').replace(/=+$/, '')).toBe(hash);
  });

  it.each([
    { name: 'itself', stored: 'open sesame', given: 'open sesame', expected: true },
    { name: 'another', stored: 'open sesame', given: 'open sesamf', expected: false },
    { name: 'another case', stored: 'open sesame', given: 'Open sesame', expected: false },
    {
      name: 'the same characters, typed otherwise',
      stored: 'Zürich',
      given: 'Zu\u0308rich',
      expected: true,
    },
    { name: 'nothing', stored: 'open sesame', given: '', expected: false },
  ])('meets $name: $expected', async ({ stored, given, expected }) => {
    expect(await cheap.verify(given, await cheap.hash(stored))).toBe(expected);
  });

  it('costs the same where none is stored', async () => {
    const stored = await passwords.hash('open sesame');
    const timed = async (work: () => Promise<boolean>) => {
      const startedMs = performance.now();
      expect(await work()).toBe(false);
      return performance.now() - startedMs;
    };
    const withOne: number[] = [];
    const withNone: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      withOne.push(await timed(() => passwords.verify('wrong', stored)));
      withNone.push(await timed(() => passwords.verify('wrong', undefined)));
    }
    // The fastest of each: what else the machine does only makes rounds slower.
    expect(Math.min(...withNone)).toBeGreaterThan(Math.min(...withOne) / 3);
  });

  it('that was stored at lower costs is still good, and known to be outdated', async () => {
    const stored = await cheap.hash('open sesame');
    expect(await passwords.verify('open sesame', stored)).toBe(true);
    expect(passwords.isOutdated(stored)).toBe(true);
    expect(cheap.isOutdated(stored)).toBe(false);
  });

  it.each(['', 'open sesame', '$scrypt$ln=15,r=8,p=3$c2FsdA$aGFzaA', '$2b$10$abcdefghijklmnopqrstuv'])(
    'is never judged by %j, which is no hash',
    async (stored) => {
      await expect(cheap.verify('open sesame', stored)).rejects.toThrow(TypeError);
    },
  );

  it('waits for its turn, and is turned away when too many wait', async () => {
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => cheap.hash('open sesame')));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(40 - 2 - 32);
    expect(refused[0]?.reason).toMatchObject({ code: 'service.overloaded', retryAfterMs: 2_000 });
    // Who waited gave the places back.
    expect(await cheap.hash('open sesame')).toMatch(/^\$scrypt\$/);
  });
});
