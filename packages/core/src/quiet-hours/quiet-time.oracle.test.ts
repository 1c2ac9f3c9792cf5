import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isQuiet, quietEnd } from './quiet-time.ts';
import type { QuietWindow } from './quiet-window.ts';

/**
 * The oracle knows nothing of offsets: it asks Intl what the wall shows, and looks the minute of the
 * week up in a table that was filled minute by minute.
 */
const minuteMs = 60_000;
const weekMinutes = 7 * 1440;
const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Minutes since Monday 00:00 that the wall clock of a zone shows. */
function minuteOfWeek(zone: string, instantMs: number): number {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const formatter = formatters.get(zone) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  formatters.set(zone, formatter);
  const [, weekday = '', hour, minute] = /^(\w{3}) (\d\d):(\d\d)$/.exec(formatter.format(instantMs)) ?? [];
  return weekdayNames.indexOf(weekday) * 1440 + Number(hour) * 60 + Number(minute);
}

/** 1 for each minute of the week that is quiet. */
function quietMinutesOfWeek({ start, end, days }: QuietWindow): Uint8Array {
  const minute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const lengthMinutes = (minute(end) - minute(start) + 1440) % 1440;
  const minutes = new Uint8Array(weekMinutes);
  for (const day of days ?? [1, 2, 3, 4, 5, 6, 7]) {
    for (let index = 0; index < lengthMinutes; index += 1) {
      minutes[((day - 1) * 1440 + minute(start) + index) % weekMinutes] = 1;
    }
  }
  return minutes;
}

const windows: { times: string; days?: number[] }[] = [
  { times: '22:00–07:00' },
  { times: '22:00–07:00', days: [5, 6] },
  { times: '01:00–02:30' },
  { times: '02:30–05:00' },
  { times: '03:00–02:00' },
  { times: '02:31–02:29', days: [1, 3, 4, 7] },
  { times: '23:45–00:15', days: [4, 6, 7] },
  { times: '00:00–23:59', days: [1, 2, 3, 4, 5] },
];

/** Instants at which the clocks of a zone jumped, or will jump by rules that stand since long. */
const changes: Record<string, string[]> = {
  'Europe/Berlin': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'],
  'Asia/Kathmandu': ['1985-12-31T18:30Z'],
  'Pacific/Apia': ['2010-09-26T11:00Z', '2011-12-30T10:00Z', '2012-03-31T14:00Z'],
  'Pacific/Chatham': ['2026-04-04T14:00Z', '2026-09-26T14:00Z'],
  'America/St_Johns': ['2006-04-02T03:31Z', '2006-10-29T02:31Z'],
  'Africa/Casablanca': ['2024-03-10T02:00Z', '2024-04-14T02:00Z'],
  'America/Havana': ['2026-03-08T05:00Z', '2026-11-01T05:00Z'],
};
const cases = Object.entries(changes).flatMap(([zone, list]) => list.map((change) => ({ zone, change })));

describe('minute by minute over 50 hours', () => {
  const beforeMinutes = 26 * 60;
  const judgedMinutes = 50 * 60;
  /** Two days that a window of almost a day can last over a gap, and the 24 hours that Apia skipped. */
  const aheadMinutes = 73 * 60;

  it.each(cases)('agrees with the wall clock around the change of $zone at $change', ({ zone, change }) => {
    const firstMs = Date.parse(change) - beforeMinutes * minuteMs;
    const wall = Array.from({ length: judgedMinutes + aheadMinutes }, (_, index) =>
      minuteOfWeek(zone, firstMs + index * minuteMs),
    );
    const jump = (wall[beforeMinutes] ?? 0) - (wall[beforeMinutes - 1] ?? 0);
    expect((jump + weekMinutes) % weekMinutes).not.toBe(1);
    for (const { times, days } of windows) {
      const [start = '', end = ''] = times.split('–');
      expect(disagreements({ start, end, zone, days }, wall, firstMs)).toEqual([]);
    }
  });

  function disagreements(window: QuietWindow, wall: readonly number[], firstMs: number): string[] {
    const quietMinutes = quietMinutesOfWeek(window);
    const wrong: string[] = [];
    let endMs: number | undefined;
    for (let index = wall.length - 1; index >= 0; index -= 1) {
      const ms = firstMs + index * minuteMs;
      const quiet = quietMinutes[wall[index] ?? -1] === 1;
      if (!quiet) endMs = ms;
      if (index >= judgedMinutes) continue;
      // Whole minutes, and their last moment, in turn: both would take twice the time.
      const now = new Date(index % 2 === 0 ? ms : ms + minuteMs - 1);
      const end = quietEnd(window, now)?.getTime();
      if (isQuiet(window, now) === quiet && end === (quiet ? endMs : undefined)) continue;
      wrong.push(`${now.toISOString()} ${JSON.stringify(window)} ${quiet} ${endMs} ${end}`);
    }
    return wrong.slice(0, 5);
  }
});

describe('any window, zone and instant from 1990 to 2037', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const window: fc.Arbitrary<QuietWindow> = fc.record({
    start: time,
    end: time,
    zone: fc.oneof(
      fc.constantFrom(...Object.keys(changes), 'UTC', 'Asia/Kolkata'),
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    ),
    days: fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), { nil: undefined }),
  });
  const years = { min: new Date('1990-01-01'), max: new Date('2037-12-31'), noInvalidDate: true } as const;
  const nearChange = fc
    .tuple(fc.constantFrom(...Object.values(changes).flat()), fc.integer({ min: -2880, max: 2880 }))
    .map(([change, minutes]) => new Date(Date.parse(change) + minutes * minuteMs));
  const instant = fc.oneof(fc.date(years), nearChange);

  it('is quiet when the wall clock says so', () => {
    fc.assert(
      fc.property(window, instant, (given, now) => {
        const wall = minuteOfWeek(given.zone, now.getTime());
        expect(isQuiet(given, now)).toBe(quietMinutesOfWeek(given)[wall] === 1);
      }),
      { numRuns: 500 },
    );
  });

  it('never ends inside quiet hours, and is quiet until the end', () => {
    fc.assert(
      fc.property(
        window,
        instant,
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 20 }),
        (given, now, fractions) => {
          const end = quietEnd(given, now);
          expect(end !== undefined).toBe(isQuiet(given, now));
          if (end === undefined) return;
          const lengthMs = end.getTime() - now.getTime();
          expect(lengthMs).toBeGreaterThan(0);
          expect(isQuiet(given, end)).toBe(false);
          expect(isQuiet(given, new Date(end.getTime() - 1))).toBe(true);
          for (const fraction of fractions) {
            expect(isQuiet(given, new Date(now.getTime() + Math.floor(fraction * lengthMs)))).toBe(true);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
