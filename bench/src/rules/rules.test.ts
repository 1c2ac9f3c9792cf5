import { describe, expect, it } from '@jest/globals';
import { advanceRun, planDeliveries } from '@carillon/core';
import { judge } from '../verdicts.mjs';
import { ruledSamples } from './planning.mjs';
import { ruleFigures } from './verdicts.mjs';

describe('plans with rules to be measured', () => {
  it('have ten rows, a window and six rules, and some are paused by it', () => {
    const samples = ruledSamples(256);
    const decisions = samples.flatMap(({ plan, run, now }) => {
      expect([plan.policy.user.rows.length, run.list.rules.length]).toEqual([10, 6]);
      const { run: started } = planDeliveries(plan, now);
      return started === undefined ? ['none'] : advanceRun(run, now).steps.map((step) => step.decision);
    });
    expect([...new Set(decisions)].toSorted()).toEqual(['hold', 'none', 'send', 'suppress', 'wait']);
  });
});

describe('the figures of rules', () => {
  const runs = { count: 30_000, perSecond: 3_100, early: 0, latenessSeconds: { p50: 1, max: 9.9 } };

  it('fail for one step before its time, and for one that is later than ten seconds', () => {
    const verdicts = (changed: Partial<typeof runs>) =>
      ruleFigures({ rulePlanningUs: [20], runs: { ...runs, ...changed } })
        .map(({ rule, spread }) => judge(rule, spread))
        .filter((verdict) => verdict.floorMet === false)
        .map((verdict) => verdict.name);
    expect(verdicts({})).toEqual([]);
    expect(verdicts({ early: 1 })).toEqual(['steps before their time, of 30,000 runs']);
    expect(verdicts({ latenessSeconds: { p50: 1, max: 10.1 } })).toEqual([
      'latest step after its time, of 30,000 runs',
    ]);
    expect(verdicts({ perSecond: 2_999 })).toEqual(['advanced per second, of 30,000 runs']);
  });
});
