import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PreferenceRow } from '../preferences/preference-row.ts';
import { externalKinds } from '../vocabulary.ts';
import { isMalformed } from './quiet-time.ts';
import { quietModes, type QuietWindow } from './quiet-window.ts';
import { quietLayers, resolveQuiet, type QuietContext } from './resolve-quiet.ts';

const anyTime = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const [hours, minutes] = [Math.floor(quarter / 4), (quarter % 4) * 15];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
});
const anyWindow: fc.Arbitrary<QuietWindow> = fc.record({
  start: anyTime,
  end: anyTime,
  zone: fc.constantFrom('Europe/Berlin', 'Pacific/Chatham', 'America/St_Johns', 'UTC', 'Nowhere'),
  days: fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), { nil: undefined }),
});
const sometimesWindow = fc.option(anyWindow, { nil: undefined });
const anyRow: fc.Arbitrary<PreferenceRow> = fc.record({
  id: fc.uuid(),
  category: fc.constantFrom('', 'billing', 'other'),
  environment: fc.constantFrom('', 'production'),
  project: fc.constantFrom('', 'shop', 'other'),
  kind: fc.constantFrom('', ...externalKinds),
  enabled: fc.constantFrom(true, false, undefined),
  window: sometimesWindow,
  mode: fc.constantFrom(undefined, ...quietModes),
});
const years = { min: new Date('1990-01-01'), max: new Date('2037-12-31'), noInvalidDate: true } as const;
const anyNow = fc.date(years);
const anyContext: fc.Arbitrary<QuietContext> = fc.record({
  mandatory: fc.boolean(),
  urgent: fc.boolean(),
  userForbidsUrgent: fc.boolean(),
  isReminder: fc.boolean(),
  muteUntil: fc.constant(undefined),
  scope: fc.constant({ category: 'billing', environment: 'production', project: 'shop' }),
  kind: fc.constantFrom(...externalKinds),
  rows: fc.array(anyRow, { maxLength: 6 }),
  userWindow: sometimesWindow,
  mode: fc.constantFrom(undefined, ...quietModes),
});
const anyMuteMs = fc.option(fc.integer({ min: -3_600_000, max: 200_000_000 }), { nil: undefined });

function muted(given: QuietContext, at: Date, muteMs: number | undefined): QuietContext {
  return muteMs === undefined ? given : { ...given, muteUntil: new Date(at.getTime() + muteMs) };
}

describe('any decision', () => {
  it('is not quiet any more when its wait is over, and waits for something in the future', () => {
    fc.assert(
      fc.property(anyContext, anyNow, anyMuteMs, (given, at, muteMs) => {
        const asked = muted({ ...given, mandatory: false, urgent: false }, at, muteMs);
        const decided = resolveQuiet(asked, at);
        if (!decided.quiet) return;
        expect(decided.until.getTime()).toBeGreaterThan(at.getTime());
        expect(resolveQuiet(asked, decided.until).quiet).toBe(false);
        expect(resolveQuiet(asked, new Date(decided.until.getTime() - 1)).quiet).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same in any order of rows', () => {
    const shuffled = anyContext.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given.rows], { minLength: given.rows.length })),
    );
    fc.assert(
      fc.property(shuffled, anyNow, anyMuteMs, ([given, rows], at, muteMs) => {
        const asked = muted(given, at, muteMs);
        expect(resolveQuiet({ ...asked, rows }, at)).toEqual(resolveQuiet(asked, at));
      }),
    );
  });

  it('lets through what is mandatory, and what is urgent unless forbidden', () => {
    fc.assert(
      fc.property(anyContext, anyNow, anyMuteMs, (given, at, muteMs) => {
        const asked = muted(given, at, muteMs);
        expect(resolveQuiet({ ...asked, mandatory: true }, at).quiet).toBe(false);
        const urgent = { ...asked, urgent: true, userForbidsUrgent: false };
        expect(resolveQuiet(urgent, at).quiet).toBe(false);
      }),
    );
  });

  it('is made without throwing, whatever is stored for a window', () => {
    const member = fc.oneof(fc.constantFrom('22:00', 'UTC'), fc.anything());
    const stored = fc.record({ start: member, end: member, zone: member, days: member });
    fc.assert(
      fc.property(anyContext, stored, anyNow, anyMuteMs, (given, value, at, muteMs) => {
        const asked = { ...muted(given, at, muteMs), rows: [], userWindow: value as unknown as QuietWindow };
        const { winner } = resolveQuiet(asked, at);
        expect(winner.malformed === true).toBe(winner.layer === 'user' && isMalformed(asked.userWindow));
      }),
    );
  });

  it('names one of the layers, each of which can win', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyContext, anyNow, anyMuteMs, (given, at, muteMs) => {
        seen.add(resolveQuiet(muted(given, at, muteMs), at).winner.layer);
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect([...seen].toSorted()).toEqual([...quietLayers].toSorted());
  });
});
