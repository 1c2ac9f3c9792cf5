import { describe, expect, it } from '@jest/globals';
import { makeRunContext, noon, notify, type RunWish } from '../../test/runs.ts';
import { planDeliveries, planKind } from '../deliveries/plan.ts';
import type { RuleLists } from './choose-list.ts';

const quiet = { start: '11:00', end: '13:00', zone: 'UTC', days: null };

function plan(wish: Omit<RunWish, 'rules'>, list: 'default' | 'important' = 'default') {
  const { plan: context, list: filled } = makeRunContext({
    ...wish,
    rules: [notify('m', 0, 'notify_by_email')],
  });
  const empty = { rules: [], repeatTimes: 0, repeatEverySeconds: undefined };
  const lists: RuleLists = { default: empty, important: empty, [list]: filled };
  const user = { ...context.policy.user, rules: lists };
  return planDeliveries({ ...context, policy: { ...context.policy, user } }, noon);
}

describe('a plan for somebody with rules', () => {
  it.each([
    {
      name: 'leaves every kind to them, and the inbox to nobody',
      planned: plan({}),
      run: 'default',
      decisions: 'inbox place placed, email rules rules_decide, webhook rules rules_decide',
    },
    {
      name: 'takes the important list for what is urgent',
      planned: plan({ urgent: true }, 'important'),
      run: 'important',
      decisions: 'inbox place placed, email rules rules_decide, webhook rules rules_decide',
    },
    {
      name: 'leaves nothing to rules of the other list',
      planned: plan({}, 'important'),
      run: undefined,
      decisions: 'inbox place placed, email send deliver_now, webhook send deliver_now',
    },
    {
      name: 'leaves it to them also in quiet hours, which pause their steps',
      planned: plan({ window: quiet }),
      run: 'default',
      decisions: 'inbox place placed, email rules rules_decide, webhook rules rules_decide',
    },
    {
      name: 'names the kinds that the sender left out',
      planned: plan({ kinds: ['inbox', 'email'] }),
      run: 'default',
      decisions: 'inbox place placed, email rules rules_decide, webhook suppress kind_not_requested',
    },
    {
      name: 'needs no rules for what is only for the inbox',
      planned: plan({ kinds: ['inbox'] }),
      run: undefined,
      decisions: 'inbox place placed, email suppress kind_not_requested, webhook suppress kind_not_requested',
    },
    {
      name: 'needs no rules for what is switched off',
      planned: plan({ preferences: [{ enabled: false }] }),
      run: undefined,
      decisions:
        'inbox suppress preference_off, email suppress preference_off, webhook suppress preference_off',
    },
    {
      name: 'needs no rules for what is dropped in quiet time',
      planned: plan({ window: quiet, preferences: [{ mode: 'drop' }] }),
      run: undefined,
      decisions:
        'inbox place placed, email suppress dropped_in_quiet_time, webhook suppress dropped_in_quiet_time',
    },
    {
      name: 'needs no rules for what is over',
      planned: plan({ expiresAt: noon }),
      run: undefined,
      decisions:
        'inbox suppress notification_expired, email suppress notification_expired, webhook suppress notification_expired',
    },
  ])('$name', ({ planned, run, decisions }) => {
    expect(planned.run?.list).toBe(run);
    expect(planned.decisions.map((one) => `${one.kind} ${one.decision} ${one.code}`).join(', ')).toBe(
      decisions,
    );
    expect(planned.deliveries.length > 0).toBe(decisions.includes('deliver_now'));
  });
});

describe('a message that breaks the silence of a device', () => {
  const kind = 'mobile_app_critical' as const;
  const around = (urgent: boolean) => {
    const { plan: context } = makeRunContext({ rules: [], urgent, kinds: [kind], channels: [kind] });
    const contactPoints = context.user?.contactPoints.map((point) => ({ ...point, kind }));
    return { ...context, user: contactPoints && { contactPoints } };
  };
  it.each([
    { name: 'is sent without rules where it is urgent', urgent: true, code: 'deliver_now' },
    { name: 'is not sent else, although the sender asked for it', urgent: false, code: 'not_urgent' },
  ])('$name', ({ urgent, code }) => {
    const { deliveries, decisions } = planDeliveries(around(urgent), noon);
    expect(deliveries).toHaveLength(urgent ? 1 : 0);
    expect(decisions).toContainEqual(expect.objectContaining({ kind, code }));
  });

  it('is sent by a step of rules in any case: there it was the recipient who asked', () => {
    expect(planKind(around(false), kind, noon).deliveries).toHaveLength(1);
  });
});
