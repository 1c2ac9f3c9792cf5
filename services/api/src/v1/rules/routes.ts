import type { Router } from 'express';
import { createRule, deleteRule, getRules, setRules, updateRule } from '@carillon/contracts';
import type { RuleId, RulePlaceWish } from '@carillon/core';
import {
  createRule as create,
  deleteRule as remove,
  getRuleLists,
  setRules as replace,
  updateRule as update,
} from '../../actions/rules.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, changed, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { guardOf } from '../../http/etag.ts';
import { fromRule, fromRuleLists } from './wire.ts';

/** In what order people are notified. */
export function mountRules(deps: ApiDeps, router: Router): void {
  bind(deps, router, getRules, async ({ params, caller }) => {
    return { status: 200, body: fromRuleLists(await getRuleLists(deps, asUser(caller), params.id)) };
  });

  bind(deps, router, setRules, async ({ params, body, caller, ifMatch }) => {
    const { important = false, steps, repeat } = body;
    const isRepeated = repeat != null && repeat.times > 0;
    const wish = {
      important,
      steps: steps.map((step) => ({ type: step.type, waitSeconds: step.wait_seconds })),
      repeat: isRepeated ? { times: repeat.times, everySeconds: repeat.every_seconds } : null,
    };
    const guard = guardOf(ifMatch, fromRuleLists);
    return changed(fromRuleLists(await replace(deps, asUser(caller), params.id, wish, guard)));
  });

  bind(deps, router, createRule, async ({ params, body, caller, key }) => {
    const { important = false, type, wait_seconds: waitSeconds, position } = body;
    const place = toPlace(position) ?? { to: 'end' };
    const wish = { user: params.id, important, type, waitSeconds, place };
    const { result, replayed } = await create(deps, asUser(caller), wish, key);
    return {
      status: 201,
      body: fromRule(result.rule, result.surroundings),
      headers: {
        Location: `/v1/users/${result.rule.user_id}/rules`,
        ...(replayed && replayedHeader),
      },
    };
  });

  bind(deps, router, updateRule, async ({ params, body, caller, ifMatch }) => {
    const reference = { id: params.rule_id as RuleId, user: params.id };
    const { type, wait_seconds: waitSeconds, position } = body;
    const fields = { type, waitSeconds, place: toPlace(position) };
    const guard = guardOf(ifMatch, fromRuleLists);
    const { rule, surroundings } = await update(deps, asUser(caller), reference, fields, guard);
    return { status: 200, body: fromRule(rule, surroundings) };
  });

  bind(deps, router, deleteRule, async ({ params, caller, ifMatch }) => {
    const reference = { id: params.rule_id as RuleId, user: params.id };
    await remove(deps, asUser(caller), reference, guardOf(ifMatch, fromRuleLists));
    return { status: 204 };
  });
}

function toPlace(position: number | undefined): RulePlaceWish | undefined {
  return position === undefined ? undefined : { to: 'move', position };
}
