import { describe, expect, it } from '@jest/globals';
import type { ExternalKind } from '../vocabulary.ts';
import { keepRules } from './keep-rules.ts';
import { ruleNeeds, ruleTypes, warnOfRule, type RuleType } from './rule-type.ts';

describe('warnOfRule', () => {
  const kinds = (...names: ExternalKind[]): ReadonlySet<ExternalKind> => new Set(names);
  const all = { channels: kinds('email', 'webhook'), addresses: kinds('email', 'webhook') };
  it.each([
    {
      name: 'has nothing to say of a wait',
      type: 'wait',
      around: { channels: kinds(), addresses: kinds() },
      expected: undefined,
    },
    {
      name: 'has nothing to say of what reaches somebody',
      type: 'notify_by_email',
      around: all,
      expected: undefined,
    },
    {
      name: 'tells of a kind without a channel',
      type: 'notify_by_email',
      around: { ...all, channels: kinds('webhook') },
      expected: 'channel_unavailable',
    },
    {
      name: 'tells of somebody whose app may not break the silence of the device',
      type: 'notify_by_mobile_app_critical',
      around: { channels: kinds('mobile_app', 'mobile_app_critical'), addresses: kinds('mobile_app') },
      expected: 'no_device',
    },
    {
      name: 'tells of a missing mail address',
      type: 'notify_by_email',
      around: { ...all, addresses: kinds('webhook') },
      expected: 'no_email',
    },
    {
      name: 'tells of somebody who is not in Telegram',
      type: 'notify_by_telegram',
      around: { ...all, channels: kinds('telegram') },
      expected: 'telegram_not_linked',
    },
    {
      name: 'tells of a missing webhook',
      type: 'notify_by_webhook',
      around: { ...all, addresses: kinds('email') },
      expected: 'no_webhook',
    },
  ] as const)('$name', ({ type, around, expected }) => {
    expect(warnOfRule(type, around)).toBe(expected);
  });

  it('reaches people by a kind of its own for each type', () => {
    const notifying = ruleTypes.flatMap((type) => (type === 'wait' ? [] : type));
    expect(notifying.map((type) => `notify_by_${ruleNeeds[type].kind}`)).toEqual(notifying);
  });
});

describe('keepRules', () => {
  const step = (type: RuleType, waitSeconds: number | null = null) => ({ type, waitSeconds });
  const before = [
    { id: 'a', ...step('notify_by_email') },
    { id: 'b', ...step('wait', 60) },
    { id: 'c', ...step('notify_by_email') },
  ];
  it.each([
    { name: 'keeps all of a list that is written again', steps: before, expected: ['a', 'b', 'c'] },
    { name: 'makes anew what was not there', steps: [step('wait', 61)], expected: [undefined] },
    { name: 'keeps what moved', steps: [step('wait', 60), step('notify_by_email')], expected: ['b', 'a'] },
    {
      name: 'takes no rule twice',
      steps: [step('wait', 60), step('wait', 60)],
      expected: ['b', undefined],
    },
    { name: 'needs nothing for an empty list', steps: [], expected: [] },
  ])('$name', ({ steps, expected }) => {
    expect(keepRules(before, steps)).toEqual(expected);
  });
});
