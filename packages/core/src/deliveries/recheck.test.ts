import { describe, expect, it } from '@jest/globals';
import { recheckDelivery, type RecheckContext } from './recheck.ts';

const now = new Date('2026-03-01T12:00:00Z');
const good: RecheckContext = {
  notification: { urgent: false, kinds: undefined, expiresAt: undefined, cancelled: false, deleted: false },
  user: {},
  organizationPaused: false,
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
      change: { organizationPaused: true },
      expected: 'pending paused',
    },
    {
      name: 'ends what is over even while the organization is paused',
      change: { organizationPaused: true, ...told({ cancelled: true }) },
      expected: 'cancelled notification_cancelled',
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
    expect(result.decision === 'send' ? 'send' : `${result.state} ${result.reason}`).toBe(expected);
  });
});
