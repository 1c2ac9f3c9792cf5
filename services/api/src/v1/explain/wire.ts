import type { DecidedBy, Explanation, InboxExplanation } from '@carillon/contracts';
import type {
  DeliveryMode,
  ExplainedDelivery,
  ExplainedKind,
  ExplainedRun,
  KindDecision,
  LifeStep,
  RunRecord,
} from '@carillon/core';
import type { ExplainAttempt, ExplainDelivery } from '@carillon/db';
import type { Explained } from '../../actions/explain.ts';
import { clip, isStatus } from '../deliveries/wire.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Domain → wire, for those who send. */
export function fromExplained({ record, explanation }: Explained, mode: DeliveryMode): Explanation {
  return {
    notification_id: record.id,
    recipient_id: record.recipientId,
    zone: record.zone,
    delivery_mode: mode,
    life: explanation.life.map(fromStep),
    waits_for: explanation.waitsFor.map(({ reason, until, sentence }) => ({
      ...{ reason, until: isoOrNull(until), sentence },
    })),
    kinds: explanation.kinds.map((explained) => ({
      ...fromKind(explained),
      detail: detailOf(explained.decision),
      deliveries: explained.deliveries.map(fromDelivery),
    })),
    rules: fromRun(record.run, explanation.run),
  };
}

/** Domain → wire, for the recipient: field by field, so that nothing of channels and providers slips in. */
export function fromOwnExplained({ record, explanation }: Explained, mode: DeliveryMode): InboxExplanation {
  return {
    notification_id: record.id,
    zone: record.zone,
    delivery_mode: mode,
    life: explanation.life.map(fromStep),
    kinds: explanation.kinds.map((explained) => ({
      ...fromKind(explained),
      deliveries: explained.deliveries.map((one) => ({
        ...fromState(one),
        attempts_made: one.delivery.attemptsMade,
      })),
    })),
    rules: fromRun(record.run, explanation.run),
  };
}

function fromStep({ event, at, sentence }: LifeStep): Explanation['life'][number] {
  return { event, at: at.toISOString(), sentence };
}

function fromKind({ kind, decision, sentence }: ExplainedKind<ExplainDelivery>) {
  return {
    kind,
    decision: decision?.decision ?? null,
    code: decision?.code ?? null,
    sentence,
    ...fromBecause(decision),
    until: decision?.because?.until ?? null,
  };
}

/** Domain → wire: who decided. */
export function fromBecause(decision: KindDecision | undefined): DecidedBy {
  const { preference, quiet } = decision?.because ?? {};
  return {
    preference: preference === undefined ? null : withRow(preference),
    quiet:
      quiet === undefined
        ? null
        : {
            ...withRow(quiet),
            window: quiet.window === undefined ? null : { ...quiet.window, days: quiet.window.days ?? null },
            local_time: quiet.local_time ?? null,
            mode: quiet.mode ?? null,
            malformed: quiet.malformed ?? false,
          },
  };
}

/** Why there is no text, or which variables were missing: for those who send only. */
export function detailOf(decision: KindDecision | undefined): string | null {
  return clip(decision?.because?.detail ?? null, 4096);
}

function withRow<L>({ layer, row_id: rowId }: { layer: L; row_id?: string }) {
  return { layer, preference_id: rowId ?? null };
}

function fromState({ delivery, sentence }: ExplainedDelivery<ExplainDelivery>) {
  return {
    step: delivery.step,
    state: delivery.state,
    reason: delivery.reason,
    sentence,
    not_before: delivery.notBefore.toISOString(),
    settled_at: isoOrNull(delivery.settledAt),
  };
}

function fromRun(run: RunRecord | undefined, explained: ExplainedRun | undefined): Explanation['rules'] {
  if (run === undefined || explained === undefined) return null;
  const { next } = explained;
  return {
    ...{ list: run.list, state: run.state, reason: run.reason, sentence: explained.sentence },
    steps: explained.steps.map(({ step, sentence }) => ({
      ...{ sequence: step.sequence, type: step.type, decision: step.decision, code: step.code },
      ...{ at: step.at.toISOString(), until: isoOrNull(step.until), sentence },
    })),
    next: next === undefined ? null : { ...next, at: next.at.toISOString() },
  };
}

function fromDelivery(explained: ExplainedDelivery<ExplainDelivery>) {
  const { delivery, attempts } = explained;
  return {
    id: delivery.id,
    ...fromState(explained),
    channel_id: delivery.channelId,
    contact_point_id: delivery.contactPointId,
    digest_id: delivery.digestId,
    feedback: delivery.told?.feedback ?? null,
    feedback_at: isoOrNull(delivery.told?.at ?? null),
    attempts: delivery.attempts.map((attempt, index) => fromAttempt(attempt, attempts[index] ?? '')),
  };
}

function fromAttempt(attempt: ExplainAttempt, sentence: string) {
  return {
    number: attempt.number,
    started_at: attempt.startedAt.toISOString(),
    ended_at: isoOrNull(attempt.endedAt),
    outcome: attempt.outcome,
    status_code: isStatus(attempt.statusCode) ? attempt.statusCode : null,
    channel_id: attempt.channelId,
    reason: clip(attempt.reason, 2048),
    // What the other side said may be long; the whole of it is in `reason`.
    sentence: clip(sentence, 4096) ?? '',
  };
}
