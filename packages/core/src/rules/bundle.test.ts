import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bundledUntil, bundleMs } from './bundle.ts';

const start = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

describe('messages of rules that come soon after one another', () => {
  it.each([
    { name: 'the first one goes at once', before: undefined, now: 0, at: 0 },
    { name: 'the second one waits until two minutes after the first', before: 0, now: 10, at: 120 },
    { name: 'a third one goes with it', before: 120, now: 30, at: 120 },
    { name: 'one after both begins the next bundle', before: 120, now: 121, at: 240 },
    { name: 'one that comes after two quiet minutes goes at once', before: 0, now: 120, at: 120 },
  ])('$name', ({ before, now, at }) => {
    expect(bundledUntil(before === undefined ? undefined : after(before), after(now))).toEqual(after(at));
  });

  it('go out at most once in two minutes, and none waits longer than that', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(gaps, (seconds) => {
        let now = start;
        let before: Date | undefined;
        const sent = new Set<number>();
        for (const gap of seconds) {
          now = new Date(now.getTime() + gap * 1000);
          before = bundledUntil(before, now);
          expect(before.getTime() - now.getTime()).toBeGreaterThanOrEqual(0);
          expect(before.getTime() - now.getTime()).toBeLessThanOrEqual(bundleMs);
          sent.add(before.getTime());
        }
        const times = [...sent].toSorted((a, b) => a - b);
        const apart = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        expect(apart.filter((one) => one < bundleMs)).toEqual([]);
      }),
    );
  });
});
