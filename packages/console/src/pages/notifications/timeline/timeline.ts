import type { Answer } from '@carillon/client';
import type { Tone } from '../../../ui/badge.tsx';
import { durationBetween, formatDuration } from '../../../ui/time.tsx';

export type Explanation = Answer<'explainNotification'>;
type ExplainedKind = Explanation['kinds'][number];
type ExplainedDelivery = ExplainedKind['deliveries'][number];

/** One point of the picture. */
export interface Step {
  /** Unlike that of any other step beside it. */
  key: string;
  title: string;
  tone: Tone;
  /** When it happened; undefined for what is still to come or has no moment. */
  at?: string | undefined;
  /** How long after the one before it. */
  after?: string | undefined;
  /** The sentence of the explanation. */
  sentence?: string | undefined;
  /** A stretch of waiting: until when, and the window that made it wait. */
  wait?: { until: string | undefined; quiet: QuietPicture | undefined };
}

/** A day with its quiet window, in the zone of the window. */
export interface QuietPicture {
  start: string;
  end: string;
  zone: string | null;
  /** What the clock showed there when it was decided, `HH:MM`. */
  local: string | undefined;
}

/** What became of one address. */
export interface Branch {
  id: string;
  state: string;
  steps: Step[];
}

/** What became of one channel kind. */
export interface Lane {
  kind: string;
  decision: Step;
  branches: Branch[];
  /** For the author of a template. */
  detail: string | null;
}

/** An explanation as a picture: a trunk, from which each channel kind branches. */
export interface Timeline {
  trunk: Step[];
  lanes: Lane[];
}

const trunkEvents = new Set(['accepted', 'scheduled', 'dispatched']);
const words: Readonly<Record<string, string>> = {
  ...{ accepted: 'Accepted', scheduled: 'Scheduled', dispatched: 'Planned', placed: 'In the inbox' },
  ...{ seen: 'Seen', read: 'Read', acknowledged: 'Acknowledged', archived: 'Archived' },
  ...{ dismissed: 'Dismissed', snoozed: 'Snoozed', cancelled: 'Cancelled', expired: 'Expired' },
  deleted: 'Deleted',
};
const decisions: Readonly<Record<string, { title: string; tone: Tone }>> = {
  place: { title: 'Placed', tone: 'good' },
  send: { title: 'Sent at once', tone: 'good' },
  hold: { title: 'Held', tone: 'warn' },
  suppress: { title: 'Not sent', tone: 'quiet' },
  rules: { title: 'By rules', tone: 'busy' },
};
const outcomes: Readonly<Record<string, { title: string; tone: Tone }>> = {
  sent: { title: 'Taken', tone: 'good' },
  captured: { title: 'Kept back', tone: 'good' },
  retry: { title: 'Try again', tone: 'warn' },
  reject: { title: 'Refused', tone: 'bad' },
  unknown: { title: 'Unknown', tone: 'warn' },
  crashed: { title: 'Crashed', tone: 'bad' },
};

/** Draws what is known. Nothing is decided here: every sentence is the explanation's own. */
export function timelineOf(explanation: Explanation): Timeline {
  const { life, kinds, waits_for: waitsFor } = explanation;
  const trunk: Step[] = withGaps(life.filter(({ event }) => trunkEvents.has(event)).map(lifeStep));
  const waiting = waitsFor.map(({ reason, until, sentence }): Step => ({
    ...{ key: `waits-${reason}`, title: 'Waits', tone: 'warn', sentence },
    wait: { until: until ?? undefined, quiet: undefined },
  }));
  const later = life.filter(({ event }) => !trunkEvents.has(event)).map(lifeStep);
  return {
    trunk: [...trunk, ...waiting],
    lanes: kinds.map((kind) => laneOf(kind, kind.kind === 'inbox' ? later : [])),
  };
}

function lifeStep({ event, at, sentence }: Explanation['life'][number]): Step {
  const isEnd = event === 'cancelled' || event === 'expired' || event === 'deleted';
  const isWait = event === 'scheduled' || event === 'snoozed';
  return {
    ...{ key: event, title: words[event] ?? event, at, sentence },
    tone: isEnd ? 'quiet' : isWait ? 'warn' : 'good',
  };
}

function laneOf(kind: ExplainedKind, life: readonly Step[]): Lane {
  const { title, tone } = decisions[kind.decision ?? ''] ?? { title: 'Unknown', tone: 'quiet' };
  const until = kind.until ?? undefined;
  const quiet = kind.decision === 'hold' || kind.code === 'quiet_hours' ? quietOf(kind) : undefined;
  const decision: Step = {
    ...{ key: 'decision', title, tone, sentence: kind.sentence },
    ...((kind.decision === 'hold' || quiet !== undefined) && { wait: { until, quiet } }),
  };
  const branches = kind.deliveries.map((delivery) => branchOf(delivery));
  const own: Branch[] = life.length === 0 ? [] : [{ id: 'life', state: '', steps: withGaps(life) }];
  return { kind: kind.kind, decision, branches: [...own, ...branches], detail: kind.detail };
}

function branchOf(delivery: ExplainedDelivery): Branch {
  const { id, state, attempts, sentence, feedback, feedback_at: feedbackAt } = delivery;
  const tries = attempts.map((attempt): Step => {
    const known = outcomes[attempt.outcome ?? ''] ?? { title: 'Under way', tone: 'busy' };
    const status = attempt.status_code === null ? '' : ` · ${attempt.status_code}`;
    const took =
      attempt.ended_at === null ? '' : ` in ${durationBetween(attempt.started_at, attempt.ended_at)}`;
    return {
      ...{ key: `try-${attempt.number}`, tone: known.tone, at: attempt.started_at },
      title: `Try ${attempt.number}: ${known.title.toLowerCase()}${status}${took}`,
      sentence: attempt.sentence,
    };
  });
  const told: Step[] =
    feedback === null
      ? []
      : [
          {
            key: 'feedback',
            title: `Provider: ${feedback}`,
            tone: feedback === 'bounced' ? 'bad' : 'good',
            at: feedbackAt ?? undefined,
          },
        ];
  return { id, state, steps: withGaps([...tries, ...told, ...restOf(delivery, sentence)]) };
}

/** What is still to come, or the end that no try shows. */
function restOf(
  { state, attempts, not_before: due, settled_at: at }: ExplainedDelivery,
  sentence: string,
): Step[] {
  if (state === 'pending') {
    const title = attempts.length === 0 ? 'Waits' : 'Waits for the next try';
    return [{ key: 'waits', title, tone: 'warn', sentence, wait: { until: due, quiet: undefined } }];
  }
  const isToldByTry = state === 'sent' || state === 'sending';
  if (isToldByTry && attempts.length > 0) return [];
  const tone = state === 'dead' ? 'bad' : state === 'unknown' ? 'warn' : state === 'sent' ? 'good' : 'quiet';
  return [{ key: 'end', title: endWords[state] ?? state, tone, at: at ?? undefined, sentence }];
}

const endWords: Readonly<Record<string, string>> = {
  ...{ sending: 'Being sent', sent: 'Sent', suppressed: 'Not sent', cancelled: 'Cancelled' },
  ...{ expired: 'Expired', digested: 'Told in a digest', dead: 'Given up', unknown: 'Nobody knows' },
};

function quietOf({ quiet }: ExplainedKind): QuietPicture | undefined {
  if (quiet?.window == null) return undefined;
  const { start, end, zone } = quiet.window;
  return { start, end, zone: zone ?? null, local: quiet.local_time?.slice(11) };
}

/** Tells with each step how long after the one before it came. */
function withGaps(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1]?.at;
    if (step.at === undefined || before === undefined) return step;
    const gapMs = Date.parse(step.at) - Date.parse(before);
    return gapMs < 1 ? step : { ...step, after: `+${formatDuration(gapMs)}` };
  });
}
