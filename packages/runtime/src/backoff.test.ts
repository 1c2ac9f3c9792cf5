import { describe, expect, it } from '@jest/globals';
import { createBackoff } from './backoff.ts';
import { createRandom } from './clock.ts';

describe('delays between tries', () => {
  it('double up to the longest and begin again after a success', () => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 500, random: () => 1 });
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([100, 200, 400, 500, 500]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('are shortened by at most half', () => {
    const random = createRandom();
    const delays = Array.from({ length: 200 }, () =>
      createBackoff({ firstMs: 100, maxMs: 500, random }).nextMs(),
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...delays)).toBeLessThanOrEqual(100);
    expect(new Set(delays).size).toBeGreaterThan(5);
  });
});
