import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isMalformed, isQuiet, quietEnd } from './quiet-time.ts';
import type { QuietWindow } from './quiet-window.ts';

const minuteMs = 60_000;

function windowOf(times: string, zone = 'Europe/Berlin', days?: readonly number[]): QuietWindow {
  const [start = '', end = ''] = times.split('–');
  return { start, end, zone, days };
}

/** The quiet spans between two instants, minute by minute, as `from/to` in UTC. */
function spansOf(window: QuietWindow, from: string, to: string): string[] {
  const spans: string[] = [];
  let start: number | undefined;
  const text = (ms: number): string => new Date(ms).toISOString().slice(8, 16);
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += minuteMs) {
    const quiet = isQuiet(window, new Date(ms));
    if (quiet) start ??= ms;
    if (quiet || start === undefined) continue;
    spans.push(`${text(start)}/${text(ms)}`);
    start = undefined;
  }
  return spans;
}

describe('quiet time on an ordinary day (Berlin, UTC+1)', () => {
  it.each([
    { name: 'begins with its first minute', times: '22:00–07:00', at: '21:00:00.000', quiet: true },
    { name: 'has not begun a moment before', times: '22:00–07:00', at: '20:59:59.999', quiet: false },
    { name: 'goes on past midnight', times: '22:00–07:00', at: '23:30:00.000', quiet: true },
    { name: 'lasts to its last moment', times: '22:00–07:00', at: '05:59:59.999', quiet: true },
    { name: 'is over with its end', times: '22:00–07:00', at: '06:00:00.000', quiet: false },
    { name: 'may lie within a day', times: '12:00–13:00', at: '11:59:59.999', quiet: true },
    { name: 'does not reach outside of the day', times: '12:00–13:00', at: '12:00:00.000', quiet: false },
    { name: 'is none where start and end are one', times: '07:00–07:00', at: '06:00:00.000', quiet: false },
    { name: 'may begin at midnight', times: '00:00–06:00', at: '23:00:00.000', quiet: true },
    { name: 'may end at midnight', times: '18:00–00:00', at: '23:00:00.000', quiet: false },
  ])('$name', ({ times, at, quiet }) => {
    const now = new Date(`2026-01-14T${at}Z`);
    expect(isQuiet(windowOf(times), now)).toBe(quiet);
    expect(quietEnd(windowOf(times), now) !== undefined).toBe(quiet);
  });
});

describe('weekdays name the day on which a window starts', () => {
  const from = '2026-01-11T00:00Z'; // A Sunday.
  const to = '2026-01-18T12:00Z';

  it.each([
    {
      name: 'overnight on Saturday',
      times: '22:00–07:00',
      days: [6],
      spans: ['11T00:00/11T07:00', '17T22:00/18T07:00'],
    },
    {
      name: 'overnight on Sunday, whose morning is Monday',
      times: '22:00–07:00',
      days: [7],
      spans: ['11T22:00/12T07:00'],
    },
    {
      name: 'within a day at the week-end',
      times: '08:00–10:00',
      days: [6, 7],
      spans: ['11T08:00/11T10:00', '17T08:00/17T10:00', '18T08:00/18T10:00'],
    },
    {
      name: 'two nights in a row with the day between them open',
      times: '20:00–18:00',
      days: [2, 3],
      spans: ['13T20:00/14T18:00', '14T20:00/15T18:00'],
    },
  ])('$name', ({ times, days, spans }) => {
    expect(spansOf(windowOf(times, 'UTC', days), from, to)).toEqual(spans);
  });

  it.each([undefined, null, [1, 2, 3, 4, 5, 6, 7]])('means every day where days are %j', (days) => {
    expect(spansOf({ ...windowOf('22:00–23:00', 'UTC'), days }, from, to)).toHaveLength(7);
  });
});

describe('quiet time in the nights of daylight saving', () => {
  it.each([
    {
      name: 'Berlin, spring: the night is an hour shorter',
      window: windowOf('22:00–07:00'),
      from: '2026-03-28T12:00Z',
      spans: ['28T21:00/29T05:00'],
    },
    {
      name: 'Berlin, autumn: the night is an hour longer',
      window: windowOf('22:00–07:00'),
      from: '2026-10-24T12:00Z',
      spans: ['24T20:00/25T06:00'],
    },
    {
      name: 'an end inside the gap is the first instant after it',
      window: windowOf('01:00–02:30'),
      from: '2026-03-28T12:00Z',
      spans: ['29T00:00/29T01:00'],
    },
    {
      name: 'a start inside the gap is the first instant after it',
      window: windowOf('02:30–05:00'),
      from: '2026-03-28T12:00Z',
      spans: ['29T01:00/29T03:00'],
    },
    {
      name: 'a window inside the gap does not happen',
      window: windowOf('02:10–02:50'),
      from: '2026-03-28T12:00Z',
      spans: [],
    },
    {
      name: 'an end in the repeated hour is passed twice',
      window: windowOf('01:00–02:30'),
      from: '2026-10-24T12:00Z',
      spans: ['24T23:00/25T00:30', '25T01:00/25T01:30'],
    },
    {
      name: 'a night of almost a day goes on where its opening falls into the gap',
      window: windowOf('03:00–02:00'),
      from: '2026-03-28T12:00Z',
      spans: ['28T12:00/30T00:00'],
      hours: 48,
    },
    {
      name: 'Lord Howe, autumn: half an hour longer',
      window: windowOf('22:00–07:00', 'Australia/Lord_Howe'),
      from: '2026-04-04T06:00Z',
      spans: ['04T11:00/04T20:30'],
    },
    {
      name: 'Chatham, spring: an hour shorter, at a quarter to',
      window: windowOf('22:00–07:00', 'Pacific/Chatham'),
      from: '2026-09-26T06:00Z',
      spans: ['26T09:15/26T17:15'],
    },
    {
      name: 'Apia skips Friday: the night passes from Thursday to Saturday',
      window: windowOf('22:00–07:00', 'Pacific/Apia'),
      from: '2011-12-30T00:00Z',
      spans: ['30T08:00/30T17:00'],
    },
    {
      name: 'Apia skips Friday: the morning after Thursday never comes',
      window: windowOf('22:00–07:00', 'Pacific/Apia', [4]),
      from: '2011-12-30T00:00Z',
      spans: ['30T08:00/30T10:00'],
    },
    {
      name: 'Apia skips Friday: Saturday morning belongs to the night of Friday',
      window: windowOf('22:00–07:00', 'Pacific/Apia', [5]),
      from: '2011-12-30T00:00Z',
      spans: ['30T10:00/30T17:00'],
    },
  ])('$name', ({ window, from, spans, hours = 24 }) => {
    const to = new Date(Date.parse(from) + hours * 60 * minuteMs).toISOString();
    expect(spansOf(window, from, to)).toEqual(spans);
    const [start, end] = spans[0]?.split('/') ?? [];
    if (start === undefined) return;
    const instant = (text: string | undefined): Date => new Date(`${from.slice(0, 8)}${text}:00.000Z`);
    expect(quietEnd(window, instant(start))).toEqual(instant(end));
  });
});

describe('a window that cannot be understood', () => {
  it.each([
    ['bad start', { start: '24:00' }],
    ['bad end', { end: '7:00' }],
    ['unknown zone', { zone: 'Mars/Olympus' }],
    ['offset for a zone', { zone: '+02:00' }],
    ['no weekday', { days: [] }],
    ['weekday 0', { days: [0, 1, 2, 3, 4, 5, 6] }],
  ])('is no quiet time: %s', (_, wrong) => {
    const window = { ...windowOf('00:00–23:59', 'UTC'), ...wrong };
    expect(isMalformed(window)).toBe(true);
    expect(spansOf(window, '2026-01-01T00:00Z', '2026-01-02T00:00Z')).toEqual([]);
    expect(quietEnd(window, new Date('2026-01-01T12:00Z'))).toBeUndefined();
  });

  it('never throws, whatever is stored and whatever the instant', () => {
    const member = fc.oneof(fc.constantFrom('22:00', '07:00', 'UTC', 'Pacific/Apia', [1, 9]), fc.anything());
    const stored = fc.record({ start: member, end: member, zone: member, days: member });
    fc.assert(
      fc.property(stored, fc.date(), (value, now) => {
        const window = value as unknown as QuietWindow;
        expect(quietEnd(window, now) !== undefined).toBe(isQuiet(window, now));
        expect(isMalformed(window) && isQuiet(window, now)).toBe(false);
      }),
    );
  });

  it.each([8.64e15, -8.64e15, Number.NaN])('is not needed for an odd instant to be survived (%d)', (ms) => {
    const window = windowOf('00:00–23:59', 'Pacific/Apia');
    expect(quietEnd(window, new Date(ms)) !== undefined).toBe(isQuiet(window, new Date(ms)));
  });
});
