import { externalKinds } from '../vocabulary.ts';
import type { ChannelId, ChannelKind, ContactPointId, ExternalKind, ReasonCode } from '../vocabulary.ts';

/** What planning may know of the notification. */
export interface PlanNotification {
  urgent: boolean;
  /** Kinds the sender restricted it to; undefined means all. */
  kinds: readonly ChannelKind[] | undefined;
  expiresAt: Date | undefined;
  cancelled: boolean;
  deleted: boolean;
}

export interface PlanChannel {
  id: ChannelId;
  kind: ExternalKind;
  enabled: boolean;
  /** Lower comes first. */
  position: number;
}

export interface PlanContactPoint {
  id: ContactPointId;
  kind: ExternalKind;
  /** Why this address is known not to work. */
  badReason: string | undefined;
}

/** Everything a decision depends on, besides the instant. */
export interface PlanContext {
  notification: PlanNotification;
  /** Undefined when the recipient was deleted. */
  user: { contactPoints: readonly PlanContactPoint[] } | undefined;
  channels: readonly PlanChannel[];
  /** Kinds whose channel is the whole target, so that no contact point is needed. */
  kindsWithoutContactPoint: ReadonlySet<ExternalKind>;
}

/** What was decided for one channel kind, as it is stored on the notification and told by explain. */
export interface KindDecision {
  kind: ChannelKind;
  decision: 'place' | 'send' | 'suppress';
  code: ReasonCode;
}

/** One delivery to be made: one target, that is channel + contact point. */
export interface PlannedDelivery {
  kind: ExternalKind;
  channelId: ChannelId;
  contactPointId: ContactPointId | undefined;
}

export interface DeliveryPlan {
  /** Whether the notification enters the recipient's inbox. */
  placed: boolean;
  deliveries: PlannedDelivery[];
  /** One decision for each kind that the organization has, the inbox first. */
  decisions: KindDecision[];
}

/**
 * Decides what becomes of one notification at the instant `now` (the database's clock): whether it
 * enters the inbox, and which deliveries go out. Pure and total: every kind gets exactly one reason
 * code. Asked at dispatch, and again before each send.
 */
export function planDeliveries(context: PlanContext, now: Date): DeliveryPlan {
  const over = reasonItIsOver(context, now);
  const kinds: ExternalKind[] = externalKinds.filter((kind) => context.channels.some((c) => c.kind === kind));
  if (over !== undefined) {
    const decisions = (['inbox', ...kinds] as const).map((kind) => suppress(kind, over));
    return { placed: false, deliveries: [], decisions };
  }
  const inbox = planInbox(context);
  const planned = kinds.map((kind) => planKind(context, kind));
  return {
    placed: inbox.decision === 'place',
    deliveries: planned.flatMap((plan) => plan.deliveries),
    decisions: [inbox, ...planned.map((plan) => plan.decision)],
  };
}

/** Why nothing of this notification should happen any more, if so. */
export function reasonItIsOver(
  context: Pick<PlanContext, 'notification' | 'user'>,
  now: Date,
): ReasonCode | undefined {
  const { notification, user } = context;
  if (notification.deleted) return 'notification_deleted';
  if (notification.cancelled) return 'notification_cancelled';
  if (notification.expiresAt !== undefined && notification.expiresAt <= now) return 'notification_expired';
  if (user === undefined) return 'user_deleted';
  return undefined;
}

function planInbox({ notification }: PlanContext): KindDecision {
  return isRequested(notification, 'inbox')
    ? { kind: 'inbox', decision: 'place', code: 'placed' }
    : suppress('inbox', 'kind_not_requested');
}

function planKind(
  context: PlanContext,
  kind: ExternalKind,
): { deliveries: PlannedDelivery[]; decision: KindDecision } {
  if (!isRequested(context.notification, kind)) return none(suppress(kind, 'kind_not_requested'));
  const channel = firstChannel(context.channels, kind);
  if (channel === undefined) return none(suppress(kind, 'channel_unavailable'));
  const decision: KindDecision = { kind, decision: 'send', code: 'deliver_now' };
  if (context.kindsWithoutContactPoint.has(kind)) {
    return { deliveries: [{ kind, channelId: channel.id, contactPointId: undefined }], decision };
  }
  const usable = (context.user?.contactPoints ?? [])
    .filter((point) => point.kind === kind && point.badReason === undefined)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (usable.length === 0) return none(suppress(kind, 'contact_point_missing'));
  return {
    deliveries: usable.map((point) => ({ kind, channelId: channel.id, contactPointId: point.id })),
    decision,
  };
}

/** Of several channels of one kind the enabled one with the lowest position, then the oldest id. */
function firstChannel(channels: readonly PlanChannel[], kind: ExternalKind): PlanChannel | undefined {
  return channels
    .filter((channel) => channel.kind === kind && channel.enabled)
    .toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))[0];
}

function isRequested(notification: PlanNotification, kind: ChannelKind): boolean {
  return notification.kinds === undefined || notification.kinds.includes(kind);
}

function suppress(kind: ChannelKind, code: ReasonCode): KindDecision {
  return { kind, decision: 'suppress', code };
}

function none(decision: KindDecision): { deliveries: PlannedDelivery[]; decision: KindDecision } {
  return { deliveries: [], decision };
}
