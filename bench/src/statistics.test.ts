import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latenciesOf, quantile, ratioOf, spreadOf } from './statistics.mjs';

describe('a quantile', () => {
  it.each([
    { name: 'is the middle one of an odd number', values: [5, 1, 3], q: 0.5, expected: 3 },
    { name: 'is the lower middle one of an even number', values: [4, 1, 3, 2], q: 0.5, expected: 2 },
    { name: 'at 0 is the smallest', values: [4, 1, 3], q: 0, expected: 1 },
    { name: 'at 1 is the largest', values: [4, 1, 3], q: 1, expected: 4 },
    { name: 'sorts by number, not by text', values: [10, 9, 100], q: 0.5, expected: 10 },
    { name: 'of one value is that value', values: [7], q: 0.99, expected: 7 },
  ])('$name', ({ values, q, expected }) => expect(quantile(values, q)).toBe(expected));

  it('is 99 for the 99th of 1 to 100', () => {
    expect(latenciesOf(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({ p50: 50, p99: 99 });
  });

  it('of nothing is no number', () => expect(quantile([], 0.5)).toBeNaN());

  it('is always a value that was measured, with at least that part of all values at or below it', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const found = quantile(all, q);
        expect(all.some((value) => value === found)).toBe(true);
        expect(all.filter((value) => value <= found).length).toBeGreaterThanOrEqual(
          Math.ceil(q * all.length),
        );
      }),
    );
  });
});

describe('a spread', () => {
  it.each([
    { name: 'has the middle one and both ends', values: [3, 9, 1], expected: { median: 3, min: 1, max: 9 } },
    { name: 'has the mean of the middle two', values: [1, 2, 4, 9], expected: { median: 3, min: 1, max: 9 } },
  ])('$name', ({ values, expected }) => expect(spreadOf(values)).toEqual(expected));
});

describe('a ratio', () => {
  it('is taken within each round, so that a slow round does not move it', () => {
    expect(ratioOf([100, 10, 50], [200, 20, 100])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });

  it('leaves out rounds that lack one of the two', () => {
    expect(ratioOf([1, 2, 3], [2, 4])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });
});
