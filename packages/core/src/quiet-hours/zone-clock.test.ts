import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstZone, isZone, localDate, localTime, zoneClock } from './zone-clock.ts';

describe('the name of a zone', () => {
  it.each(['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5', 'EST5EDT', 'europe/berlin'])(
    'takes %s',
    (zone) => {
      expect(isZone(zone)).toBe(true);
      expect(localTime(zone, new Date(0))).toMatch(/^19(69|70)-\d\d-\d\d \d\d:\d\d$/);
    },
  );

  it.each(
    ['', '+02:00', '-05:00', '+99:99', ' UTC', 'UTC ', 'Europe', 'Mars/Olympus', 'A'.repeat(65), 7, null].map(
      (zone) => ({ zone }),
    ),
  )('refuses $zone', ({ zone }) => {
    expect(isZone(zone)).toBe(false);
    expect(localTime(String(zone), new Date(0))).toBeUndefined();
  });

  it('is right again and again, also after more names than are kept', () => {
    for (let index = 0; index < 1500; index += 1) zoneClock(`Nowhere/Place${index}`);
    expect(localTime('Europe/Berlin', new Date('2026-07-01T00:30:00Z'))).toBe('2026-07-01 02:30');
    expect(zoneClock('Europe/Berlin')).toBe(zoneClock('Europe/Berlin'));
    expect(isZone('Nowhere/Place1499')).toBe(false);
  });

  it.each([
    { name: 'the first that is set', zones: ['Asia/Tokyo', 'Europe/Berlin'], expected: 'Asia/Tokyo' },
    { name: 'the next where one is empty', zones: ['', null, 'Europe/Berlin'], expected: 'Europe/Berlin' },
    { name: 'UTC where none is set', zones: [undefined, ''], expected: 'UTC' },
  ])('falls back to $name', ({ zones, expected }) => {
    expect(firstZone(...zones)).toBe(expected);
  });
});

describe('the time on the wall', () => {
  it.each([
    { zone: 'Europe/Berlin', at: '2026-03-29T00:59:59.999Z', shown: '2026-03-29 01:59' },
    { zone: 'Europe/Berlin', at: '2026-03-29T01:00:00Z', shown: '2026-03-29 03:00' },
    { zone: 'Asia/Kathmandu', at: '2026-01-01T18:15:00Z', shown: '2026-01-02 00:00' },
    { zone: 'Pacific/Apia', at: '2011-12-30T09:59:00Z', shown: '2011-12-29 23:59' },
    { zone: 'Pacific/Apia', at: '2011-12-30T10:00:00Z', shown: '2011-12-31 00:00' },
    { zone: 'America/St_Johns', at: '2006-04-02T03:30:59Z', shown: '2006-04-02 00:00' },
    { zone: 'America/St_Johns', at: '2006-04-02T03:31:00Z', shown: '2006-04-02 01:01' },
    { zone: 'Africa/Monrovia', at: '1972-01-07T00:44:29Z', shown: '1972-01-06 23:59' },
    { zone: 'Africa/Monrovia', at: '1972-01-07T00:44:30Z', shown: '1972-01-07 00:44' },
    { zone: 'UTC', at: '2026-12-31T24:00:00Z', shown: '2027-01-01 00:00' },
  ])('is $shown in $zone at $at', ({ zone, at, shown }) => {
    expect(localTime(zone, new Date(at))).toBe(shown);
    expect(localDate(zone, new Date(at))).toBe(shown.slice(0, 10));
  });

  it('agrees with Intl at any instant in any zone', () => {
    const formatters = new Map<string, Intl.DateTimeFormat>();
    const shownByIntl = (zone: string, instant: Date): string => {
      const known = formatters.get(zone);
      const options = { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' } as const;
      const formatter = known ?? new Intl.DateTimeFormat('sv-SE', options);
      formatters.set(zone, formatter);
      return formatter.format(instant);
    };
    const instants = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...Intl.supportedValuesOf('timeZone')), instants, (zone, instant) => {
        expect(localTime(zone, instant)).toBe(shownByIntl(zone, instant));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([8.64e15, -8.64e15, Date.UTC(1, 0, 1), Date.UTC(9999, 11, 31, 23, 59)])(
    'is total at the ends of time (%d)',
    (instantMs) => {
      expect(() => localTime('Pacific/Apia', new Date(instantMs))).not.toThrow();
      expect(zoneClock('Pacific/Apia')?.nextChangeMs(instantMs, instantMs + 86_400_000)).toBeUndefined();
    },
  );

  it('is undefined for what is no instant', () => {
    expect(localTime('UTC', new Date(Number.NaN))).toBeUndefined();
    expect(localDate('UTC', new Date(Number.NaN))).toBeUndefined();
  });
});

describe('the next change of the offset', () => {
  const change = Date.parse('2026-03-29T01:00:00Z');
  const hourMs = 3_600_000;

  it.each([
    { name: 'is found to the second', after: change - 23 * hourMs, until: change + hourMs, found: change },
    { name: 'is found a moment before', after: change - 1, until: change, found: change },
    { name: 'is not found once it was', after: change, until: change + 24 * hourMs, found: undefined },
    { name: 'is not found too early', after: change - 2 * hourMs, until: change - 1, found: undefined },
  ])('$name', ({ after, until, found }) => {
    expect(zoneClock('Europe/Berlin')?.nextChangeMs(after, until)).toBe(found);
  });
});
