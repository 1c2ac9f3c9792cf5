import { describe, expect, it } from '@jest/globals';
import { instantAt, isZone, nextWall, wallAt } from './instant.ts';

const berlin = 'Europe/Berlin';

describe('a time on the wall of a zone', () => {
  it.each([
    { name: 'in winter', wall: '2026-11-22T03:00', zone: berlin, at: '2026-11-22T02:00:00.000Z' },
    { name: 'in summer', wall: '2026-07-01T12:30', zone: berlin, at: '2026-07-01T10:30:00.000Z' },
    {
      name: 'across the day',
      wall: '2026-11-22T03:00',
      zone: 'Pacific/Auckland',
      at: '2026-11-21T14:00:00.000Z',
    },
    {
      name: 'by half an hour',
      wall: '2026-11-22T03:00',
      zone: 'Asia/Kolkata',
      at: '2026-11-21T21:30:00.000Z',
    },
    { name: 'that comes twice', wall: '2026-10-25T02:30', zone: berlin, at: '2026-10-25T00:30:00.000Z' },
    { name: 'just after the change', wall: '2026-10-25T03:00', zone: berlin, at: '2026-10-25T02:00:00.000Z' },
  ])('is an instant: $name', ({ wall, zone, at }) => {
    expect(instantAt(wall, zone)).toEqual({ at: new Date(at), shows: wall });
  });

  it('that the clock jumps over is as much later', () => {
    expect(instantAt('2026-03-29T02:30', berlin)).toEqual({
      ...{ at: new Date('2026-03-29T01:30:00Z'), shows: '2026-03-29T03:30' },
    });
  });

  it.each([
    { wall: '', zone: berlin },
    { wall: '2026-13-01T00:00', zone: berlin },
    { wall: '2026-11-22T03:00', zone: 'Europe/Atlantis' },
  ])('is none: $wall in $zone', ({ wall, zone }) => expect(instantAt(wall, zone)).toBeUndefined());

  it('comes back from its instant at a hundred hours of a year', () => {
    const zones = [berlin, 'America/St_Johns', 'Australia/Lord_Howe'];
    const first = Date.UTC(2026, 0, 1);
    const hours = Array.from({ length: 100 }, (_, index) => new Date(first + index * 87.6 * 3_600_000));
    const wrong = zones.flatMap((zone) =>
      hours.filter((at) => wallAt(instantAt(wallAt(at, zone), zone)?.at ?? at, zone) !== wallAt(at, zone)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the next weekday and hour', () => {
  const now = new Date('2026-11-21T23:30:00Z');
  it.each([
    { zone: berlin, weekday: 7, hour: 3, wall: '2026-11-22T03:00' },
    { zone: berlin, weekday: 7, hour: 0, wall: '2026-11-29T00:00' },
    { zone: 'America/New_York', weekday: 7, hour: 3, wall: '2026-11-22T03:00' },
    { zone: berlin, weekday: 1, hour: 9, wall: '2026-11-23T09:00' },
  ])('is $wall in $zone', ({ zone, weekday, hour, wall }) => {
    expect(nextWall(now, zone, weekday, hour)).toBe(wall);
  });
});

it('knows which zones there are', () => {
  expect([isZone(berlin), isZone('UTC'), isZone(''), isZone('Europe/Atlantis')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
