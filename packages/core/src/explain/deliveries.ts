import type { AttemptOutcome, DeliveryId, DeliveryState, ExternalKind, ReasonCode } from '../vocabulary.ts';
import type { Because } from '../deliveries/policy.ts';
import type { PausedBy } from '../deliveries/paused-by.ts';
import { kindNames, type Audience } from './audience.ts';
import { tellBadAddress, tellFeedback, type FeedbackRecord } from './feedback.ts';
import { tellInstant, type Clockwork } from './moment.ts';
import { tellReason } from './reasons.ts';

/** One delivery as it stands. */
export interface DeliveryRecord {
  id: DeliveryId;
  kind: ExternalKind;
  state: DeliveryState;
  reason: ReasonCode | null;
  notBefore: Date;
  settledAt: Date | null;
  /** What of it is paused now. */
  pausedBy: PausedBy | null;
  /** What its kind was decided by, for the window that holds it. */
  because?: Because | undefined;
  /** What the provider told of it later, if it did. */
  told?: FeedbackRecord | null | undefined;
  /** Whether its address is known not to work. */
  addressIsBad?: boolean;
}

/** One try; without an outcome it is under way, or the worker that made it died. */
export interface AttemptRecord {
  number: number;
  startedAt: Date;
  outcome: AttemptOutcome | null;
  statusCode: number | null;
  /** What the other side said. */
  reason: string | null;
}

/** Where a delivery stands, in one plain sentence. */
export function tellDelivery(delivery: DeliveryRecord, audience: Audience, clock: Clockwork): string {
  const clause = clauseOf(delivery, audience, clock);
  const told = delivery.state === 'sent' && delivery.told ? tellFeedback(delivery.told, audience, clock) : '';
  const isRefused = delivery.told?.feedback === 'bounced' || delivery.reason === 'rejected';
  const address = isRefused && delivery.addressIsBad === true ? tellBadAddress(audience) : '';
  return `${kindNames[delivery.kind]}: ${clause}${told}${address}.`;
}

function clauseOf(delivery: DeliveryRecord, audience: Audience, clock: Clockwork): string {
  const { state, reason, settledAt, because } = delivery;
  switch (state) {
    case 'pending':
      return pendingClause(delivery, audience, clock);
    case 'sending':
      return 'being sent at this moment';
    case 'sent':
      if (reason === 'captured')
        return tellReason(reason, audience, { clock, until: settledAt ?? undefined });
      return settledAt === null ? 'sent' : `sent at ${tellInstant(settledAt, clock)}`;
    default:
      return tellReason(reason ?? reasonsOfStates[state], audience, { clock, because });
  }
}

function pendingClause(delivery: DeliveryRecord, audience: Audience, clock: Clockwork): string {
  const { reason, notBefore, pausedBy, because } = delivery;
  if (notBefore <= clock.now && pausedBy !== null) return tellReason('paused', audience, { clock, pausedBy });
  if (reason === 'circuit_open') return tellReason(reason, audience, { clock });
  if (notBefore <= clock.now) return 'about to be sent';
  if (reason === null) return `not sent before ${tellInstant(notBefore, clock)}`;
  return tellReason(reason, audience, { clock, because, until: notBefore });
}

/** For rows of earlier versions that give no reason. */
const reasonsOfStates = {
  suppressed: 'channel_unavailable',
  cancelled: 'notification_cancelled',
  expired: 'notification_expired',
  digested: 'digested',
  dead: 'attempts_exhausted',
  unknown: 'outcome_unknown',
} as const satisfies Record<Exclude<DeliveryState, 'pending' | 'sending' | 'sent'>, ReasonCode>;

/** How one try went, in one plain sentence. For operators only: it tells what the other side said. */
export function tellAttempt(attempt: AttemptRecord, clock: Clockwork): string {
  const { number, startedAt, outcome, statusCode, reason } = attempt;
  const status = statusCode === null ? '' : ` with status ${statusCode}`;
  const words = reason === null || reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
  const begin = `Try ${number} at ${tellInstant(startedAt, clock)}`;
  return `${begin} ${outcome === null ? 'has not come back yet' : outcomes[outcome](status)}${words}.`;
}

const outcomes: Readonly<Record<AttemptOutcome, (status: string) => string>> = {
  sent: (status) => `was taken${status}`,
  captured: () => 'was written down instead of being sent',
  retry: (status) => `failed${status} in a way that may pass`,
  reject: (status) => `was refused for good${status}`,
  unknown: (status) => `broke off${status}, so that nobody knows whether it arrived`,
  crashed: () => 'ended with the worker that made it',
};
