import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { releaseSpreadMs } from './release-spread.ts';

describe('the spread of releases', () => {
  it('is a whole number of milliseconds below two minutes, the same each time', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (user, kind, date) => {
        const spreadMs = releaseSpreadMs(user, kind, date);
        expect(Number.isInteger(spreadMs) && spreadMs >= 0 && spreadMs < 120_000).toBe(true);
        expect(releaseSpreadMs(user, kind, date)).toBe(spreadMs);
      }),
    );
  });

  it('stays the same from version to version, since shown times depend on it', () => {
    const user = '01920000-0000-7000-8000-000000000001';
    expect(releaseSpreadMs(user, 'email', '2026-03-29')).toBe(99_440);
  });

  it('is another one for another user, kind or day', () => {
    const spreads = new Set([
      releaseSpreadMs('a', 'email', '2026-03-29'),
      releaseSpreadMs('b', 'email', '2026-03-29'),
      releaseSpreadMs('a', 'webhook', '2026-03-29'),
      releaseSpreadMs('a', 'email', '2026-03-30'),
    ]);
    expect(spreads.size).toBe(4);
  });

  it('puts about as many users into each second, also of ids that rise one by one', () => {
    const perSecond = Array.from({ length: 120 }, () => 0);
    for (let index = 0; index < 120_000; index += 1) {
      const user = `01920000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
      const second = Math.floor(releaseSpreadMs(user, 'email', '2026-03-29') / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(Math.min(...perSecond)).toBeGreaterThan(850);
    expect(Math.max(...perSecond)).toBeLessThan(1150);
  });
});
