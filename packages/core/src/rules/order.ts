import { ruleLimits } from './rule-type.ts';

/** A step and its order number. Order numbers of a list are all different, and may have holes. */
export interface PlacedRule {
  id: string;
  position: number;
}

/**
 * Where a rule is to go. `end`: behind all others. `move`: to a position, and the rules between there and where it came from
 * make room. `swap`: to a position, in exchange with the rule that is there; requests with different positions
 * lead to the same list in whatever order they come, which those that move do not.
 */
export type RulePlaceWish = { to: 'end' } | { to: 'move' | 'swap'; position: number };

/**
 * The position of a rule that goes where it is wished, and those of the others that make room for it. Without `id`, or with
 * one that the list does not have, the rule is new and comes from behind the last one. Undefined when a number would be
 * beyond the greatest there is. A position beyond the end is kept as it is, not moved up: who wrote it reads it
 * again. The rules are those of the OnCall API.
 */
export function placeRule(
  list: readonly PlacedRule[],
  id: string | undefined,
  wish: RulePlaceWish,
): { position: number; others: PlacedRule[] } | undefined {
  const greatest = list.reduce((max, rule) => Math.max(max, rule.position), -1);
  const from = list.find((rule) => rule.id === id)?.position ?? greatest + 1;
  const position = wish.to === 'end' ? Math.max(from, greatest) : wish.position;
  const rest = list.filter((rule) => rule.id !== id);
  const others = wish.to === 'swap' ? exchanged(rest, from, position) : shifted(rest, from, position);
  const isTooFar = [{ position }, ...others].some((rule) => rule.position > ruleLimits.positionMax);
  return isTooFar ? undefined : { position, others };
}

/** Whoever is at `to` goes where the rule came from. */
function exchanged(rest: readonly PlacedRule[], from: number, to: number): PlacedRule[] {
  return rest.filter((rule) => rule.position === to).map((rule) => ({ id: rule.id, position: from }));
}

/** Those from `to` on go by one towards the place that was left. */
function shifted(rest: readonly PlacedRule[], from: number, to: number): PlacedRule[] {
  const step = to < from ? 1 : -1;
  const [low, high] = to < from ? [to, from] : [from, to];
  return rest
    .filter((rule) => rule.position >= low && rule.position <= high)
    .map((rule) => ({ id: rule.id, position: rule.position + step }));
}
