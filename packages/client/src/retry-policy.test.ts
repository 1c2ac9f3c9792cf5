import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRepeatable, nextDelayMs, readRetryAfterMs } from './retry-policy.ts';

describe('isRepeatable', () => {
  it.each([
    { name: 'a read', operation: { method: 'GET' }, hasKey: false, expected: true },
    { name: 'a replacement', operation: { method: 'PUT' }, hasKey: false, expected: true },
    { name: 'a removal', operation: { method: 'DELETE' }, hasKey: false, expected: true },
    { name: 'a change of what is there', operation: { method: 'PATCH' }, hasKey: false, expected: false },
    { name: 'a POST with a key', operation: { method: 'POST', key: 'stored' }, hasKey: true, expected: true },
    {
      name: 'a POST without its key',
      operation: { method: 'POST', key: 'stored' },
      hasKey: false,
      expected: false,
    },
    {
      name: 'a POST that changes nothing twice',
      operation: { method: 'POST', key: 'natural' },
      hasKey: false,
      expected: true,
    },
    {
      name: 'a POST that takes no key',
      operation: { method: 'POST', key: 'unsupported' },
      hasKey: true,
      expected: false,
    },
  ] as const)('$name: $expected', ({ operation, hasKey, expected }) => {
    expect(isRepeatable(operation, hasKey)).toBe(expected);
  });
});

describe('nextDelayMs', () => {
  const given = { tries: 1, triesMax: 4, repeatable: true, random: 0 };
  it.each([
    { name: 'no answer', status: undefined, repeatable: true, again: true },
    { name: 'no answer to what may not be repeated', status: undefined, repeatable: false, again: false },
    { name: 'a timeout of the request', status: 408, repeatable: false, again: true },
    { name: 'too many calls', status: 429, repeatable: false, again: true },
    { name: 'an error of the server', status: 500, repeatable: true, again: true },
    { name: 'unavailable, to what may not be repeated', status: 503, repeatable: false, again: false },
    { name: 'a refusal', status: 400, repeatable: true, again: false },
    { name: 'a conflict', status: 409, repeatable: true, again: false },
  ])('$name: tries again $again', ({ status, repeatable, again }) => {
    const delayMs = nextDelayMs({ status, retryAfterMs: undefined }, { ...given, repeatable });
    expect(delayMs !== undefined).toBe(again);
  });

  it('gives up after the last try', () => {
    expect(nextDelayMs({ status: 503, retryAfterMs: undefined }, { ...given, tries: 4 })).toBeUndefined();
  });

  it('does not make a caller wait for more than a minute', () => {
    expect(nextDelayMs({ status: 429, retryAfterMs: 61_000 }, given)).toBeUndefined();
  });

  it('never comes back before Retry-After, nor more than eight seconds after it', () => {
    const failures = fc.record({
      status: fc.constantFrom(408, 429, 500, 503, undefined),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
    });
    const tries = fc.integer({ min: 1, max: 20 });
    const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(failures, tries, randoms, (failure, made, random) => {
        const delayMs = nextDelayMs(failure, { tries: made, triesMax: 99, repeatable: true, random }) ?? -1;
        const earliestMs = failure.retryAfterMs ?? 0;
        return delayMs >= earliestMs && delayMs <= earliestMs + 8_000;
      }),
    );
  });
});

describe('readRetryAfterMs', () => {
  it.each([
    { header: '3', expected: 3_000 },
    { header: ' 0 ', expected: 0 },
    { header: 'Wed, 21 Oct 2026 07:28:00 GMT', expected: undefined },
    { header: '-1', expected: undefined },
    { header: null, expected: undefined },
  ])('$header: $expected', ({ header, expected }) => expect(readRetryAfterMs(header)).toBe(expected));
});
