import { describe, expect, it } from '@jest/globals';
import { noon, notify, wait } from '../../test/runs.ts';
import { runStepTypes, type RunPlace } from '../rules/advance.ts';
import type { RuleId } from '../vocabulary.ts';
import { reasonCodes } from '../vocabulary.ts';
import { audiences } from './audience.ts';
import { tellRun, type RunRecord, type StepRecord } from './runs.ts';

const clock = { zone: 'Europe/Berlin', now: noon };
const later = new Date('2026-03-01T12:05:00Z');
const place: RunPlace = {
  ...{ ruleId: 'b' as RuleId, cursor: 1, round: 0, pausedAt: undefined, fellBack: false },
};
const rules = [notify('a', 0, 'notify_by_slack'), wait('b', 1, 300), notify('c', 2, 'notify_by_email')];
const running: RunRecord = {
  ...{ list: 'default', urgent: false, state: 'running', reason: null, place, nextAt: later, endedAt: null },
  ...{ rules: { rules, repeatTimes: 0, repeatEverySeconds: undefined }, steps: [] },
};
const step = (fields: Partial<StepRecord>): StepRecord => ({
  ...{ sequence: 1, type: 'notify_by_email', decision: 'send', code: null, at: noon, until: null },
  ...fields,
});

describe('what is told of a run of rules', () => {
  it('says what comes next, and when, by the list as it is now', () => {
    const told = tellRun(running, 'recipient', clock);
    expect(told.sentence).toBe('Your default rules are running.');
    expect(told.next).toEqual({
      ...{ type: 'notify_by_email', at: later },
      sentence: 'Next, at 13:05 on 1 March (Europe/Berlin): e-mail.',
    });
  });

  it.each<{ name: string; change: Partial<RunRecord>; type: string }>([
    {
      name: 'a rule that was added',
      change: { rules: { ...running.rules, rules: [...rules.slice(0, 2), wait('n', 2, 60)] } },
      type: 'wait',
    },
    {
      name: 'the end of the list',
      change: { rules: { ...running.rules, rules: rules.slice(0, 2) } },
      type: 'end',
    },
    {
      name: 'the fallback that quiet hours hold',
      change: { rules: { ...running.rules, rules: [] }, place: { ...place, pausedAt: noon } },
      type: 'fallback',
    },
    {
      name: 'the list anew',
      change: { place: { ...place, ruleId: undefined, cursor: undefined } },
      type: 'notify_by_slack',
    },
  ])('names $name', ({ change, type }) => {
    expect(tellRun({ ...running, ...change }, 'operator', clock).next?.type).toBe(type);
  });

  it('says of a run that is over why, and nothing of a next step', () => {
    const over = {
      ...running,
      endedAt: later,
      state: 'stopped' as const,
      reason: 'notification_read' as const,
    };
    expect(tellRun(over, 'operator', clock)).toMatchObject({
      sentence:
        "The recipient's default rules were stopped at 13:05 on 1 March (Europe/Berlin): because the recipient read or acknowledged it meanwhile.",
      next: undefined,
    });
    const unreached = { ...over, state: 'finished' as const, reason: 'rules_unreached' as const };
    expect(tellRun(unreached, 'recipient', clock).sentence).toBe(
      'Your default rules came to their end at 13:05 on 1 March (Europe/Berlin): none of the ways of your rules reached anybody.',
    );
  });

  it.each([
    { given: step({}), told: '12:00 on 1 March (UTC): e-mail.' },
    {
      given: step({ type: 'wait', decision: 'wait', until: later }),
      told: '12:00 on 1 March (UTC): waiting until 12:05 on 1 March (UTC).',
    },
    {
      given: step({ type: 'repeat', decision: 'wait', until: later }),
      told: '12:00 on 1 March (UTC): at the end of the list, to begin anew at 12:05 on 1 March (UTC).',
    },
    {
      given: step({ decision: 'suppress', code: 'no_email' }),
      told: '12:00 on 1 March (UTC): e-mail: not sent, because you have no e-mail address that works.',
    },
    {
      given: step({ decision: 'hold', code: 'quiet_hours', until: later }),
      told: '12:00 on 1 March (UTC): e-mail: held until 12:05 on 1 March (UTC) by your quiet hours, and the list with it.',
    },
    {
      given: step({ type: 'fallback' }),
      told: '12:00 on 1 March (UTC): e-mail, because nothing else had reached you.',
    },
  ])('tells a step: $told', ({ given, told }) => {
    const { steps } = tellRun({ ...running, steps: [given] }, 'recipient', { zone: 'UTC', now: noon });
    expect(steps.map((one) => one.sentence)).toEqual([told]);
  });

  it.each(audiences)('has a plain sentence for the %s of every type and reason', (audience) => {
    const steps = runStepTypes.flatMap((type) =>
      reasonCodes.map((code) => step({ type, code, until: later })),
    );
    for (const { sentence } of tellRun({ ...running, steps }, audience, clock).steps) {
      expect(sentence).toMatch(/^[A-Z0-9][^{}<>]*\.$/);
      expect(sentence).not.toMatch(/undefined|null|NaN/);
    }
  });
});
