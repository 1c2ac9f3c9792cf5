import type { DeliveryState, ReasonCode } from '../vocabulary.ts';
import { reasonItIsOver, type PlanNotification } from './plan.ts';

/** A claimed delivery as it stands right before the send. */
export interface RecheckContext {
  notification: PlanNotification;
  user: object | undefined;
  organizationPaused: boolean;
  channel: { enabled: boolean } | undefined;
  /** Undefined when the target has none; `gone` when it had one that was removed since. */
  contactPoint: 'gone' | { badReason: string | undefined } | undefined;
}

export type Recheck =
  | { decision: 'send' }
  | {
      decision: 'settle';
      state: Extract<DeliveryState, 'pending' | 'suppressed' | 'cancelled' | 'expired'>;
      reason: ReasonCode;
    };

/**
 * Decides once more, at the claim, whether a planned delivery still goes out: what was changed
 * before the claim is honoured.
 */
export function recheckDelivery(context: RecheckContext, now: Date): Recheck {
  const over = reasonItIsOver(
    { ...context, user: context.user === undefined ? undefined : { contactPoints: [] } },
    now,
  );
  if (over !== undefined) return { decision: 'settle', state: stateOf(over), reason: over };
  if (context.organizationPaused) return { decision: 'settle', state: 'pending', reason: 'paused' };
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
  return { decision: 'send' };
}

function stateOf(over: ReasonCode): 'suppressed' | 'cancelled' | 'expired' {
  if (over === 'notification_expired') return 'expired';
  return over === 'user_deleted' ? 'suppressed' : 'cancelled';
}
