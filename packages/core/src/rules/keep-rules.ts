import type { RuleType } from './rule-type.ts';

/** What a step of a list does, whatever its id. */
export interface RuleContent {
  type: RuleType;
  /** Given for `wait` and for nothing else. */
  waitSeconds: number | null;
}

/**
 * For each step of a list that replaces another, the id of the rule that goes on in it, or undefined where it is new: the
 * first rule in the old order that does the same and is not taken. So writing a list again as it is changes
 * nothing, and a run that stands at a rule finds it again where it went.
 */
export function keepRules<Id extends string>(
  rules: readonly (RuleContent & { id: Id })[],
  steps: readonly RuleContent[],
): (Id | undefined)[] {
  const free = [...rules];
  return steps.map((step) => {
    const index = free.findIndex((rule) => rule.type === step.type && rule.waitSeconds === step.waitSeconds);
    return index < 0 ? undefined : free.splice(index, 1)[0]?.id;
  });
}
