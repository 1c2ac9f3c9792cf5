import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeRule, type PlacedRule, type RulePlaceWish } from './order.ts';
import { ruleLimits } from './rule-type.ts';

/** A list by its positions: `at('A0 B5')`. */
function at(text: string): PlacedRule[] {
  return text.split(' ').flatMap((word) => {
    return word === '' ? [] : [{ id: word.charAt(0), position: Number(word.slice(1)) }];
  });
}

/** The list after a change; `new` is the id of what is not there yet. */
function after(list: readonly PlacedRule[], id: string, wish: RulePlaceWish): PlacedRule[] {
  const placed = placeRule(list, id, wish);
  if (placed === undefined) throw new Error('no room');
  const moved = new Map([...placed.others, { id, position: placed.position }].map((one) => [one.id, one]));
  const rest = list.filter((rule) => !moved.has(rule.id));
  return [...rest, ...moved.values()].toSorted((a, b) => a.position - b.position);
}
const told = (list: readonly PlacedRule[]) => list.map(({ id, position }) => `${id}${position}`).join(' ');
const move = (position: number): RulePlaceWish => ({ to: 'move', position });
const swap = (position: number): RulePlaceWish => ({ to: 'swap', position });
const end: RulePlaceWish = { to: 'end' };

describe('placeRule', () => {
  it.each([
    { name: 'puts the first rule at 0', list: '', id: 'X', wish: end, expected: 'X0' },
    { name: 'appends behind the greatest position', list: 'A0 B7', id: 'X', wish: end, expected: 'A0 B7 X8' },
    { name: 'does not fill a hole by appending', list: 'B7', id: 'X', wish: end, expected: 'B7 X8' },
    { name: 'keeps a position beyond the end', list: '', id: 'X', wish: move(1), expected: 'X1' },
    { name: 'keeps one far beyond the end', list: 'A0', id: 'X', wish: move(40), expected: 'A0 X40' },
    { name: 'makes room for a new one', list: 'A0 B1 C2', id: 'X', wish: move(1), expected: 'A0 X1 B2 C3' },
    {
      name: 'makes room behind a free place too',
      list: 'A0 B5',
      id: 'X',
      wish: move(3),
      expected: 'A0 X3 B6',
    },
    {
      name: 'moves up to the place left',
      list: 'A0 B1 C2 D3',
      id: 'A',
      wish: move(2),
      expected: 'B0 C1 A2 D3',
    },
    {
      name: 'moves down to the place left',
      list: 'A0 B1 C2 D3',
      id: 'D',
      wish: move(1),
      expected: 'A0 D1 B2 C3',
    },
    { name: 'sets it where nothing lies between', list: 'A0 B9', id: 'A', wish: move(4), expected: 'A4 B9' },
    { name: 'leaves holes beside the way', list: 'A0 B4 C9', id: 'C', wish: move(2), expected: 'A0 C2 B5' },
    { name: 'moves to the greatest position', list: 'A0 B1 C7', id: 'A', wish: end, expected: 'B0 C6 A7' },
    { name: 'leaves the last one at the end', list: 'A0 C7', id: 'C', wish: end, expected: 'A0 C7' },
    { name: 'leaves it where it is', list: 'A0 B1', id: 'A', wish: move(0), expected: 'A0 B1' },
    { name: 'exchanges two', list: 'A0 B1 C2', id: 'C', wish: swap(0), expected: 'C0 B1 A2' },
    {
      name: 'sends the other to the tail for a new one',
      list: 'A0 B1',
      id: 'X',
      wish: swap(0),
      expected: 'X0 B1 A2',
    },
    { name: 'exchanges with nobody', list: 'A0 B1', id: 'X', wish: swap(5), expected: 'A0 B1 X5' },
  ])('$name', ({ list, id, wish, expected }) => {
    expect(told(after(at(list), id, wish))).toBe(expected);
  });

  const max = ruleLimits.positionMax;
  it.each([
    { name: 'to append', id: 'X', wish: end },
    { name: 'to make room', id: 'X', wish: move(max) },
    { name: 'to send somebody to the tail', id: 'X', wish: swap(max) },
  ])('has no room behind the greatest position $name', ({ id, wish }) => {
    expect(placeRule(at(`A0 B${max}`), id, wish)).toBeUndefined();
    expect(placeRule(at('A0'), id, move(max))).toEqual({ position: max, others: [] });
  });
});

const lists = fc
  .uniqueArray(fc.nat({ max: 12 }), { maxLength: 8 })
  .map((positions) => positions.map((position, index) => ({ id: `r${index}`, position })));
const wishes: fc.Arbitrary<RulePlaceWish> = fc.oneof(
  fc.constant(end),
  fc.record({ to: fc.constantFrom('move' as const, 'swap' as const), position: fc.nat({ max: 20 }) }),
);
const someChange = lists.chain((list) =>
  fc.record({
    list: fc.constant(list),
    id: fc.constantFrom('new', ...list.map((rule) => rule.id)),
    wish: wishes,
  }),
);

describe('whatever is wished', () => {
  it('gives no position twice, and loses nobody', () => {
    fc.assert(
      fc.property(someChange, ({ list, id, wish }) => {
        const result = after(list, id, wish);
        expect(new Set(result.map((rule) => rule.position)).size).toBe(result.length);
        expect(new Set(result.map((rule) => rule.id))).toEqual(new Set([...list.map((rule) => rule.id), id]));
      }),
    );
  });

  it('puts the rule exactly where it was wished', () => {
    fc.assert(
      fc.property(someChange, ({ list, id, wish }) => {
        const greatest = Math.max(-1, ...list.map((rule) => rule.position));
        const atEnd = id === 'new' ? greatest + 1 : greatest;
        const expected = wish.to === 'end' ? atEnd : wish.position;
        expect(after(list, id, wish).find((rule) => rule.id === id)?.position).toBe(expected);
      }),
    );
  });

  it('keeps the order of the others when one moves', () => {
    fc.assert(
      fc.property(someChange, ({ list, id, wish }) => {
        fc.pre(wish.to !== 'swap');
        const others = (rules: readonly PlacedRule[]) =>
          rules
            .toSorted((a, b) => a.position - b.position)
            .flatMap((rule) => (rule.id === id ? [] : rule.id));
        expect(others(after(list, id, wish))).toEqual(others(list));
      }),
    );
  });

  it('touches two rules at most when they are exchanged', () => {
    fc.assert(
      fc.property(someChange, ({ list, id, wish }) => {
        fc.pre(wish.to === 'swap');
        expect(placeRule(list, id, wish)?.others.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('puts each where it wants to be, in whatever order exchanges with different positions come', () => {
    const many = lists.chain((list) =>
      fc.record({
        list: fc.constant(list),
        wanted: fc
          .uniqueArray(fc.nat({ max: 14 }), { maxLength: 8 })
          .map((positions) => positions.map((position, index) => ({ id: `r${index}`, position })))
          .chain((wanted) => fc.shuffledSubarray(wanted)),
      }),
    );
    fc.assert(
      fc.property(many, ({ list, wanted }) => {
        const result = wanted.reduce((now, { id, position }) => after(now, id, swap(position)), list);
        expect(result).toEqual(expect.arrayContaining(wanted));
      }),
    );
  });
});
