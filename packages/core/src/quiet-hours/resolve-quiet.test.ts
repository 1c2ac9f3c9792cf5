import { describe, expect, it } from '@jest/globals';
import type { PreferenceRow } from '../preferences/preference-row.ts';
import type { QuietWindow } from './quiet-window.ts';
import { governingWindow, resolveQuiet, type QuietContext } from './resolve-quiet.ts';

/** 23:30 in Berlin. */
const now = new Date('2026-01-14T22:30:00Z');
const night: QuietWindow = { start: '22:00', end: '07:00', zone: 'Europe/Berlin' };
const nightEnd = new Date('2026-01-15T06:00:00Z');
const off: QuietWindow = { start: '00:00', end: '00:00', zone: 'Europe/Berlin' };
const lunch: QuietWindow = { start: '12:00', end: '13:00', zone: 'Europe/Berlin' };
const shown = '2026-01-14 23:30';

function row(id: string, fields: Partial<PreferenceRow>): PreferenceRow {
  const any = { category: '', environment: '', project: '', kind: '' } as const;
  return { id, ...any, enabled: undefined, window: undefined, mode: undefined, ...fields };
}

function context(fields: Partial<QuietContext> = {}): QuietContext {
  return {
    mandatory: false,
    urgent: false,
    userForbidsUrgent: false,
    muteUntil: undefined,
    scope: { category: 'billing', environment: 'production', project: 'shop' },
    kind: 'email',
    rows: [],
    userWindow: undefined,
    mode: undefined,
    ...fields,
  };
}

const byCategory = { mode: 'hold', modeSource: { layer: 'category' } } as const;
const passes = (winner: object): object => ({ quiet: false, ...byCategory, winner });
const waits = (until: Date, winner: object): object => ({ quiet: true, until, ...byCategory, winner });
const userNight = { layer: 'user', window: night, localTime: shown };

describe('who decides whether a delivery waits', () => {
  const muted = { muteUntil: new Date('2026-01-16T12:00:00Z') };
  const rows = [row('billing', { category: 'billing', window: night })];

  it.each([
    {
      name: 'nobody: it goes',
      given: context(),
      expected: passes({ layer: 'none' }),
    },
    {
      name: "the user's quiet hours: it waits for their end",
      given: context({ userWindow: night }),
      expected: waits(nightEnd, userNight),
    },
    {
      name: "the user's quiet hours, outside of them: it goes",
      given: context({ userWindow: lunch }),
      expected: passes({ layer: 'user', window: lunch, localTime: shown }),
    },
    {
      name: 'a row with a window, before the user',
      given: context({ rows, userWindow: lunch }),
      expected: waits(nightEnd, { layer: 'preference', rowId: 'billing', window: night, localTime: shown }),
    },
    {
      name: 'a row that switches quiet hours off, before the user',
      given: context({ rows: [row('off', { window: off })], userWindow: night }),
      expected: passes({ layer: 'preference', rowId: 'off', window: off, localTime: shown }),
    },
    {
      name: 'the most specific of rows with a window',
      given: context({
        rows: [
          row('project', { project: 'shop', environment: 'production', category: 'billing', window: off }),
          row('kind', { kind: 'email', window: night }),
          row('narrower', { kind: 'email', category: 'billing', enabled: false }),
          row('other', { kind: 'webhook', category: 'billing', window: off }),
        ],
      }),
      expected: waits(nightEnd, { layer: 'preference', rowId: 'kind', window: night, localTime: shown }),
    },
    {
      name: 'a mute, before every window',
      given: context({ ...muted, rows: [row('off', { window: off })], userWindow: lunch }),
      expected: waits(muted.muteUntil, { layer: 'mute' }),
    },
    {
      name: 'a mute that is over this very instant decides nothing',
      given: context({ muteUntil: now, userWindow: night }),
      expected: waits(nightEnd, userNight),
    },
    {
      name: 'a mute that ends inside quiet hours lasts until their end',
      given: context({ muteUntil: new Date('2026-01-15T05:59:00Z'), userWindow: night }),
      expected: waits(nightEnd, { layer: 'mute' }),
    },
    {
      name: 'a mute that ends with quiet hours lasts no longer',
      given: context({ muteUntil: nightEnd, userWindow: night }),
      expected: waits(nightEnd, { layer: 'mute' }),
    },
    {
      name: 'urgent, before mute and windows',
      given: context({ ...muted, rows, userWindow: night, urgent: true }),
      expected: passes({ layer: 'urgent' }),
    },
    {
      name: 'not urgent where the user forbids it',
      given: context({ userWindow: night, urgent: true, userForbidsUrgent: true }),
      expected: waits(nightEnd, userNight),
    },
    {
      name: 'forbidding urgent holds nothing by itself',
      given: context({ urgent: true, userForbidsUrgent: true }),
      expected: passes({ layer: 'none' }),
    },
    {
      name: 'mandatory, before everything, also where the user forbids urgent',
      given: context({
        ...muted,
        rows,
        userWindow: night,
        urgent: true,
        userForbidsUrgent: true,
        mandatory: true,
      }),
      expected: passes({ layer: 'mandatory' }),
    },
    {
      name: 'mandatory, before urgent',
      given: context({ urgent: true, mandatory: true }),
      expected: passes({ layer: 'mandatory' }),
    },
    {
      name: 'a malformed window is no quiet time, and said',
      given: context({ userWindow: { ...night, end: '24:00' } }),
      expected: passes({
        layer: 'user',
        window: { ...night, end: '24:00' },
        localTime: shown,
        malformed: true,
      }),
    },
    {
      name: 'a malformed window of a row is no quiet time either, not that of the user',
      given: context({ rows: [row('bad', { window: { ...night, zone: 'Mars' } })], userWindow: night }),
      expected: passes({
        layer: 'preference',
        rowId: 'bad',
        window: { ...night, zone: 'Mars' },
        malformed: true,
      }),
    },
  ])('$name', ({ given, expected }) => {
    expect(resolveQuiet(given, now)).toEqual(expected);
  });

  it('finds the window that governs, whatever the time is', () => {
    expect(governingWindow(context({ rows, userWindow: lunch }))).toEqual({
      layer: 'preference',
      rowId: 'billing',
      window: night,
    });
    expect(governingWindow(context({ userWindow: lunch }))).toEqual({ layer: 'user', window: lunch });
    expect(governingWindow(context())).toBeUndefined();
  });
});

describe('what quiet time does', () => {
  const muteUntil = new Date('2026-01-16T12:00:00Z');

  it.each([
    {
      name: 'hold, where nobody says otherwise',
      given: context(),
      expected: { mode: 'hold', modeSource: { layer: 'category' } },
    },
    {
      name: 'what the category says',
      given: context({ mode: 'digest' }),
      expected: { mode: 'digest', modeSource: { layer: 'category' } },
    },
    {
      name: 'what a row says, before the category',
      given: context({ mode: 'digest', rows: [row('drop', { mode: 'drop' })] }),
      expected: { mode: 'drop', modeSource: { layer: 'preference', rowId: 'drop' } },
    },
    {
      name: 'what the most specific row says that has a mode, though another has the window',
      given: context({
        rows: [
          row('window', { kind: 'email', category: 'billing', window: night }),
          row('digest', { category: 'billing', mode: 'digest' }),
          row('drop', { mode: 'drop' }),
        ],
      }),
      expected: { mode: 'digest', modeSource: { layer: 'preference', rowId: 'digest' } },
    },
  ])('is $name', ({ given, expected }) => {
    expect(resolveQuiet({ ...given, muteUntil }, now)).toMatchObject({ quiet: true, ...expected });
  });

  it.each([
    { name: 'the category', given: context({ mode: 'off' }) },
    { name: 'a row', given: context({ rows: [row('through', { mode: 'off' })] }) },
  ])('is nothing where $name has mode off: mute and windows are passed', ({ given }) => {
    const decided = resolveQuiet({ ...given, muteUntil, userWindow: night }, now);
    expect(decided).toMatchObject({ quiet: false, mode: 'off', winner: { layer: 'off' } });
  });

  it('is something again where a row of the user overrules the mode off of the category', () => {
    const rows = [row('hold', { mode: 'hold' })];
    const decided = resolveQuiet(context({ mode: 'off', rows, userWindow: night }), now);
    expect(decided).toMatchObject({ quiet: true, mode: 'hold', until: nightEnd });
  });
});
