import type { DeliveryState, ExternalKind, HeldReason, ReasonCode } from '../vocabulary.ts';
import { reasonItIsOver, type PlanNotification } from './plan.ts';
import { decideKind, type PolicyContext } from './policy.ts';

/** A claimed delivery as it stands right before the send. */
export interface RecheckContext {
  notification: PlanNotification;
  user: object | undefined;
  kind: ExternalKind;
  /** Whether it carries others: then it is no longer bound to what became of its own notification. */
  isDigest: boolean;
  /** Whether it was held until now: then what the recipient did meanwhile counts. */
  wasHeld: boolean;
  read: boolean;
  dismissed: boolean;
  acknowledged: boolean;
  /** Given for a step of rules. */
  run?: StepOfRun | undefined;
  /** The organization, or this kind of it. */
  paused: boolean;
  channel: { enabled: boolean } | undefined;
  /** Undefined when the target has none; `gone` when it had one that was removed since. */
  contactPoint: 'gone' | { badReason: string | undefined } | undefined;
  /** Undefined when the recipient was deleted. */
  policy: PolicyContext | undefined;
}

/** What of its run counts right before a step is sent. */
export interface StepOfRun {
  /** Why the run was stopped, if it was. */
  stoppedFor: ReasonCode | undefined;
  /** Quiet hours had kept it for as long as they may. */
  passesQuietHours: boolean;
}

export type Recheck =
  | { decision: 'send' }
  | {
      decision: 'settle';
      state: Extract<DeliveryState, 'pending' | 'suppressed' | 'cancelled' | 'expired'>;
      reason: ReasonCode;
    }
  | { decision: 'hold'; reason: HeldReason; until: Date };

/**
 * Decides once more, at the claim, whether a planned delivery still goes out: what was changed
 * before the claim is honoured.
 */
export function recheckDelivery(context: RecheckContext, now: Date): Recheck {
  const own = context.isDigest ? undefined : reasonOfItsOwn(context, now);
  if (own !== undefined) return own;
  if (context.user === undefined) return { decision: 'settle', state: 'suppressed', reason: 'user_deleted' };
  const target = reasonOfTheTarget(context);
  if (target !== undefined) return target;
  return context.isDigest ? { decision: 'send' } : decideAgain(context, now);
}

/** What became of the notification. */
function reasonOfItsOwn(context: RecheckContext, now: Date): Recheck | undefined {
  const over = reasonItIsOver(
    { ...context, user: context.user === undefined ? undefined : { contactPoints: [] } },
    now,
  );
  if (over !== undefined) return { decision: 'settle', state: stateOf(over), reason: over };
  const seen = reasonItWasSeen(context);
  return seen === undefined ? undefined : { decision: 'settle', state: 'cancelled', reason: seen };
}

/** What became of the way to the recipient. */
function reasonOfTheTarget(context: RecheckContext): Recheck | undefined {
  if (context.paused) return { decision: 'settle', state: 'pending', reason: 'paused' };
  if (context.channel === undefined)
    return { decision: 'settle', state: 'cancelled', reason: 'channel_deleted' };
  if (!context.channel.enabled)
    return { decision: 'settle', state: 'suppressed', reason: 'channel_unavailable' };
  if (context.contactPoint === 'gone') {
    return { decision: 'settle', state: 'suppressed', reason: 'contact_point_deleted' };
  }
  if (context.contactPoint?.badReason !== undefined) {
    return { decision: 'settle', state: 'suppressed', reason: 'contact_point_missing' };
  }
  return undefined;
}

/** What the recipient, the category and the template say by now. */
function decideAgain(context: RecheckContext, now: Date): Recheck {
  const verdict = context.policy && decideKind(context.policy, context.kind, now);
  if (verdict?.verdict === 'suppress') {
    return { decision: 'settle', state: 'suppressed', reason: verdict.code };
  }
  const passes = context.run?.passesQuietHours === true;
  if (verdict?.verdict === 'hold' && !passes) {
    return { decision: 'hold', reason: verdict.code, until: verdict.until };
  }
  return { decision: 'send' };
}

/**
 * Reading or dismissing an item ends only what was held for later: an open bell must not keep an ordinary mail
 * from going out. A step of rules ends with its run, and with reading unless it is urgent. Acknowledging ends everything.
 */
function reasonItWasSeen(context: RecheckContext): ReasonCode | undefined {
  const { run, wasHeld, notification } = context;
  if (run?.stoppedFor !== undefined) return run.stoppedFor;
  const endsByReading = run === undefined ? wasHeld : !notification.urgent;
  if (context.acknowledged || (endsByReading && context.read)) return 'notification_read';
  return (wasHeld || run !== undefined) && context.dismissed ? 'notification_dismissed' : undefined;
}

function stateOf(over: ReasonCode): 'suppressed' | 'cancelled' | 'expired' {
  if (over === 'notification_expired') return 'expired';
  return over === 'user_deleted' ? 'suppressed' : 'cancelled';
}
