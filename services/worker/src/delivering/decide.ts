import type { KindDescription } from '@carillon/channels';
import {
  recheckDelivery,
  type DeliveryState,
  type ReasonCode,
  type Recheck,
  type StepOfRun,
} from '@carillon/core';
import { policyContextOf, type ClaimedDelivery, type DeliveryOutcome } from '@carillon/db';
import { gatherDigests, type Digest } from './digest.ts';
import type { Facts } from './facts.ts';

/** What becomes of a batch of claimed deliveries. */
export interface Decided {
  alone: ClaimedDelivery[];
  digests: Digest[];
  /** Of those that are not sent now: held again, over, or left for a free slot. */
  outcomes: DeliveryOutcome[];
}

/**
 * Decides once more about what was claimed, on what is true now. At most `slots` messages go out; held
 * deliveries that were claimed beyond that, because others of their recipient were, go back and stay due.
 */
export function decideClaimed(
  claimed: readonly ClaimedDelivery[],
  facts: Facts,
  kind: Pick<KindDescription, 'digests'>,
  slots: number,
): Decided {
  const going: ClaimedDelivery[] = [];
  const outcomes: DeliveryOutcome[] = [];
  for (const delivery of claimed) {
    const recheck = recheckClaimed(delivery, facts);
    if (recheck.decision === 'send') going.push(delivery);
    else outcomes.push(toOutcome(delivery, recheck));
  }
  const { alone, digests } = gatherDigests(going, kind, facts.policies.users);
  const room = Math.max(0, slots - digests.length);
  outcomes.push(...alone.slice(room).map((one) => withoutAttempt(one, 'pending', one.heldFor ?? undefined)));
  return { alone: alone.slice(0, room), digests, outcomes };
}

function toOutcome(
  delivery: ClaimedDelivery,
  recheck: Exclude<Recheck, { decision: 'send' }>,
): DeliveryOutcome {
  if (recheck.decision === 'settle') return withoutAttempt(delivery, recheck.state, recheck.reason);
  const delayMs = recheck.until.getTime() - delivery.now.getTime();
  return { ...withoutAttempt(delivery, 'pending', recheck.reason), delayMs };
}

/** The delivery goes on, or ends, without a try. */
export function withoutAttempt(
  delivery: ClaimedDelivery,
  state: Exclude<DeliveryState, 'sending'>,
  reason: ReasonCode | undefined,
): DeliveryOutcome {
  const { id: deliveryId, leaseToken } = delivery;
  return { deliveryId, leaseToken, state, reason, delayMs: undefined, attempt: undefined };
}

function recheckClaimed(delivery: ClaimedDelivery, facts: Facts): Recheck {
  const { notification, channel } = delivery;
  return recheckDelivery(
    {
      notification: {
        urgent: notification.urgent,
        kinds: notification.kinds ?? undefined,
        expiresAt: delivery.pastExpiry ? undefined : (notification.expiresAt ?? undefined),
        cancelled: notification.cancelledAt !== null,
        deleted: notification.deletedAt !== null,
        inboxAlways: notification.inboxAlways,
      },
      user: delivery.userExists ? {} : undefined,
      ...{ kind: delivery.kind, isDigest: delivery.isDigest, wasHeld: delivery.heldFor !== null },
      read: notification.readAt !== null,
      dismissed: notification.dismissedAt !== null,
      acknowledged: notification.acknowledgedAt !== null,
      run: stepOfRun(delivery),
      paused: delivery.paused,
      policy: policyContextOf(notification, { ...facts, texts: facts.texts.get(notification.id) }),
      channel: channel === null ? undefined : { enabled: channel.enabled },
      contactPoint: contactPointOf(delivery),
    },
    delivery.now,
  );
}

function stepOfRun({ run }: ClaimedDelivery): StepOfRun | undefined {
  if (run === null) return undefined;
  return { stoppedFor: run.stoppedFor ?? undefined, passesQuietHours: run.code === 'longest_pause_over' };
}

function contactPointOf(delivery: ClaimedDelivery): 'gone' | { badReason: string | undefined } | undefined {
  if (delivery.contactPointId === null) return undefined;
  return delivery.address === null ? 'gone' : { badReason: delivery.addressBadReason ?? undefined };
}
