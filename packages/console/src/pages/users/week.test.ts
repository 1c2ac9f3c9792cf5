import { describe, expect, it } from '@jest/globals';
import { daysText, quietWeek, wallOf } from './week.ts';

const window = (start: string, end: string, days: number[] | null = null) => ({
  start,
  end,
  days,
  zone: null,
});
const shown = (stretches: ReturnType<typeof quietWeek>) =>
  stretches?.map(
    ({ day, fromMinute, toMinute, continues }) =>
      `${day} ${fromMinute}-${toMinute}${continues ? ' after' : ''}`,
  );

describe('the quiet week', () => {
  it('has an evening and a morning after it for a window across midnight', () => {
    expect(shown(quietWeek(window('22:00', '07:00', [5, 7])))).toEqual([
      '1 0-420 after',
      '5 1320-1440',
      '6 0-420 after',
      '7 1320-1440',
    ]);
  });

  it.each([
    { name: 'within a day', given: window('12:00', '13:30', [3]), expected: ['3 720-810'] },
    { name: 'that ends at midnight', given: window('20:00', '00:00', [3]), expected: ['3 1200-1440'] },
    { name: 'named twice', given: window('12:00', '13:00', [3, 3]), expected: ['3 720-780'] },
    { name: 'that is switched off', given: window('00:00', '00:00'), expected: [] },
    { name: 'with a time that there is not', given: window('25:00', '07:00'), expected: undefined },
    { name: 'with a day that there is not', given: window('22:00', '07:00', [8]), expected: undefined },
  ])('of a window $name', ({ given, expected }) => expect(shown(quietWeek(given))).toEqual(expected));

  it('is every day where no days are named', () => {
    expect(quietWeek(window('01:00', '02:00'))).toHaveLength(7);
  });
});

it.each([
  { days: null, text: 'every day' },
  { days: [1, 2, 3, 4, 5], text: 'Mon–Fri' },
  { days: [6, 7], text: 'Sat, Sun' },
  { days: [7, 1, 3], text: 'Mon, Wed, Sun' },
  { days: [], text: 'no day' },
])('calls days "$text"', ({ days, text }) => expect(daysText(days)).toBe(text));

it('tells what the wall of a zone shows', () => {
  expect(wallOf(new Date('2026-11-22T23:30:00Z'), 'Europe/Berlin')).toEqual({ day: 1, minute: 30 });
  expect(wallOf(new Date(0), 'Europe/Atlantis')).toBeUndefined();
});
