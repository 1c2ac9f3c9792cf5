import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  channelKinds,
  externalKinds,
  reasonCodes,
  type ChannelId,
  type ContactPointId,
  type ExternalKind,
  type UserId,
} from '../vocabulary.ts';
import {
  planDeliveries,
  type PlanChannel,
  type PlanContactPoint,
  type PlanContext,
  type PlanNotification,
} from './plan.ts';
import type { PolicyContext } from './policy.ts';

const now = new Date('2026-03-01T12:00:00Z');
const before = new Date('2026-03-01T11:59:59.999Z');
const after = new Date('2026-03-01T12:00:00.001Z');

const notification = (fields: Partial<PlanNotification> = {}): PlanNotification => ({
  urgent: false,
  kinds: undefined,
  expiresAt: undefined,
  cancelled: false,
  deleted: false,
  inboxAlways: false,
  ...fields,
});
/** Nobody chose anything. */
const policy: PolicyContext = {
  ...{
    userId: 'u1' as UserId,
    scope: { category: 'general', environment: '', project: '' },
    urgent: false,
    isReminder: false,
  },
  user: {
    ...{
      rows: [],
      templateRows: [],
      window: undefined,
      urgentPasses: true,
      muteUntil: undefined,
      zone: 'UTC',
    },
  },
  ...{ category: undefined, template: undefined },
};
const channel = (kind: ExternalKind, id: string, fields: Partial<PlanChannel> = {}): PlanChannel => ({
  id: id as ChannelId,
  kind,
  enabled: true,
  position: 0,
  ...fields,
});
const point = (kind: ExternalKind, id: string, badReason?: string): PlanContactPoint => ({
  id: id as ContactPointId,
  kind,
  badReason,
});
const context = (fields: Partial<PlanContext> = {}): PlanContext => ({
  notification: notification(),
  user: { contactPoints: [point('email', 'p1')] },
  channels: [channel('email', 'c1')],
  kindsWithoutContactPoint: new Set(['null']),
  policy,
  ...fields,
});

describe('what a plan decides', () => {
  it.each([
    {
      name: 'places in the inbox and sends to the address',
      given: context(),
      placed: true,
      deliveries: ['email c1 p1'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'decides on the inbox alone where an organization has no channel',
      given: context({ channels: [] }),
      placed: true,
      deliveries: [],
      decisions: ['inbox placed'],
    },
    {
      name: 'makes one delivery for each working address of a kind',
      given: context({
        user: {
          contactPoints: [point('email', 'p2'), point('email', 'p1'), point('email', 'p3', 'bounced')],
        },
      }),
      placed: true,
      deliveries: ['email c1 p1', 'email c1 p2'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'suppresses a kind for which the user has no working address',
      given: context({ user: { contactPoints: [point('email', 'p1', 'bounced')] } }),
      placed: true,
      deliveries: [],
      decisions: ['inbox placed', 'email contact_point_missing'],
    },
    {
      name: 'suppresses a kind whose only channel is switched off',
      given: context({ channels: [channel('email', 'c1', { enabled: false })] }),
      placed: true,
      deliveries: [],
      decisions: ['inbox placed', 'email channel_unavailable'],
    },
    {
      name: 'passes over a channel whose target does not answer',
      given: context({
        channels: [channel('email', 'c1', { open: true }), channel('email', 'c2', { position: 1 })],
      }),
      placed: true,
      deliveries: ['email c2 p1'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'takes it when a probe is due',
      given: context({
        channels: [
          channel('email', 'c1', { open: true, probeDue: true }),
          channel('email', 'c2', { position: 1 }),
        ],
      }),
      placed: true,
      deliveries: ['email c1 p1'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'takes the first when none answers',
      given: context({
        channels: [
          channel('email', 'c1', { open: true }),
          channel('email', 'c2', { position: 1, open: true }),
        ],
      }),
      placed: true,
      deliveries: ['email c1 p1'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'takes the enabled channel with the lowest position, then the oldest',
      given: context({
        channels: [
          channel('email', 'c9', { position: 1 }),
          channel('email', 'c2', { position: 1 }),
          channel('email', 'c1', { position: 2 }),
          channel('email', 'c0', { position: 0, enabled: false }),
        ],
      }),
      placed: true,
      deliveries: ['email c2 p1'],
      decisions: ['inbox placed', 'email deliver_now'],
    },
    {
      name: 'keeps to the kinds that the sender asked for',
      given: context({
        notification: notification({ kinds: ['null'] }),
        channels: [channel('email', 'c1'), channel('null', 'c2')],
      }),
      placed: false,
      deliveries: ['null c2 -'],
      decisions: ['inbox kind_not_requested', 'email kind_not_requested', 'null deliver_now'],
    },
    {
      name: 'sends by a kind without contact points to the channel itself',
      given: context({ channels: [channel('null', 'c2')], user: { contactPoints: [] } }),
      placed: true,
      deliveries: ['null c2 -'],
      decisions: ['inbox placed', 'null deliver_now'],
    },
    {
      name: 'lets through what ends a moment later',
      given: context({ notification: notification({ expiresAt: after }), channels: [] }),
      placed: true,
      deliveries: [],
      decisions: ['inbox placed'],
    },
    ...(
      [
        ['deleted', notification({ deleted: true, cancelled: true }), undefined, 'notification_deleted'],
        [
          'cancelled',
          notification({ cancelled: true, expiresAt: before }),
          undefined,
          'notification_cancelled',
        ],
        ['expired', notification({ expiresAt: before }), undefined, 'notification_expired'],
        ['ended this very instant', notification({ expiresAt: now }), undefined, 'notification_expired'],
        ['for a deleted user', notification(), undefined, 'user_deleted'],
      ] as const
    ).map(([what, over, user, code]) => ({
      name: `sends nothing of what is ${what}, and says so for each kind`,
      given: context({ notification: over, ...(code === 'user_deleted' && { user }) }),
      placed: false,
      deliveries: [],
      decisions: [`inbox ${code}`, `email ${code}`],
    })),
  ])('$name', ({ given, placed, deliveries, decisions }) => {
    const plan = planDeliveries(given, now);
    expect(plan.placed).toBe(placed);
    expect(plan.deliveries.map((d) => `${d.kind} ${d.channelId} ${d.contactPointId ?? '-'}`)).toEqual(
      deliveries,
    );
    expect(plan.decisions.map((d) => `${d.kind} ${d.code}`)).toEqual(decisions);
  });
});

const anyKind = fc.constantFrom(...externalKinds);
/** Rows, windows and modes as people make them. */
const anyPolicy: fc.Arbitrary<PolicyContext> = fc.record({
  userId: fc.constant('u1' as UserId),
  scope: fc.constant({ category: 'general', environment: '', project: '' }),
  urgent: fc.boolean(),
  isReminder: fc.boolean(),
  user: fc.record({
    rows: fc.array(
      fc.record({
        id: fc.uuid(),
        category: fc.constantFrom('', 'general', 'other'),
        environment: fc.constant(''),
        project: fc.constant(''),
        kind: fc.constantFrom('' as const, 'inbox' as const, ...externalKinds),
        enabled: fc.constantFrom(true, false, null),
        window: fc.constantFrom(undefined, { start: '08:00', end: '18:00', zone: 'Europe/Berlin' }),
        mode: fc.constantFrom(undefined, 'hold' as const, 'drop' as const, 'digest' as const, 'off' as const),
      }),
      { maxLength: 4 },
    ),
    templateRows: fc.constant([]),
    window: fc.constantFrom(undefined, { start: '22:00', end: '14:00', zone: 'UTC' }),
    urgentPasses: fc.boolean(),
    muteUntil: fc.constantFrom(undefined, before, after),
    zone: fc.constant('UTC'),
  }),
  category: fc.constantFrom(undefined, {
    ...{ mandatory: false, quietMode: 'digest' as const, defaultEnabled: true },
  }),
  template: fc.constant(undefined),
});
const anyContext: fc.Arbitrary<PlanContext> = fc.record({
  notification: fc.record({
    urgent: fc.boolean(),
    kinds: fc.option(fc.subarray([...channelKinds]), { nil: undefined }),
    expiresAt: fc.option(fc.constantFrom(before, now, after), { nil: undefined }),
    cancelled: fc.boolean(),
    deleted: fc.boolean(),
    inboxAlways: fc.boolean(),
  }),
  user: fc.option(
    fc.record({
      contactPoints: fc.uniqueArray(
        fc.record({
          id: fc.uuid().map((id) => id as ContactPointId),
          kind: anyKind,
          badReason: fc.option(fc.constant('bounced'), { nil: undefined }),
        }),
        { selector: (p) => p.id, maxLength: 8 },
      ),
    }),
    { nil: undefined, freq: 5 },
  ),
  channels: fc.uniqueArray(
    fc.record({
      id: fc.uuid().map((id) => id as ChannelId),
      kind: anyKind,
      enabled: fc.boolean(),
      position: fc.integer({ min: 0, max: 2 }),
    }),
    { selector: (c) => c.id, maxLength: 6 },
  ),
  kindsWithoutContactPoint: fc.subarray([...externalKinds]).map((kinds) => new Set(kinds)),
  policy: anyPolicy,
});

describe('every plan', () => {
  it('has exactly one decision for the inbox and for each kind of the organization', () => {
    fc.assert(
      fc.property(anyContext, (given) => {
        const kinds = planDeliveries(given, now).decisions.map((d) => d.kind);
        const expected = externalKinds.filter((kind) => given.channels.some((c) => c.kind === kind));
        expect(kinds).toEqual(['inbox', ...expected]);
      }),
    );
  });

  it('does what its decisions say: places, sends and suppresses nothing else', () => {
    fc.assert(
      fc.property(anyContext, (given) => {
        const plan = planDeliveries(given, now);
        const going = plan.decisions.filter((d) => d.decision === 'send' || d.decision === 'hold');
        const sending = going.map((d) => d.kind);
        for (const { kind, held } of plan.deliveries) {
          const code = plan.decisions.find((d) => d.kind === kind)?.code;
          expect(held === undefined ? 'deliver_now' : held.reason).toBe(code);
          expect(held === undefined || held.until > now).toBe(true);
        }
        expect([...new Set(plan.deliveries.map((d) => d.kind))]).toEqual(sending);
        expect(plan.placed).toBe(plan.decisions[0]?.decision === 'place');
        expect(plan.decisions.every((d) => reasonCodes.includes(d.code))).toBe(true);
        const targets = plan.deliveries.map((d) => `${d.channelId} ${d.contactPointId}`);
        expect(new Set(targets).size).toBe(targets.length);
      }),
    );
  });

  it('does not depend on the order in which channels and contact points were read', () => {
    const shuffled = anyContext.chain((given) =>
      fc.record({
        given: fc.constant(given),
        channels: fc.shuffledSubarray([...given.channels], { minLength: given.channels.length }),
        points: fc.shuffledSubarray([...(given.user?.contactPoints ?? [])], {
          minLength: given.user?.contactPoints.length ?? 0,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ given, channels, points }) => {
        const user = given.user === undefined ? undefined : { contactPoints: points };
        expect(planDeliveries({ ...given, channels, user }, now)).toEqual(planDeliveries(given, now));
      }),
    );
  });

  it('sends nothing when the notification or its recipient is over', () => {
    const over = anyContext.filter(
      ({ notification: n, user }) =>
        n.deleted || n.cancelled || user === undefined || (n.expiresAt !== undefined && n.expiresAt <= now),
    );
    fc.assert(
      fc.property(over, (given) => {
        const plan = planDeliveries(given, now);
        expect([plan.placed, plan.deliveries.length]).toEqual([false, 0]);
        expect(new Set(plan.decisions.map((d) => d.decision))).toEqual(new Set(['suppress']));
      }),
    );
  });
});
