import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPosition, parsePosition, resumeFrom } from './position.ts';

const anyPosition = fc.record({
  epoch: fc.stringMatching(/^[0-9a-z]{1,32}$/),
  sequence: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});

describe('a position in the stream', () => {
  it('survives being written down and read', () => {
    fc.assert(
      fc.property(anyPosition, (position) => {
        expect(parsePosition(formatPosition(position))).toEqual(position);
      }),
    );
  });

  it('has one spelling only, whatever text is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyPosition.map(formatPosition)), (text) => {
        const position = parsePosition(text);
        expect(position === undefined || formatPosition(position) === text).toBe(true);
      }),
    );
  });

  it.each([
    ...['', '.', 'abc', 'abc.', '.1', 'abc.-1', 'abc.1.2', 'abc.01', 'abc.1e3', 'abc.+1', 'abc. 1', 'ABC.1'],
    ...['abc.1\n', 'abc.9007199254740993', 'abc.99999999999999999', `${'a'.repeat(33)}.1`, 'é.1'],
  ])('refuses %j', (text) => {
    expect(parsePosition(text)).toBeUndefined();
  });
});

describe('resuming', () => {
  const state = { epoch: 'life2', head: 10, resyncBelow: 4 };

  it.each([
    { name: 'tells what was missed', epoch: 'life2', sequence: 7, expected: { from: 7 } },
    { name: 'has nothing to tell at the head', epoch: 'life2', sequence: 10, expected: { from: 10 } },
    { name: 'still knows the last purged change', epoch: 'life2', sequence: 4, expected: { from: 4 } },
    {
      name: 'starts afresh below what was purged',
      epoch: 'life2',
      sequence: 3,
      expected: { resync: 'too_old' },
    },
    {
      name: 'starts afresh above the head',
      epoch: 'life2',
      sequence: 11,
      expected: { resync: 'ahead_of_head' },
    },
    {
      name: 'starts afresh after a restore',
      epoch: 'life1',
      sequence: 7,
      expected: { resync: 'other_epoch' },
    },
  ])('$name', ({ epoch, sequence, expected }) => {
    expect(resumeFrom({ epoch, sequence }, state)).toEqual(expected);
  });
});
