import { externalKinds } from '../vocabulary.ts';
import type {
  ChannelId,
  ChannelKind,
  ContactPointId,
  ExternalKind,
  HeldReason,
  ReasonCode,
} from '../vocabulary.ts';
import { chooseList, type RuleListName } from '../rules/choose-list.ts';
import { decideKind, type Because, type PolicyContext } from './policy.ts';

/** What planning may know of the notification. */
export interface PlanNotification {
  urgent: boolean;
  /** Kinds the sender restricted it to; undefined means all. */
  kinds: readonly ChannelKind[] | undefined;
  expiresAt: Date | undefined;
  cancelled: boolean;
  deleted: boolean;
  /** It is shown in the inbox whatever the preferences say; they count for the other kinds only. */
  inboxAlways: boolean;
}

export interface PlanChannel {
  id: ChannelId;
  kind: ExternalKind;
  enabled: boolean;
  /** Lower comes first. */
  position: number;
  /** Its target failed so often in a row that nothing but probes is sent to it. */
  open?: boolean | undefined;
  /** A probe of an open one is due. */
  probeDue?: boolean | undefined;
  /** What goes through it waits until somebody resumes it. */
  paused?: boolean | undefined;
}

export interface PlanContactPoint {
  id: ContactPointId;
  kind: ExternalKind;
  /** Why this address is known not to work. */
  badReason: string | undefined;
  /** Whether it is known to be the user's own; steps of rules by some kinds ask for it. */
  verified?: boolean | undefined;
}

/** Everything a decision depends on, besides the instant. */
export interface PlanContext {
  notification: PlanNotification;
  /** Undefined when the recipient was deleted. */
  user: { contactPoints: readonly PlanContactPoint[] } | undefined;
  channels: readonly PlanChannel[];
  /** Kinds whose channel is the whole target, so that no contact point is needed. */
  kindsWithoutContactPoint: ReadonlySet<ExternalKind>;
  /** Preferences, quiet hours, category and template. */
  policy: PolicyContext;
}

/** What was decided for one channel kind, as it is stored on the notification and told by explain. */
export interface KindDecision {
  kind: ChannelKind;
  /** `rules`: it goes out when, and if, the recipient's rules come to it. */
  decision: 'place' | 'send' | 'hold' | 'suppress' | 'rules';
  code: ReasonCode;
  /** Who decided, where somebody chose something. */
  because?: Because;
}

/** One delivery to be made: one target, that is channel + contact point. */
export interface PlannedDelivery {
  kind: ExternalKind;
  channelId: ChannelId;
  contactPointId: ContactPointId | undefined;
  /** Given when it is held: until when, and why. */
  held?: { until: Date; reason: HeldReason } | undefined;
}

export interface DeliveryPlan {
  /** Whether the notification enters the recipient's inbox. */
  placed: boolean;
  deliveries: PlannedDelivery[];
  /** One decision for each kind that the organization has, the inbox first. */
  decisions: KindDecision[];
  /** Whose steps tell the recipient, in the place of deliveries: of which list. */
  run?: { list: RuleListName } | undefined;
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
  const inbox = planInbox(context, now);
  const placed = inbox.decision === 'place';
  const list = chooseList(context.policy.user.rules, context.notification.urgent);
  if (list !== undefined && isLeftToRules(context, now)) {
    const decisions = [inbox, ...kinds.map((kind) => leaveToRules(context, kind))];
    return { placed, deliveries: [], decisions, run: { list } };
  }
  const planned = kinds.map((kind) => planUnasked(context, kind, now));
  return {
    placed,
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

function planInbox({ notification, policy }: PlanContext, now: Date): KindDecision {
  if (!isRequested(notification, 'inbox')) return suppress('inbox', 'kind_not_requested');
  const verdict = decideKind(policy, 'inbox', now);
  const passes =
    verdict.verdict !== 'suppress' || (notification.inboxAlways && verdict.code !== 'template_error');
  if (passes) return decision('inbox', 'place', 'placed', verdict.because);
  return suppress('inbox', verdict.code, verdict.because);
}

/** Whether any kind may go out: what is switched off, or dropped now, needs no rules. */
function isLeftToRules(context: PlanContext, now: Date): boolean {
  return externalKinds.some(
    (kind) => isAllowed(context, kind) && decideKind(context.policy, kind, now).verdict !== 'suppress',
  );
}

function leaveToRules(context: PlanContext, kind: ExternalKind): KindDecision {
  return isAllowed(context, kind)
    ? decision(kind, 'rules', 'rules_decide', undefined)
    : suppress(kind, 'kind_not_requested');
}

/**
 * A kind by which nobody's rules asked to be told: no device breaks its silence for what is not urgent, whoever sent it by
 * that kind.
 */
function planUnasked(context: PlanContext, kind: ExternalKind, now: Date): KindPlan {
  const isTooLoud = kind === 'mobile_app_critical' && !context.notification.urgent;
  return isTooLoud && isAllowed(context, kind)
    ? none(suppress(kind, 'not_urgent'))
    : planKind(context, kind, now);
}

type KindPlan = { deliveries: PlannedDelivery[]; decision: KindDecision };

/** Decides about one external kind: for a plan, or for a step of the recipient's rules that names it. */
export function planKind(context: PlanContext, kind: ExternalKind, now: Date): KindPlan {
  const { policy } = context;
  if (!isAllowed(context, kind)) return none(suppress(kind, 'kind_not_requested'));
  const channel = firstChannel(context.channels, kind);
  if (channel === undefined) return none(suppress(kind, 'channel_unavailable'));
  const verdict = decideKind(policy, kind, now);
  if (verdict.verdict === 'suppress') return none(suppress(kind, verdict.code, verdict.because));
  const contactPoints = contactPointsFor(context, kind);
  if (contactPoints.length === 0) return none(suppress(kind, 'contact_point_missing'));
  const held = verdict.verdict === 'hold' ? { until: verdict.until, reason: verdict.code } : undefined;
  return {
    deliveries: contactPoints.map((contactPointId) =>
      held === undefined
        ? { kind, channelId: channel.id, contactPointId }
        : { kind, channelId: channel.id, contactPointId, held },
    ),
    decision:
      verdict.verdict === 'hold'
        ? decision(kind, 'hold', verdict.code, verdict.because)
        : decision(kind, 'send', 'deliver_now', verdict.because),
  };
}

/** One entry per delivery to be made: undefined stands for a channel that is the whole target. */
function contactPointsFor(context: PlanContext, kind: ExternalKind): (ContactPointId | undefined)[] {
  if (context.kindsWithoutContactPoint.has(kind)) return [undefined];
  return (context.user?.contactPoints ?? [])
    .filter((point) => point.kind === kind && point.badReason === undefined)
    .map((point) => point.id)
    .toSorted();
}

/**
 * Of several channels of one kind the enabled one with the lowest position, then the oldest id. One whose target does
 * not answer is passed over, unless none does, or it is time to look whether it answers again.
 */
function firstChannel(channels: readonly PlanChannel[], kind: ExternalKind): PlanChannel | undefined {
  const inOrder = channels
    .filter((channel) => channel.kind === kind && channel.enabled)
    .toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
  return inOrder.find(({ open, probeDue }) => open !== true || probeDue === true) ?? inOrder[0];
}

/** By the sender, and by the template. */
function isAllowed({ notification, policy }: PlanContext, kind: ExternalKind): boolean {
  const method = policy.template?.dispatchMethod;
  return isRequested(notification, kind) && (method === undefined || method === kind);
}

function isRequested(notification: PlanNotification, kind: ChannelKind): boolean {
  return notification.kinds === undefined || notification.kinds.includes(kind);
}

function suppress(kind: ChannelKind, code: ReasonCode, because?: Because): KindDecision {
  return decision(kind, 'suppress', code, because);
}

function decision(
  kind: ChannelKind,
  decided: KindDecision['decision'],
  code: ReasonCode,
  because: Because | undefined,
): KindDecision {
  return because === undefined
    ? { kind, decision: decided, code }
    : { kind, decision: decided, code, because };
}

function none(suppressed: KindDecision): KindPlan {
  return { deliveries: [], decision: suppressed };
}
