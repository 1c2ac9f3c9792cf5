import { describe, expect, it } from '@jest/globals';
import { makeRunContext, noon, notify, wait, type RunWish } from '../../test/runs.ts';
import { advanceRun, longestPauseMs, type Advance } from './advance.ts';

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);
/** As `send notify_by_email; wait until +5 min → running at +5 min`. */
function tell({ steps, next, isUnreached }: Advance): string {
  const told = steps.map(({ decision, type, code, until, deliveries }) =>
    [decision, type, code, until && at(until), deliveries.length > 1 && `×${deliveries.length}`]
      .filter((part) => part !== undefined && part !== false)
      .join(' '),
  );
  const end = next.state === 'running' ? `at ${at(next.at)}` : [next.state, next.reason].join(' ').trim();
  return [...told, isUnreached ? `${end}!` : end].join('; ');
}
/** Whole minutes from noon: the ends of quiet times are spread over two. */
function at(instant: Date): string {
  const seconds = (instant.getTime() - noon.getTime()) / 1000;
  return seconds < 60 ? `+${seconds}s` : `+${Math.floor(seconds / 60)}`;
}

const slackWaitMail = [
  notify('a', 0, 'notify_by_slack'),
  wait('b', 1, 300),
  notify('c', 2, 'notify_by_email'),
];
const mail = [notify('m', 0, 'notify_by_email')];
const quietUntil13 = { start: '11:00', end: '13:00', zone: 'UTC', days: null };
const never = { addresses: [], channels: [] };

const table: { name: string; wish: RunWish; expected: string }[] = [
  {
    name: 'the first steps go at once, up to the first wait',
    wish: { rules: slackWaitMail },
    expected: 'suppress notify_by_slack channel_unavailable; wait wait +5; at +5',
  },
  {
    name: 'after a wait comes the next step, then a look whether it arrived',
    wish: { rules: slackWaitMail, after: 'b' },
    expected: 'send notify_by_email; at +10s',
  },
  {
    name: 'adjacent steps go together',
    wish: { rules: [...mail, notify('w', 7, 'notify_by_webhook')] },
    expected: 'send notify_by_email; send notify_by_webhook; at +10s',
  },
  {
    name: 'one message for each address',
    wish: { rules: mail, addresses: ['one', 'two'] },
    expected: 'send notify_by_email ×2; at +10s',
  },
  {
    name: 'a step without an address is passed over with its own code',
    wish: { rules: [...mail, wait('b', 1, 60)], addresses: [] },
    expected: 'suppress notify_by_email no_email; wait wait +1; at +1',
  },
  {
    name: 'a number that nobody verified is not texted',
    wish: {
      rules: [notify('s', 0, 'notify_by_sms')],
      phones: [{ id: 'p', verified: false }],
      channels: ['sms'],
    },
    expected:
      'suppress notify_by_sms phone_not_verified; suppress fallback channel_unavailable; finished rules_unreached!',
  },
  {
    name: 'verified numbers are, and no other',
    wish: {
      ...{ rules: [notify('s', 0, 'notify_by_sms')], channels: ['sms'] },
      phones: ['one', 'two', 'three'].map((id) => ({ id, verified: id !== 'two' })),
    },
    expected: 'send notify_by_sms ×2; at +10s',
  },
  {
    name: 'a step by a kind that the sender left out is passed over',
    wish: { rules: [...mail, wait('b', 1, 60)], kinds: ['inbox', 'webhook'] },
    expected: 'suppress notify_by_email kind_not_requested; wait wait +1; at +1',
  },
  {
    name: 'quiet hours pause before the step, which counts again from their end',
    wish: { rules: slackWaitMail, after: 'b', window: quietUntil13 },
    expected: 'hold notify_by_email quiet_hours +60; at +60',
  },
  {
    name: 'that a run is held is written down once',
    wish: { rules: mail, window: quietUntil13, pausedAt: minutes(-30) },
    expected: 'at +60',
  },
  {
    name: 'a wait begins inside quiet hours',
    wish: { rules: [wait('b', 1, 60)], window: quietUntil13 },
    expected: 'wait wait +1; at +1',
  },
  {
    name: 'quiet hours hold nothing urgent',
    wish: { rules: mail, window: quietUntil13, urgent: true },
    expected: 'send notify_by_email; at +10s',
  },
  {
    name: 'unless the user forbids it',
    wish: { rules: mail, window: quietUntil13, urgent: true, urgentPasses: false },
    expected: 'hold notify_by_email quiet_hours +60; at +60',
  },
  {
    name: 'after a day of pauses the step goes all the same',
    wish: { rules: mail, window: quietUntil13, pausedAt: minutes(-24 * 60) },
    expected: 'send notify_by_email longest_pause_over; at +10s',
  },
  {
    name: 'no pause is promised beyond that day',
    wish: { rules: mail, window: quietUntil13, pausedAt: minutes(-24 * 60 + 5) },
    expected: 'at +5',
  },
  {
    name: 'a mute is obeyed to its end',
    wish: { rules: mail, muteUntil: minutes(3 * 24 * 60), pausedAt: minutes(-25 * 60) },
    expected: `at +${3 * 24 * 60}`,
  },
  {
    name: 'an executed rule that is gone by now leaves its place behind',
    wish: { rules: [...mail, wait('d', 9, 60)], after: 'gone', cursor: 4 },
    expected: 'wait wait +1; at +1',
  },
  {
    name: 'an executed rule that was moved counts where it is now',
    wish: { rules: [notify('a', 8, 'notify_by_email'), wait('d', 9, 60)], after: 'a', cursor: 0 },
    expected: 'wait wait +1; at +1',
  },
  {
    name: 'at the end it ends, where somebody was reached',
    wish: { rules: mail, after: 'm', reached: true },
    expected: 'finished',
  },
  {
    name: 'it looks again as long as a message is under way, ever more seldom',
    wish: { rules: mail, after: 'm', reached: true, openSince: minutes(-60) },
    expected: 'at +30',
  },
  {
    name: 'but once an hour at least',
    wish: { rules: mail, after: 'm', openSince: minutes(-600) },
    expected: 'at +60',
  },
  {
    name: 'nobody reached → e-mail, though no rule says so',
    wish: { rules: [notify('a', 0, 'notify_by_slack')], after: 'a' },
    expected: 'send fallback; at +10s!',
  },
  {
    name: 'the fallback waits for the end of quiet hours',
    wish: { rules: [notify('a', 0, 'notify_by_slack')], after: 'a', window: quietUntil13 },
    expected: 'hold fallback quiet_hours +60; at +60',
  },
  {
    name: 'no second e-mail where one failed already',
    wish: { rules: mail, after: 'm', mailed: true },
    expected: 'finished rules_unreached!',
  },
  {
    name: 'no fallback without an address',
    wish: { rules: [notify('a', 0, 'notify_by_slack')], after: 'a', ...never },
    expected: 'suppress fallback channel_unavailable; finished rules_unreached!',
  },
  {
    name: 'a fallback that failed ends the run',
    wish: { rules: mail, after: 'm', fellBack: true, mailed: true },
    expected: 'finished rules_unreached',
  },
  {
    name: 'all rules deleted → to its end',
    wish: { rules: [], after: 'gone', cursor: 3, reached: true },
    expected: 'finished',
  },
  {
    name: 'a list that is repeated begins anew after its pause',
    wish: { rules: mail, after: 'm', reached: true, repeat: [2, 600], round: 1 },
    expected: 'wait repeat +10; at +10',
  },
  {
    name: 'as often as it is to be',
    wish: { rules: mail, after: 'm', reached: true, repeat: [2, 600], round: 2 },
    expected: 'finished',
  },
  { name: 'reading ends it', wish: { rules: mail, read: true }, expected: 'stopped notification_read' },
  {
    name: 'reading alone does not end what is urgent',
    wish: { rules: mail, read: true, urgent: true },
    expected: 'send notify_by_email; at +10s',
  },
  {
    name: 'acknowledging ends what is urgent',
    wish: { rules: mail, acknowledged: true, urgent: true },
    expected: 'stopped notification_read',
  },
  {
    name: 'dismissing ends what is urgent',
    wish: { rules: mail, dismissed: true, urgent: true },
    expected: 'stopped notification_dismissed',
  },
  {
    name: 'its time is over',
    wish: { rules: mail, expiresAt: noon },
    expected: 'stopped notification_expired',
  },
  { name: 'cancelled', wish: { rules: mail, cancelled: true }, expected: 'stopped notification_cancelled' },
  { name: 'deleted', wish: { rules: mail, deleted: true }, expected: 'stopped notification_deleted' },
  { name: 'a removed user', wish: { rules: mail, userGone: true }, expected: 'stopped user_deleted' },
  {
    name: 'a category that was switched off',
    wish: { rules: mail, preferences: [{ category: 'general', enabled: false }] },
    expected: 'stopped preference_off',
  },
  {
    name: 'a kind that was switched off is passed over, the others go on',
    wish: { rules: [...mail, wait('b', 1, 60)], preferences: [{ kind: 'email', enabled: false }] },
    expected: 'suppress notify_by_email preference_off; wait wait +1; at +1',
  },
];

describe('a run of rules', () => {
  it.each(table)('$name', ({ wish, expected }) => {
    expect(tell(advanceRun(makeRunContext(wish), noon))).toBe(expected);
  });

  it('says with the quiet hours that were passed that it may pass them', () => {
    const pausedAt = new Date(noon.getTime() - longestPauseMs);
    const { steps } = advanceRun(makeRunContext({ rules: mail, window: quietUntil13, pausedAt }), noon);
    expect(steps.flatMap((step) => step.deliveries.map((delivery) => delivery.held))).toEqual([undefined]);
  });
});
