import { describe, expect, it } from '@jest/globals';
import type { PreferenceRow } from '../preferences/preference-row.ts';
import type { UserId } from '../vocabulary.ts';
import type { PolicyContext } from './policy.ts';
import { recheckDelivery, type RecheckContext } from './recheck.ts';

const now = new Date('2026-03-01T12:00:00Z');
function quietPolicy(user: Partial<PolicyContext['user']>): PolicyContext {
  const none = { rows: [], templateRows: [], window: undefined, muteUntil: undefined };
  return {
    ...{
      userId: 'u1' as UserId,
      scope: { category: 'general', environment: '', project: '' },
      urgent: false,
    },
    user: { ...none, urgentPasses: true, zone: 'UTC', ...user },
    ...{ isReminder: false, category: undefined, template: undefined },
  };
}
const atNoon = { start: '11:00', end: '13:00', zone: 'UTC' };
const mailOff: PreferenceRow = {
  ...{ id: 'p', category: '', environment: '', project: '' },
  ...{ kind: 'email', enabled: false, window: undefined, mode: undefined },
};
const good: RecheckContext = {
  notification: {
    ...{ urgent: false, kinds: undefined, expiresAt: undefined, cancelled: false, deleted: false },
    inboxAlways: false,
  },
  user: {},
  ...{ kind: 'email', isDigest: false, wasHeld: false, read: false, dismissed: false, acknowledged: false },
  paused: false,
  policy: quietPolicy({}),
  channel: { enabled: true },
  contactPoint: { badReason: undefined },
};
const told = (fields: Partial<RecheckContext['notification']>): Partial<RecheckContext> => ({
  notification: { ...good.notification, ...fields },
});

describe('the check right before a send', () => {
  it.each([
    { name: 'lets through what still holds', change: {}, expected: 'send' },
    {
      name: 'needs no contact point where the target has none',
      change: { contactPoint: undefined },
      expected: 'send',
    },
    {
      name: 'cancels what was deleted',
      change: told({ deleted: true }),
      expected: 'cancelled notification_deleted',
    },
    {
      name: 'cancels what was cancelled',
      change: told({ cancelled: true }),
      expected: 'cancelled notification_cancelled',
    },
    {
      name: 'ends what is over at this instant as expired',
      change: told({ expiresAt: now }),
      expected: 'expired notification_expired',
    },
    {
      name: 'suppresses for a deleted user',
      change: { user: undefined },
      expected: 'suppressed user_deleted',
    },
    {
      name: 'puts aside while the organization is paused',
      change: { paused: true },
      expected: 'pending paused',
    },
    {
      name: 'ends what is over even while the organization is paused',
      change: { paused: true, ...told({ cancelled: true }) },
      expected: 'cancelled notification_cancelled',
    },
    {
      name: 'suppresses what the recipient switched off meanwhile',
      change: { policy: quietPolicy({ rows: [mailOff] }) },
      expected: 'suppressed preference_off',
    },
    {
      name: 'holds what came into quiet hours meanwhile',
      change: { policy: quietPolicy({ window: atNoon }) },
      expected: 'hold quiet_hours',
    },
    {
      name: 'sends a message that tells of others, whatever became of its own notification',
      change: { isDigest: true, read: true, wasHeld: true, ...told({ deleted: true }) },
      expected: 'send',
    },
    {
      name: 'sends no message that tells of others to a removed user',
      change: { isDigest: true, user: undefined },
      expected: 'suppressed user_deleted',
    },
    { name: 'sends what was read and never held', change: { read: true, dismissed: true }, expected: 'send' },
    {
      name: 'cancels what was held and read meanwhile',
      change: { wasHeld: true, read: true },
      expected: 'cancelled notification_read',
    },
    {
      name: 'cancels what was held and dismissed meanwhile',
      change: { wasHeld: true, dismissed: true },
      expected: 'cancelled notification_dismissed',
    },
    {
      name: 'cancels what was acknowledged, held or not',
      change: { acknowledged: true },
      expected: 'cancelled notification_read',
    },
    {
      name: 'cancels for a removed channel',
      change: { channel: undefined },
      expected: 'cancelled channel_deleted',
    },
    {
      name: 'suppresses for a channel that was switched off',
      change: { channel: { enabled: false } },
      expected: 'suppressed channel_unavailable',
    },
    {
      name: 'suppresses for a removed contact point',
      change: { contactPoint: 'gone' as const },
      expected: 'suppressed contact_point_deleted',
    },
    {
      name: 'suppresses for an address that turned out bad',
      change: { contactPoint: { badReason: 'bounced' } },
      expected: 'suppressed contact_point_missing',
    },
  ])('$name', ({ change, expected }) => {
    const result = recheckDelivery({ ...good, ...change }, now);
    const word = result.decision === 'settle' ? result.state : result.decision;
    expect(result.decision === 'send' ? word : `${word} ${result.reason}`).toBe(expected);
  });
});
