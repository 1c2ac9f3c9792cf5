import { expect, it } from '@jest/globals';
import { moved } from './channel-order.ts';

const channels = (...positions: number[]) =>
  positions.map((position, index) => ({ id: 'abc'.charAt(index), position }));

it.each([
  { name: 'down', given: channels(0, 1, 2), id: 'a', by: 1 as const, expected: { b: 0, a: 1 } },
  { name: 'up', given: channels(0, 1, 2), id: 'c', by: -1 as const, expected: { c: 1, b: 2 } },
  { name: 'among equals', given: channels(0, 0, 0), id: 'b', by: -1 as const, expected: { a: 1, c: 2 } },
  { name: 'over a hole', given: channels(0, 7), id: 'a', by: 1 as const, expected: { b: 0, a: 1 } },
  { name: 'beyond the end', given: channels(0, 1), id: 'b', by: 1 as const, expected: {} },
  { name: 'that is not there', given: channels(0, 1), id: 'x', by: 1 as const, expected: {} },
])('moves a channel $name by as few writes as it takes', ({ given, id, by, expected }) => {
  const written = Object.fromEntries(moved(given, id, by).map((one) => [one.id, one.position]));
  expect(written).toEqual(expected);
});
