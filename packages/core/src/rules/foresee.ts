import type { PlanContext } from '../deliveries/plan.ts';
import { advanceRun, type RunContext, type RunStep } from './advance.ts';
import type { RuleList } from './choose-list.ts';

/** A step that would be done, and when. */
export interface ForeseenStep extends RunStep {
  at: Date;
}

/**
 * What a run that begins at `now` would do, as long as nobody reads what it tells of, nobody changes anything and
 * every message arrives: its first steps, `max` at most. By the function that runs rules.
 */
export function foreseeRun(plan: PlanContext, list: RuleList, now: Date, max: number): ForeseenStep[] {
  const steps: ForeseenStep[] = [];
  let at = now;
  let run: RunContext = {
    ...{ plan, list, read: false, dismissed: false, acknowledged: false },
    place: { ruleId: undefined, cursor: undefined, round: 0, pausedAt: undefined, fellBack: false },
    deliveries: { openSince: undefined, reached: false, mailed: false },
  };
  while (steps.length < max) {
    const { steps: done, next } = advanceRun(run, at);
    steps.push(...done.map((step) => ({ ...step, at })));
    if (next.state !== 'running') break;
    const sent = done.filter((step) => step.decision === 'send');
    const { reached, mailed } = run.deliveries;
    run = {
      ...{ ...run, place: next.place },
      deliveries: {
        openSince: undefined,
        reached: reached || sent.length > 0,
        mailed: mailed || sent.some((step) => step.deliveries.some(({ kind }) => kind === 'email')),
      },
    };
    at = next.at;
  }
  return steps.slice(0, max);
}
