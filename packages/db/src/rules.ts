/** Personal notification rules, and people as edges with short ids show them. */
export { listPeople, type PeoplePage, type PersonRecord } from './queries/people.ts';
export {
  loadRuleRepeats,
  loadRuleSurroundings,
  replaceRules,
  type RuleRepeat,
  type RuleRepeats,
} from './queries/rule-lists.ts';
export {
  deleteRule,
  getRule,
  insertRule,
  listRules,
  listRulesOf,
  lockRuleList,
  updateRule,
  type RuleListKey,
  type RulePage,
  type RuleRecord,
  type RuleRef,
  type RuleStep,
} from './queries/rules.ts';
