import { planKind, reasonItIsOver, type PlanContext, type PlannedDelivery } from '../deliveries/plan.ts';
import { reasonItIsSwitchedOff } from '../deliveries/policy.ts';
import type { ExternalKind, ReasonCode, RuleId } from '../vocabulary.ts';
import type { ListedRule, RuleList } from './choose-list.ts';
import { ruleNeeds, ruleTypes, verifiedRuleKinds, type NotifyRuleType } from './rule-type.ts';

/** How far a run is. */
export interface RunPlace {
  /** The rule that was executed last; undefined before the first, and at the begin of a repetition. */
  ruleId: RuleId | undefined;
  /** Where that rule stood then, which counts when it is gone by now. */
  cursor: number | undefined;
  /** Repetitions that were begun. */
  round: number;
  /** Since when quiet time keeps it from its next step. */
  pausedAt: Date | undefined;
  /** Whether the fallback at its end was tried. */
  fellBack: boolean;
}

/** What its steps have come to so far. */
export interface RunDeliveries {
  /** Since when the newest delivery that is not at its end is there; undefined when all are. */
  openSince: Date | undefined;
  /** Whether one was sent. */
  reached: boolean;
  /** Whether one was made by e-mail. */
  mailed: boolean;
}

/** Everything that a run goes on by, besides the instant. */
export interface RunContext {
  place: RunPlace;
  /** As it is now: rules are read anew at each step. */
  list: RuleList;
  read: boolean;
  /** Dismissed or archived. */
  dismissed: boolean;
  acknowledged: boolean;
  deliveries: RunDeliveries;
  plan: PlanContext;
}

/** What a run does beside the rules of its list: the message at an end that reached nobody, and beginning anew. */
export const runStepTypes = [...ruleTypes, 'fallback', 'repeat'] as const;
export type RunStepType = (typeof runStepTypes)[number];

/** One step, as it is written down. */
export interface RunStep {
  ruleId: RuleId | undefined;
  type: RunStepType;
  decision: 'send' | 'wait' | 'hold' | 'suppress';
  code: ReasonCode | undefined;
  /** Until when it waits or is held. */
  until: Date | undefined;
  /** Of `send`: one for each address. */
  deliveries: PlannedDelivery[];
}

/** What a run does now, and how it goes on. */
export interface Advance {
  steps: RunStep[];
  /** At its end nobody had been reached, which is known for the first time. */
  isUnreached: boolean;
  next:
    | { state: 'running'; at: Date; place: RunPlace }
    | { state: 'finished'; reason: ReasonCode | undefined }
    | { state: 'stopped'; reason: ReasonCode };
}

/** Quiet hours keep a run from its next step no longer than this; whoever muted everything is taken at their word. */
export const longestPauseMs = 24 * 60 * 60 * 1000;

/** After its last step a run looks first after so long, then ever more seldom, whether somebody was reached. */
const settleMsMin = 10_000;
const settleMsMax = 60 * 60 * 1000;

/**
 * Takes a run on from where it is: executes its steps until one of them waits, quiet time pauses it, or it is at its end.
 * Pure and total. A step without an address or a channel is passed over at once, with its reason. `next.at` is
 * always later than `now`.
 *
 * The next rule is the one with the smallest position above that of the rule executed last, as the list is now.
 */
export function advanceRun(context: RunContext, now: Date): Advance {
  const over = reasonToStop(context, now);
  if (over !== undefined) return { steps: [], isUnreached: false, next: { state: 'stopped', reason: over } };
  const steps: RunStep[] = [];
  let { place } = context;
  for (;;) {
    const rule = nextRule(context.list, place);
    if (rule === undefined) return endRun(context, { place, steps }, now);
    const { type } = rule;
    const step = type === 'wait' ? waitOf(rule, now) : decideStep(context, type, rule.id, now);
    const going = { place, steps };
    if (step.decision === 'hold') return pauseRun(going, step, now);
    steps.push(step);
    const { round, fellBack } = place;
    place = { ruleId: rule.id, cursor: rule.position, round, pausedAt: undefined, fellBack };
    if (step.until !== undefined) return goOn(steps, place, step.until);
  }
}

/** The rule that a run comes to next; undefined at the end of its list. */
export function nextRule(
  { rules }: RuleList,
  { ruleId, cursor }: Pick<RunPlace, 'ruleId' | 'cursor'>,
): ListedRule | undefined {
  const position = rules.find((rule) => rule.id === ruleId)?.position ?? cursor ?? -1;
  let next: ListedRule | undefined;
  for (const rule of rules) {
    if (rule.position > position && (next === undefined || rule.position < next.position)) next = rule;
  }
  return next;
}

/**
 * Why nobody has to be told any more. Reading ends what is not urgent; what is urgent goes on until somebody read this
 * very item, which stops the run when it is done: marking everything as read does not.
 */
function reasonToStop(context: RunContext, now: Date): ReasonCode | undefined {
  const { plan, read, dismissed, acknowledged } = context;
  const over = reasonItIsOver(plan, now);
  if (over !== undefined) return over;
  if (acknowledged || (read && !plan.notification.urgent)) return 'notification_read';
  if (dismissed) return 'notification_dismissed';
  return reasonItIsSwitchedOff(plan.policy);
}

function waitOf(rule: ListedRule, now: Date): RunStep {
  const until = new Date(now.getTime() + (rule.waitSeconds ?? 0) * 1000);
  return { ruleId: rule.id, type: rule.type, decision: 'wait', code: undefined, until, deliveries: [] };
}

/** Whether and whom a notifying step tells now. */
function decideStep({ plan, place }: RunContext, type: NotifyRuleType, ruleId: RuleId, now: Date): RunStep {
  const { kind, withoutAddress } = ruleNeeds[type];
  const asked = { kind, ruleId, type, pausedAt: place.pausedAt };
  const step = decideKindOfStep(withVerified(plan, type), asked, now);
  if (step.code !== 'contact_point_missing') return step;
  return { ...step, code: withoutAddress };
}

function withVerified(plan: PlanContext, type: NotifyRuleType): PlanContext {
  const needsVerified = verifiedRuleKinds.some((kind) => kind === ruleNeeds[type].kind);
  if (!needsVerified || plan.user === undefined) return plan;
  const contactPoints = plan.user.contactPoints.filter((point) => point.verified === true);
  return { ...plan, user: { contactPoints } };
}

function decideKindOfStep(
  plan: PlanContext,
  step: Pick<RunStep, 'ruleId' | 'type'> & { kind: ExternalKind; pausedAt: Date | undefined },
  now: Date,
): RunStep {
  const { decision, deliveries } = planKind(plan, step.kind, now);
  if (decision.decision === 'suppress') return toStep(step, 'suppress', decision.code);
  const held = deliveries[0]?.held;
  if (held === undefined) {
    const { ruleId, type } = step;
    return { ruleId, type, decision: 'send', code: undefined, until: undefined, deliveries };
  }
  if (held.reason === 'muted') return { ...toStep(step, 'hold', held.reason), until: held.until };
  const pausedAt = step.pausedAt ?? now;
  const last = pausedAt.getTime() + longestPauseMs;
  if (now.getTime() >= last) {
    const atOnce = deliveries.map(({ kind, channelId, contactPointId }) => ({
      ...{ kind, channelId, contactPointId },
    }));
    return { ...toStep(step, 'send', 'longest_pause_over'), deliveries: atOnce };
  }
  const until = new Date(Math.min(held.until.getTime(), last));
  return { ...toStep(step, 'hold', held.reason), until };
}

function toStep(
  { ruleId, type }: Pick<RunStep, 'ruleId' | 'type'>,
  decision: RunStep['decision'],
  code: ReasonCode | undefined,
): RunStep {
  return { ruleId, type, decision, code, until: undefined, deliveries: [] };
}

interface Going {
  place: RunPlace;
  steps: RunStep[];
}

function goOn(steps: RunStep[], place: RunPlace, at: Date): Advance {
  return { steps, isUnreached: false, next: { state: 'running', at, place } };
}

/** It stays before the step that is held. That it is held is written down once, however often its end moves. */
function pauseRun({ place, steps }: Going, step: RunStep, now: Date): Advance {
  if (place.pausedAt === undefined) steps.push(step);
  const pausedAt = place.pausedAt ?? now;
  return goOn(steps, { ...place, pausedAt }, step.until ?? now);
}

/** Begins anew, waits for what is under way, or ends; with a last try by e-mail where nobody was reached. */
function endRun(context: RunContext, going: Going, now: Date): Advance {
  const { list, deliveries } = context;
  const { place, steps } = going;
  const { repeatTimes, repeatEverySeconds } = list;
  if (repeatEverySeconds !== undefined && place.round < repeatTimes && list.rules.length > 0) {
    const until = new Date(now.getTime() + repeatEverySeconds * 1000);
    steps.push({ ...toStep({ ruleId: undefined, type: 'repeat' }, 'wait', undefined), until });
    const begin = { ruleId: undefined, cursor: undefined, round: place.round + 1, pausedAt: undefined };
    return goOn(steps, { ...place, ...begin }, until);
  }
  const hasSentNow = steps.some((step) => step.decision === 'send');
  if (hasSentNow || deliveries.openSince !== undefined) {
    const openMs = hasSentNow ? 0 : now.getTime() - (deliveries.openSince?.getTime() ?? 0);
    const lookMs = Math.min(Math.max(openMs / 2, settleMsMin), settleMsMax);
    return goOn(steps, { ...place, pausedAt: undefined }, new Date(now.getTime() + Math.round(lookMs)));
  }
  if (deliveries.reached)
    return { steps, isUnreached: false, next: { state: 'finished', reason: undefined } };
  return fallBack(context, going, now);
}

/** Nobody was reached: an e-mail, unless the rules tried that already. */
function fallBack({ plan, deliveries }: RunContext, going: Going, now: Date): Advance {
  const { place, steps } = going;
  const finished = { state: 'finished', reason: 'rules_unreached' } as const;
  if (place.fellBack) return { steps, isUnreached: false, next: finished };
  if (deliveries.mailed) return { steps, isUnreached: true, next: finished };
  const fallback = { ruleId: undefined, type: 'fallback', kind: 'email', pausedAt: place.pausedAt } as const;
  const step = decideKindOfStep(plan, fallback, now);
  if (step.decision === 'hold') return pauseRun(going, step, now);
  steps.push(step);
  if (step.decision === 'suppress') return { steps, isUnreached: true, next: finished };
  const after = { ...place, pausedAt: undefined, fellBack: true };
  const next = { state: 'running', at: new Date(now.getTime() + settleMsMin), place: after } as const;
  return { steps, isUnreached: true, next };
}
