import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkQuietWindow, parseQuietWindow } from './quiet-window.ts';

const right = { start: '22:00', end: '07:00', zone: 'Europe/Berlin' };

describe('a window that can be stored', () => {
  it.each([
    { name: 'overnight, every day', value: right },
    { name: 'within a day', value: { ...right, start: '00:00', end: '23:59' } },
    { name: 'of no length, which switches a broader one off', value: { ...right, start: '07:00' } },
    { name: 'with weekdays in any order', value: { ...right, days: [7, 1] } },
    { name: 'with all weekdays', value: { ...right, days: [1, 2, 3, 4, 5, 6, 7] } },
    { name: 'with a zone in its own spelling', value: { ...right, zone: 'europe/berlin' } },
  ])('may be $name, and is kept as sent', ({ value }) => {
    expect(checkQuietWindow(value)).toEqual([]);
    expect(parseQuietWindow(value)).toEqual({ window: value });
  });

  it.each([null, undefined])('means every day where days are %s', (days) => {
    expect(parseQuietWindow({ ...right, days })).toEqual({ window: right });
  });

  it('has no other members', () => {
    expect(parseQuietWindow({ ...right, name: 'night' })).toEqual({ window: right });
  });
});

describe('a window that cannot be stored', () => {
  const time = 'must be a time of day from 00:00 to 23:59 with two digits each, for example';
  const zone = 'must be the name of an IANA time zone, for example Europe/Berlin';
  const days = 'must be weekdays from 1 (Monday) to 7 (Sunday), each once';
  const day = 'must be a weekday from 1 (Monday) to 7 (Sunday)';

  it.each([
    { given: { start: '24:00' }, pointer: '/start', detail: `${time} 00:00 for midnight` },
    { given: { start: '7:00' }, pointer: '/start', detail: `${time} 07:00` },
    { given: { end: '07:60' }, pointer: '/end', detail: `${time} 22:00` },
    { given: { end: '07:00\n' }, pointer: '/end', detail: `${time} 22:00` },
    { given: { end: 700 }, pointer: '/end', detail: `${time} 22:00` },
    { given: { end: undefined }, pointer: '/end', detail: `${time} 22:00` },
    { given: { zone: 'Europe/Bärlin' }, pointer: '/zone', detail: zone },
    { given: { zone: '' }, pointer: '/zone', detail: zone },
    { given: { zone: '+02:00' }, pointer: '/zone', detail: `${zone}; an offset knows no daylight saving` },
    { given: { days: [] }, pointer: '/days', detail: `${days}; leave days out for every day` },
    { given: { days: 'Mo-Fr' }, pointer: '/days', detail: `${days}, for example [1, 2, 3, 4, 5]` },
    {
      given: { days: [1, 2, 3, 4, 5, 6, 7, 1] },
      pointer: '/days',
      detail: `${days}, for example [1, 2, 3, 4, 5]`,
    },
    { given: { days: [1, 0] }, pointer: '/days/1', detail: `${day}; Sunday is 7` },
    { given: { days: [8] }, pointer: '/days/0', detail: day },
    { given: { days: [1.5] }, pointer: '/days/0', detail: day },
    { given: { days: ['1'] }, pointer: '/days/0', detail: day },
    { given: { days: [5, 6, 5] }, pointer: '/days/2', detail: 'names weekday 5 a second time' },
  ])('says what would be right for $given', ({ given, pointer, detail }) => {
    expect(parseQuietWindow({ ...right, ...given }, '/quiet')).toEqual({
      errors: [{ pointer: `/quiet${pointer}`, detail }],
    });
  });

  it('names every wrong place at once', () => {
    const errors = checkQuietWindow({ start: '25:00', end: '', zone: 'X', days: [9, 9] });
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/start', '/end', '/zone', '/days/0', '/days/1']);
  });

  it.each([undefined, null, 'x', 7])('is %s', (value) => {
    const detail = 'must be an object with start, end, zone and, if wanted, days';
    expect(parseQuietWindow(value)).toEqual({ errors: [{ pointer: '', detail }] });
  });

  it('is never a reason to throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect('window' in parseQuietWindow(value)).toBe(checkQuietWindow(value).length === 0);
      }),
    );
  });
});
