import { nextRule, type RunPlace, type RunStep, type RunStepType } from '../rules/advance.ts';
import type { RuleList, RuleListName } from '../rules/choose-list.ts';
import type { ReasonCode } from '../vocabulary.ts';
import { people, type Audience, type Person } from './audience.ts';
import { tellInstant, type Clockwork } from './moment.ts';
import { tellReason } from './reasons.ts';

/** A run of the recipient's rules, as it was written down. */
export interface RunRecord {
  list: RuleListName;
  urgent: boolean;
  state: 'running' | 'finished' | 'stopped';
  /** Why it was stopped, or ended without reaching anybody. */
  reason: ReasonCode | null;
  place: RunPlace;
  /** While it runs: when it goes on. */
  nextAt: Date;
  endedAt: Date | null;
  /** The list as it is now. */
  rules: RuleList;
  /** In order. */
  steps: readonly StepRecord[];
}

/** One step of it. */
export interface StepRecord extends Pick<RunStep, 'type' | 'decision'> {
  sequence: number;
  code: ReasonCode | null;
  at: Date;
  until: Date | null;
}

/** What comes next: `end` when no rule is left, and it looks whether somebody was reached. */
export interface NextOfRun {
  type: RunStepType | 'end';
  at: Date;
  sentence: string;
}

export interface ExplainedRun<S extends StepRecord = StepRecord> {
  sentence: string;
  steps: { step: S; sentence: string }[];
  /** Undefined once it is over. */
  next: NextOfRun | undefined;
}

/** What the recipient's rules did for a notification, and what they will do, as the list is now. */
export function tellRun(run: RunRecord, audience: Audience, clock: Clockwork): ExplainedRun {
  const next = run.state === 'running' ? nextOf(run, audience, clock) : undefined;
  return {
    sentence: tellState(run, audience, clock),
    steps: run.steps.map((step) => ({ step, sentence: tellStep(step, audience, clock) })),
    next,
  };
}

function tellState(run: RunRecord, audience: Audience, clock: Clockwork): string {
  const { state, reason, list, endedAt } = run;
  const rules = `${capital(people[audience].possessive)} ${list} rules`;
  const at = endedAt === null ? '' : ` at ${tellInstant(endedAt, clock)}`;
  if (state === 'running') return `${rules} are running.`;
  const why = reason === null ? '' : `: ${withoutOutcome(tellReason(reason, audience, { clock }))}`;
  return `${rules} ${state === 'finished' ? 'came to their end' : 'were stopped'}${at}${why}.`;
}

function nextOf({ rules, place, nextAt }: RunRecord, audience: Audience, clock: Clockwork): NextOfRun {
  const rule = nextRule(rules, place);
  const type = rule?.type ?? (place.fellBack || place.pausedAt === undefined ? 'end' : 'fallback');
  const at = tellInstant(nextAt, clock);
  return { type, at: nextAt, sentence: `Next, at ${at}: ${nextClauses[type](people[audience])}.` };
}

/** A step that was done, in one plain sentence. What became of its messages stands with its deliveries. */
export function tellStep(
  { type, decision, code, at, until }: Omit<StepRecord, 'sequence'>,
  audience: Audience,
  clock: Clockwork,
): string {
  const when = capital(tellInstant(at, clock));
  const person = people[audience];
  const shown = until === null ? undefined : tellInstant(until, clock);
  if (type === 'repeat') return `${when}: at the end of the list, to begin anew at ${shown ?? 'once'}.`;
  if (type === 'wait') return `${when}: waiting until ${shown ?? 'then'}.`;
  const name = stepNames[type](person);
  if (code === null) return `${when}: ${name}.`;
  const facts = { clock, until: until ?? undefined };
  return `${when}: ${name}: ${tellReason(code, audience, facts)}${decision === 'hold' ? ', and the list with it' : ''}.`;
}

const stepNames: Readonly<Record<Exclude<RunStepType, 'wait' | 'repeat'>, (person: Person) => string>> = {
  notify_by_slack: () => 'Slack',
  notify_by_sms: () => 'text message',
  notify_by_phone_call: () => 'telephone call',
  notify_by_telegram: () => 'Telegram',
  notify_by_email: () => 'e-mail',
  notify_by_mobile_app: () => 'mobile app',
  notify_by_mobile_app_critical: () => 'mobile app, as critical',
  notify_by_webhook: () => 'webhook',
  notify_by_msteams: () => 'Microsoft Teams',
  fallback: ({ subject }) => `e-mail, because nothing else had reached ${subject}`,
};

const nextClauses: Readonly<Record<NextOfRun['type'], (person: Person) => string>> = {
  ...stepNames,
  wait: () => 'a wait',
  repeat: () => 'the list anew',
  end: ({ subject }) => `no rule is left; it is looked whether a message reached ${subject}`,
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Of a run nothing is "not sent": only why. */
function withoutOutcome(clause: string): string {
  return clause.replace(/^not (?:sent|delivered), /, '');
}
