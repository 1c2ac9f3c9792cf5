import { advanceRun, planDeliveries } from '@carillon/core';
import { cpuUsOfEach } from '../core/cpu-time.mjs';
import { planSamples } from '../core/planning.mjs';

/** @typedef {import('@carillon/core').RuleList} RuleList */

const plansPerRound = 10_000;

/**
 * Six rules of a user with this number, with holes between their positions.
 *
 * @param {number} number
 * @returns {RuleList}
 */
function rulesOf(number) {
  const types = /** @type {const} */ ([
    ...['notify_by_slack', 'notify_by_email', 'wait', 'notify_by_webhook', 'wait', 'notify_by_email'],
  ]);
  return {
    rules: types.map((type, index) => {
      const id = /** @type {any} */ (`rule-${number}-${index}`);
      return { id, position: index * 2, type, waitSeconds: type === 'wait' ? 300 : undefined };
    }),
    ...{ repeatTimes: 0, repeatEverySeconds: undefined },
  };
}

/**
 * Plans for people with ten preference rows, quiet hours and six rules, and their runs as they begin.
 *
 * @param {number} count
 */
export function ruledSamples(count) {
  return planSamples(count).map(({ context, now }, number) => {
    const list = rulesOf(number);
    const rules = { default: list, important: { rules: [], repeatTimes: 0, repeatEverySeconds: undefined } };
    const policy = { ...context.policy, user: { ...context.policy.user, rules } };
    const plan = { ...context, policy };
    const place = { ruleId: undefined, cursor: undefined, round: 0, pausedAt: undefined, fellBack: false };
    const deliveries = { openSince: undefined, reached: false, mailed: false };
    const run = { place, list, read: false, dismissed: false, acknowledged: false, deliveries, plan };
    return { plan, run, now };
  });
}

/**
 * CPU µs of planning one notification and of the first steps of its run together, a value per round.
 *
 * @param {number} rounds
 * @returns {number[]}
 */
export function measureRulePlanning(rounds) {
  const samples = ruledSamples(256);
  let decided = 0;
  const figures = cpuUsOfEach({ times: plansPerRound, rounds }, (index) => {
    const sample = samples[index % samples.length];
    if (sample === undefined) return;
    const { decisions, run } = planDeliveries(sample.plan, sample.now);
    if (run !== undefined) decided += advanceRun(sample.run, sample.now).steps.length;
    decided += decisions.length;
  });
  if (decided < plansPerRound * (rounds + 1) * 4) throw new Error(`only ${decided} decisions were made`);
  return figures;
}
