import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRetryAfterMs, retryAfterMaxMs } from './retry-after.ts';

const now = new Date('1994-11-06T08:49:00.000Z');

describe('Retry-After', () => {
  it.each([
    { header: '0', expectedMs: 0 },
    { header: '120', expectedMs: 120_000 },
    { header: ' 7 ', expectedMs: 7_000 },
    { header: '86400', expectedMs: retryAfterMaxMs },
    { header: '86401', expectedMs: retryAfterMaxMs },
    { header: '99999999999999999999', expectedMs: retryAfterMaxMs },
    { header: 'Sun, 06 Nov 1994 08:49:37 GMT', expectedMs: 37_000 },
    { header: 'Sunday, 06-Nov-94 08:49:37 GMT', expectedMs: 37_000 },
    { header: 'Sun Nov  6 08:49:37 1994', expectedMs: 37_000 },
    { header: 'Wed, 09 Nov 1994 08:49:37 GMT', expectedMs: retryAfterMaxMs },
    { header: 'Sat, 05 Nov 1994 08:49:37 GMT', expectedMs: 0 },
  ])('reads "$header" as $expectedMs ms', ({ header, expectedMs }) =>
    expect(parseRetryAfterMs(header, now)).toBe(expectedMs),
  );

  it.each([
    '',
    '-5',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '5 seconds',
    '1994-11-06',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 99 Nov 1994 99:99:99 GMT',
  ])('has no opinion on "%s"', (header) => expect(parseRetryAfterMs(header, now)).toBeUndefined());

  it('has no opinion without the header', () => expect(parseRetryAfterMs(undefined, now)).toBeUndefined());

  it('is never negative, never above 24 hours and never throws, whatever the receiver sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (header) => {
        const waitMs = parseRetryAfterMs(header, now) ?? 0;
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(retryAfterMaxMs);
      }),
    );
  });
});
