import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterCrash, crashesMax, nextStep, retryAfterMsMax, type RetryPolicy } from './next-step.ts';

const middle = 0.5;
const policy: RetryPolicy = { retryScheduleMs: [5_000, 60_000, 3_600_000], onUnknown: 'retry' };
const handsOff: RetryPolicy = { ...policy, onUnknown: 'give_up' };
const failed = { outcome: 'retry', reason: '503' } as const;
const askedToWait = (afterMs: number) => ({ ...failed, afterMs });
const pending = (delayMs: number) => ({ state: 'pending', reason: 'retry', delayMs });

describe('what follows a try while another channel is left', () => {
  it.each([
    { name: 'a failure waits for nothing', result: failed, n: 1, step: pending(0) },
    { name: 'nor for what the failed one asked', result: askedToWait(60_000), n: 2, step: pending(0) },
    {
      name: 'nor does what may have arrived',
      result: { outcome: 'unknown', reason: 'cut' } as const,
      n: 1,
      step: pending(0),
    },
    {
      name: 'the tries are the same in all',
      result: failed,
      n: 4,
      step: { state: 'dead', reason: 'attempts_exhausted' },
    },
    {
      name: 'what was refused is given up all the same',
      result: { outcome: 'reject', reason: '410' } as const,
      n: 1,
      step: { state: 'dead', reason: 'rejected' },
    },
  ])('$name', ({ result, n, step }) => {
    expect(nextStep(result, n, policy, middle, true)).toEqual(step);
  });

  it('what may have arrived is left for a person where two are worse than none', () => {
    const step = nextStep({ outcome: 'unknown', reason: 'cut' }, 1, handsOff, middle, true);
    expect(step).toEqual({ state: 'unknown', reason: 'outcome_unknown' });
  });
});

describe('what follows a try', () => {
  it.each([
    { name: 'what was sent is over', result: { outcome: 'sent' } as const, n: 1, step: { state: 'sent' } },
    {
      name: 'what was kept back counts as sent, and says so',
      result: { outcome: 'captured' } as const,
      n: 1,
      step: { state: 'sent', reason: 'captured' },
    },
    {
      name: 'what was refused is given up at once',
      result: { outcome: 'reject', reason: '410' } as const,
      n: 1,
      step: { state: 'dead', reason: 'rejected' },
    },
    { name: 'the first failure waits the first delay', result: failed, n: 1, step: pending(5_000) },
    { name: 'the second failure waits the second delay', result: failed, n: 2, step: pending(60_000) },
    { name: 'the third failure waits the third delay', result: failed, n: 3, step: pending(3_600_000) },
    {
      name: 'one more try than delays, then it is given up',
      result: failed,
      n: 4,
      step: { state: 'dead', reason: 'attempts_exhausted' },
    },
    {
      name: 'a longer Retry-After wins over the schedule',
      result: askedToWait(30_000),
      n: 1,
      step: pending(30_000),
    },
    { name: 'a shorter Retry-After does not shorten it', result: askedToWait(1), n: 1, step: pending(5_000) },
    { name: 'a negative Retry-After counts as none', result: askedToWait(-9), n: 1, step: pending(5_000) },
    {
      name: 'a Retry-After of years is obeyed for a day',
      result: askedToWait(1e12),
      n: 1,
      step: pending(86_400_000),
    },
    {
      name: 'a Retry-After does not buy another try',
      result: askedToWait(1),
      n: 4,
      step: { state: 'dead', reason: 'attempts_exhausted' },
    },
    {
      name: 'an unknown outcome is tried again where doubling is the lesser evil',
      result: { outcome: 'unknown', reason: 'cut' } as const,
      n: 1,
      step: pending(5_000),
    },
  ])('$name', ({ result, n, step }) => {
    expect(nextStep(result, n, policy, middle)).toEqual(step);
  });

  it('leaves an unknown outcome to a person where doubling is worse', () => {
    const step = nextStep({ outcome: 'unknown', reason: 'cut' }, 1, handsOff, middle);
    expect(step).toEqual({ state: 'unknown', reason: 'outcome_unknown' });
  });

  it('spreads each delay by at most ten percent to both sides', () => {
    const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyRandom, fc.integer({ min: 1, max: 3 }), (random, attemptNumber) => {
        const scheduledMs = policy.retryScheduleMs[attemptNumber - 1] ?? 0;
        const step = nextStep(failed, attemptNumber, policy, random);
        const delayMs = 'delayMs' in step ? step.delayMs : Number.NaN;
        expect(delayMs).toBeGreaterThanOrEqual(scheduledMs * 0.9);
        expect(delayMs).toBeLessThanOrEqual(scheduledMs * 1.1);
      }),
    );
    expect(nextStep(failed, 1, policy, 0)).toEqual(pending(4_500));
    expect(nextStep(failed, 1, policy, 0.999_999)).toEqual(pending(5_500));
  });

  it('never waits less than was asked for, up to a day, whatever the jitter', () => {
    const anyAsked = fc.integer({ min: 0, max: 10 * retryAfterMsMax });
    fc.assert(
      fc.property(anyAsked, fc.double({ min: 0, max: 0.999, noNaN: true }), (afterMs, random) => {
        const step = nextStep(askedToWait(afterMs), 2, policy, random);
        const delayMs = 'delayMs' in step ? step.delayMs : Number.NaN;
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(afterMs, retryAfterMsMax));
        expect(delayMs).toBeLessThanOrEqual(retryAfterMsMax);
      }),
    );
  });
});

describe('what follows the end of a worker in the middle of a send', () => {
  it.each([
    {
      name: 'the first crash is tried again at once',
      crashes: 1,
      policy,
      step: pending(0),
      outcome: 'crashed',
    },
    {
      name: 'so is the one before the last',
      crashes: crashesMax - 1,
      policy,
      step: pending(0),
      outcome: 'crashed',
    },
    {
      name: 'the last crash ends it',
      crashes: crashesMax,
      policy,
      step: { state: 'dead', reason: 'crashed' },
      outcome: 'crashed',
    },
    {
      name: 'nothing is sent again where doubling is worse',
      crashes: 1,
      policy: handsOff,
      step: { state: 'unknown', reason: 'outcome_unknown' },
      outcome: 'unknown',
    },
  ])('$name', ({ crashes, policy: given, step, outcome }) => {
    expect(afterCrash(crashes, given)).toEqual({ step, outcome });
  });
});
