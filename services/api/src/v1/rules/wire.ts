import type { Rule, RuleLists as WireLists } from '@carillon/contracts';
import { warnOfRule, type RuleSurroundings } from '@carillon/core';
import type { RuleRecord, RuleRepeat } from '@carillon/db/rules';
import type { RuleLists } from '../../actions/rules.ts';

/** Domain → wire. */
export function fromRule(rule: RuleRecord, surroundings: RuleSurroundings): Rule {
  return {
    id: rule.id,
    short_id: rule.short_id,
    important: rule.important,
    position: rule.position,
    type: rule.type,
    wait_seconds: rule.wait_seconds,
    warning: warnOfRule(rule.type, surroundings) ?? null,
    created_at: rule.created_at.toISOString(),
    updated_at: rule.updated_at.toISOString(),
  };
}

/** Domain → wire: what a GET shows, and what changes are matched with. */
export function fromRuleLists({ rules, repeats, surroundings }: RuleLists): WireLists {
  const of = (important: boolean, repeat: RuleRepeat | null) => ({
    rules: rules.filter((rule) => rule.important === important).map((rule) => fromRule(rule, surroundings)),
    repeat: repeat === null ? null : { times: repeat.times, every_seconds: repeat.everySeconds },
  });
  return { default: of(false, repeats.default), important: of(true, repeats.important) };
}
