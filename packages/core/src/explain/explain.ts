import type { KindDecision } from '../deliveries/plan.ts';
import { channelKinds, type ChannelKind, type ReasonCode } from '../vocabulary.ts';
import { kindNames, type Audience } from './audience.ts';
import { tellAttempt, tellDelivery, type AttemptRecord, type DeliveryRecord } from './deliveries.ts';
import { tellLife, tellWaits, type LifeRecord, type LifeStep, type Wait } from './life.ts';
import type { Clockwork } from './moment.ts';
import { tellReason } from './reasons.ts';
import { tellRun, type ExplainedRun, type RunRecord } from './runs.ts';

/** What was written down of one notification. */
export interface Explainable extends LifeRecord {
  /** Null before it is decided where it goes, and after it was deleted. */
  decisions: readonly KindDecision[] | null;
  inboxReason: ReasonCode | null;
  /** Of the recipient's rules; undefined where preferences alone decided. */
  run?: RunRecord | undefined;
  deliveries: readonly (Omit<DeliveryRecord, 'because'> & { attempts: readonly AttemptRecord[] })[];
}

export interface ExplainedDelivery<D> {
  delivery: D;
  sentence: string;
  /** In the order of the delivery's attempts. */
  attempts: string[];
}

/** One channel kind: what was decided, and what became of it. */
export interface ExplainedKind<D> {
  kind: ChannelKind;
  /** Undefined where the decision is not kept any more. */
  decision: KindDecision | undefined;
  sentence: string;
  deliveries: ExplainedDelivery<D>[];
}

export interface Explanation<D> {
  life: LifeStep[];
  waitsFor: Wait[];
  /** The inbox first. */
  kinds: ExplainedKind<D>[];
  /** Undefined where no rules told of it. */
  run: ExplainedRun | undefined;
}

/**
 * Tells what became of a notification and why, from what was written down when it happened: nothing is
 * decided again here. Sentences are in English, with times by the clock of `clock.zone` or of the window that
 * decided.
 */
export function explainNotification<E extends Explainable>(
  record: E,
  audience: Audience,
  clock: Clockwork,
): Explanation<E['deliveries'][number]> {
  const decisions = decisionsOf(record);
  const explained = channelKinds.flatMap((kind): ExplainedKind<E['deliveries'][number]>[] => {
    const decision = decisions.find((one) => one.kind === kind);
    const ofKind: readonly E['deliveries'][number][] = record.deliveries.filter((one) => one.kind === kind);
    if (decision === undefined && ofKind.length === 0) return [];
    return [
      {
        ...{ kind, decision },
        sentence: decision === undefined ? lostDecision(kind) : tellDecision(decision, audience, clock),
        deliveries: ofKind.map((delivery) => ({
          delivery,
          sentence: tellDelivery({ ...delivery, because: decision?.because }, audience, clock),
          attempts: delivery.attempts.map((attempt) => tellAttempt(attempt, clock)),
        })),
      },
    ];
  });
  return {
    life: tellLife(record, audience, clock),
    waitsFor: tellWaits(record, audience, clock),
    kinds: explained,
    run: record.run && tellRun(record.run, audience, clock),
  };
}

/** What was decided for one channel kind, in one plain sentence. */
export function tellDecision(decision: KindDecision, audience: Audience, clock: Clockwork): string {
  const { kind, code, because } = decision;
  const until = because?.until === undefined ? undefined : new Date(because.until);
  const clause = tellReason(code, audience, { clock, because, until });
  const detail = audience === 'operator' && code !== 'template_error' ? because?.detail : undefined;
  const note = detail === undefined ? '' : ` ${detail.replace(/\.$/, '')}.`;
  return `${kindNames[kind]}: ${clause}.${note}`;
}

/** What was given up before it was planned has its reason only. */
function decisionsOf({ decisions, inboxReason, deletedAt }: Explainable): readonly KindDecision[] {
  if (decisions !== null) return decisions;
  if (inboxReason === null || deletedAt !== null) return [];
  return [{ kind: 'inbox', decision: 'suppress', code: inboxReason }];
}

function lostDecision(kind: ChannelKind): string {
  return `${kindNames[kind]}: what was decided went with the notification's content when it was deleted.`;
}
