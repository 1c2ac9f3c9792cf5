/** Personal notification rules and their runs, and people as edges with short ids show them. */
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
export {
  listDueRuns,
  listDueRunsOf,
  lockForSteps,
  type DueRun,
  type LockedForSteps,
} from './queries/rule-runs/due.ts';
export { loadRuns, type LoadedRun, type RunBatch } from './queries/rule-runs/load.ts';
export { placeSteps, type PlacedStep, type RunPlacement } from './queries/rule-runs/place.ts';
