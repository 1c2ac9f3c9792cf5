import { assertNever } from '../errors.ts';
import type { AddressVerdict, AttemptOutcome, DeliveryState, ReasonCode } from '../vocabulary.ts';

/** How one try ended, as the adapter told it. */
export type AttemptResult =
  | { outcome: 'sent'; providerId?: string; statusCode?: number }
  | { outcome: 'captured' }
  | { outcome: 'retry'; reason: string; afterMs?: number; statusCode?: number }
  | { outcome: 'reject'; reason: string; statusCode?: number; address?: AddressVerdict }
  | { outcome: 'unknown'; reason: string };

/** What a kind says about trying again. */
export interface RetryPolicy {
  /** Delays before the second, third … try, in milliseconds; one more attempt than entries. */
  retryScheduleMs: readonly number[];
  /** Whether an outcome nobody knows is sent again (a doubled mail is better than none) or left for a person. */
  onUnknown: 'retry' | 'give_up';
}

/** What the delivery becomes. `delayMs` counts from the database's clock at the moment of recording. */
export type NextStep =
  | { state: Extract<DeliveryState, 'sent'>; reason?: Extract<ReasonCode, 'captured'> }
  | { state: Extract<DeliveryState, 'pending'>; reason: Extract<ReasonCode, 'retry'>; delayMs: number }
  | { state: Extract<DeliveryState, 'dead' | 'unknown'>; reason: ReasonCode };

/** `Retry-After` is obeyed up to a day; what asks for more is asked again after a day. */
export const retryAfterMsMax = 24 * 60 * 60 * 1000;
const jitterShare = 0.1;

/**
 * What follows a try. `attemptNumber` counts from 1 and includes this try; `random` is in [0, 1)
 * and spreads the published delay by ±10 %, so that what failed together does not return together.
 * With `hasNext` there is another channel to try: then nothing is waited for, and the try counts all the same.
 */
export function nextStep(
  result: AttemptResult,
  attemptNumber: number,
  policy: RetryPolicy,
  random: number,
  hasNext = false,
): NextStep {
  switch (result.outcome) {
    case 'sent':
      return { state: 'sent' };
    case 'captured':
      // All that follows from it goes on as if it had arrived: rules, digests, counts.
      return { state: 'sent', reason: 'captured' };
    case 'reject':
      return { state: 'dead', reason: 'rejected' };
    case 'unknown':
      if (policy.onUnknown === 'give_up') return { state: 'unknown', reason: 'outcome_unknown' };
      return retry(undefined, attemptNumber, policy, hasNext ? undefined : random);
    case 'retry':
      return retry(result.afterMs, attemptNumber, policy, hasNext ? undefined : random);
    default:
      return assertNever(result);
  }
}

/** Without `random` at once. */
function retry(
  afterMs: number | undefined,
  attemptNumber: number,
  policy: RetryPolicy,
  random: number | undefined,
): NextStep {
  const scheduledMs = policy.retryScheduleMs[attemptNumber - 1];
  if (scheduledMs === undefined) return { state: 'dead', reason: 'attempts_exhausted' };
  if (random === undefined) return { state: 'pending', reason: 'retry', delayMs: 0 };
  const jitteredMs = Math.round(scheduledMs * (1 - jitterShare + 2 * jitterShare * random));
  const askedMs = Math.min(Math.max(afterMs ?? 0, 0), retryAfterMsMax);
  return { state: 'pending', reason: 'retry', delayMs: Math.max(jitteredMs, askedMs) };
}

/** A delivery that took its worker down this often is given up, so that a poison message ends. */
export const crashesMax = 3;

/**
 * What becomes of a delivery whose lease ran out after its send had begun: nobody knows whether it
 * was sent. `crashes` counts this one.
 */
export function afterCrash(
  crashes: number,
  policy: RetryPolicy,
): { step: NextStep; outcome: Extract<AttemptOutcome, 'crashed' | 'unknown'> } {
  if (policy.onUnknown === 'give_up') {
    return { step: { state: 'unknown', reason: 'outcome_unknown' }, outcome: 'unknown' };
  }
  if (crashes >= crashesMax) return { step: { state: 'dead', reason: 'crashed' }, outcome: 'crashed' };
  return { step: { state: 'pending', reason: 'retry', delayMs: 0 }, outcome: 'crashed' };
}
