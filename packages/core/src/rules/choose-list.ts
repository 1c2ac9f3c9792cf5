import type { RuleId } from '../vocabulary.ts';
import type { RuleType } from './rule-type.ts';

/** One step of a list as a run sees it. */
export interface ListedRule {
  id: RuleId;
  /** An order number: lists may have holes, never two rules with one number. */
  position: number;
  type: RuleType;
  /** Of a `wait`. */
  waitSeconds: number | undefined;
}

/** A user's list with what was said of it as a whole; empty where the user has none. */
export interface RuleList {
  /** In any order. */
  rules: readonly ListedRule[];
  /** How often it is run again after its end. */
  repeatTimes: number;
  /** How long after its end; undefined where it is not repeated. */
  repeatEverySeconds: number | undefined;
}

export const ruleListNames = ['default', 'important'] as const;
export type RuleListName = (typeof ruleListNames)[number];
export type RuleLists = Readonly<Record<RuleListName, RuleList>>;

/**
 * Which list tells of a notification: the important one of what is urgent, unless it is empty, else the default one.
 * Undefined where both are empty: then preferences alone decide, and all kinds go out at once.
 */
export function chooseList(lists: RuleLists | undefined, urgent: boolean): RuleListName | undefined {
  if (lists === undefined) return undefined;
  if (urgent && lists.important.rules.length > 0) return 'important';
  return lists.default.rules.length > 0 ? 'default' : undefined;
}
