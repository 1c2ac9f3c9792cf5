import { describe, expect, it } from '@jest/globals';
import { createClock, createNewId } from './clock.ts';

describe('ids', () => {
  it('are UUIDs of version 7 that rise strictly, also within a millisecond', () => {
    const newId = createNewId();
    const ids = Array.from({ length: 20_000 }, newId);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('begin with the time they were made at', () => {
    const beforeMs = createClock().now().getTime();
    const id = createNewId()();
    const madeAtMs = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(madeAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(madeAtMs).toBeLessThan(beforeMs + 60_000);
  });
});

describe('the clock', () => {
  it('measures durations by a clock that never goes back', () => {
    const clock = createClock();
    const readings = Array.from({ length: 1000 }, () => clock.monotonicMs());
    expect(readings).toEqual(readings.toSorted((one, other) => one - other));
  });
});
