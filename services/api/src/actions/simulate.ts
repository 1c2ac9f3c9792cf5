import { catalogue, kindsWithoutContactPoint } from '@carillon/channels/catalogue';
import {
  foreseeRun,
  InvalidError,
  markdownToTextAndHtml,
  planDeliveries,
  tellDecision,
  tellStep,
  type ChannelKind,
  type DeliveryPlan,
  type FieldError,
  type ForeseenStep,
  type KindDecision,
  type NotificationContent,
  type OrganizationId,
  type PlanContext,
  type RuleListName,
  type Texts,
  type TriggerDraft,
  type UserId,
} from '@carillon/core';
import {
  inSnapshot,
  kindsOfPlan,
  loadPlanSurroundings,
  loadPolicies,
  loadReaders,
  loadTemplateVersions,
  planContextOf,
  planNotificationTexts,
  type Database,
  type LoadedNotification,
  type PlanRecipient,
  type PlanSurroundings,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { DataChecks } from './accept-templates.ts';
import { checkInstants, sendAtMaxMs } from './instants.ts';
import { resolveDrafts, toRefusal } from './resolve.ts';

type SimulateDeps = Pick<ApiDeps, 'db' | 'newId' | 'renderPool'> & { dataChecks: DataChecks };

/** A create call, and when it is taken to be made: now unless given. */
export interface SimulationWish {
  draft: TriggerDraft;
  at: Date | undefined;
}

/** What would become of it. */
export interface Simulated {
  at: Date;
  /** When it would be decided where it goes. */
  decidedAt: Date;
  paused: boolean;
  recipients: SimulatedRecipient[];
  deduplicated: number;
  rejected: FieldError[];
}

export interface SimulatedRecipient {
  id: UserId;
  externalId: string | null;
  placed: boolean;
  kinds: SimulatedKind[];
  /** Undefined where preferences alone would decide. */
  rules: { list: RuleListName; steps: { step: ForeseenStep; sentence: string }[] } | undefined;
}

export interface SimulatedKind {
  decision: KindDecision;
  sentence: string;
  paused: boolean;
  deliveries: number;
  /** Undefined where nothing is told, and for kinds that send no message. */
  message: { title: string; text: string; html: string } | undefined;
}

/**
 * Says what would become of a create call, by the functions that accept, dispatch and render. Reads in one
 * snapshot that cannot write. Throws InvalidError for what a create call would be refused for, for inline
 * users, and for an instant more than a year away.
 */
export async function simulate(
  deps: SimulateDeps,
  { user: { organizationId } }: UserCaller,
  { draft, at: wishedAt }: SimulationWish,
): Promise<Simulated> {
  refuseInlineUsers(draft);
  const read = await inSnapshot(deps.db, organizationId, async (db) => {
    const [resolved] = (await resolveDrafts({ ...deps, db }, [{ organizationId, drafts: [draft] }])).flat();
    if (resolved === undefined) throw new TypeError('one draft has one result');
    const { result, content } = resolved;
    if (result.outcome === 'refused') throw toRefusal(result);
    const userIds = result.notifications.map((one) => one.recipientId);
    const surroundings = await loadPlanSurroundings(db, organizationId, userIds);
    const at = wishedAt ?? surroundings.now;
    checkAt(at, surroundings.now);
    checkInstants(content, draft.pointer ?? '', at);
    const notifications = result.notifications.map((one) => toAccepted(one, organizationId, content, at));
    return {
      result,
      notifications,
      surroundings,
      at,
      ...(await loadDecisive(db, organizationId, content, userIds)),
    };
  });
  const { result, notifications, at, versions, policies, readers } = read;
  const isTemplatePaused = [...versions.values()].some((version) => version.paused);
  const surroundings = { ...read.surroundings, paused: read.surroundings.paused || isTemplatePaused };
  const { sendAt } = draft.content;
  const decidedAt = sendAt !== undefined && sendAt > at ? sendAt : at;
  const { channels } = surroundings;
  const wanted = notifications.map((notification) => ({
    ...{ notification, kinds: kindsOfPlan(channels, notification) },
  }));
  const texts = planNotificationTexts(wanted, versions, readers);
  const textsById = texts.assemble(await deps.renderPool.render(texts.requests));
  const recipients = notifications.flatMap((notification): SimulatedRecipient[] => {
    const recipient = surroundings.recipients.get(notification.recipientId);
    if (recipient === undefined) return [];
    const ofThis = textsById.get(notification.id);
    const facts = { channels, kindsWithoutContactPoint, policies, versions, texts: ofThis };
    const context = planContextOf({ ...notification, ...recipient }, facts);
    if (context === undefined) return [];
    const plan = planDeliveries(context, decidedAt);
    return [toSimulated(notification, { recipient, context, plan, texts: ofThis, surroundings, decidedAt })];
  });
  const { deduplicated, rejected } = result;
  return { at, decidedAt, paused: surroundings.paused, recipients, deduplicated, rejected };
}

function refuseInlineUsers({ to, pointers }: TriggerDraft): void {
  const errors = to.flatMap(({ by }, index): FieldError[] => {
    if (by !== 'inline') return [];
    return [
      {
        pointer: pointers[index] ?? '',
        detail: 'must name a known user, by id, `external:<id>` or e-mail address: a simulation makes nobody',
      },
    ];
  });
  if (errors.length === 0) return;
  const message = 'A simulation writes nothing, so it takes no inline users';
  throw new InvalidError('simulation.inline_user', message, { errors });
}

function checkAt(at: Date, now: Date): void {
  if (Math.abs(at.getTime() - now.getTime()) <= sendAtMaxMs) return;
  const detail = 'must be at most one year before or after now';
  throw new InvalidError('simulation.at_out_of_range', `\`at\` ${detail}`, {
    errors: [{ pointer: '/at', detail }],
  });
}

/** As the row reads that accepting makes. */
function toAccepted(
  { id, recipientId }: Pick<LoadedNotification, 'id' | 'recipientId'>,
  organizationId: LoadedNotification['organizationId'],
  content: NotificationContent,
  at: Date,
): LoadedNotification {
  const { template, title, body, category, urgent, actions, data, environment, project } = content;
  const isReminder = content.sendAt !== undefined && content.senderId === recipientId;
  return {
    ...{
      id,
      organizationId,
      recipientId,
      title,
      body,
      category,
      urgent,
      actions,
      data,
      environment,
      project,
    },
    ...{ url: content.url ?? null, icon: content.icon ?? null, kinds: content.kinds ?? null },
    ...{ templateId: template?.id ?? null, templateVersion: template?.version ?? null },
    ...{ createdAt: at, expiresAt: content.expiresAt ?? null, inboxAlways: false, isReminder },
    ...{ cancelledAt: null, deletedAt: null, readAt: null, dismissedAt: null, acknowledgedAt: null },
    ...{ requestId: null, traceparent: null },
  };
}

/** What recipients prefer, and what the template says: as dispatch loads it. */
async function loadDecisive(
  db: Database,
  organizationId: OrganizationId,
  { template }: NotificationContent,
  userIds: readonly UserId[],
) {
  const refs =
    template === undefined ? [] : [{ organizationId, templateId: template.id, version: template.version }];
  const policies = await loadPolicies(db, userIds);
  const versions = await loadTemplateVersions(db, refs);
  const readers = await loadReaders(db, template === undefined ? [] : userIds);
  return { policies, versions, readers };
}

interface Outcome {
  recipient: PlanRecipient;
  context: PlanContext;
  decidedAt: Date;
  plan: DeliveryPlan;
  texts: Texts | undefined;
  surroundings: PlanSurroundings;
}

function toSimulated(notification: LoadedNotification, outcome: Outcome): SimulatedRecipient {
  const { recipient, plan, texts, surroundings } = outcome;
  const clock = { zone: recipient.zone, now: surroundings.now };
  return {
    id: notification.recipientId,
    externalId: recipient.externalId,
    placed: plan.placed,
    kinds: plan.decisions.map((decision) => ({
      decision,
      sentence: tellDecision(decision, 'operator', clock),
      paused: isPaused(outcome, decision.kind),
      deliveries: plan.deliveries.filter((one) => one.kind === decision.kind).length,
      message: decision.decision === 'suppress' ? undefined : messageOf(notification, texts, decision.kind),
    })),
    rules: rulesOf(outcome),
  };
}

/** Whether what is sent this way waits: by the channel that the plan names, else by the one that rules would. */
function isPaused({ surroundings, plan }: Outcome, kind: ChannelKind): boolean {
  const { paused, pausedKinds, channels } = surroundings;
  if (paused || pausedKinds.includes(kind)) return true;
  const planned = plan.deliveries.find((one) => one.kind === kind)?.channelId;
  const channel = channels.find((one) =>
    planned === undefined ? one.kind === kind && one.enabled : one.id === planned,
  );
  return channel?.paused === true;
}

/** Steps of the recipient's rules that a simulation names; a longer list is cut. */
const foreseenStepsMax = 100;

function rulesOf({
  recipient,
  context,
  plan,
  surroundings,
  decidedAt,
}: Outcome): SimulatedRecipient['rules'] {
  const list = plan.run?.list;
  const rules = list && context.policy.user.rules?.[list];
  if (list === undefined || rules === undefined) return undefined;
  const clock = { zone: recipient.zone, now: surroundings.now };
  const steps = foreseeRun(context, rules, decidedAt, foreseenStepsMax);
  return {
    list,
    steps: steps.map((step) => ({
      step,
      sentence: tellStep({ ...step, code: step.code ?? null, until: step.until ?? null }, 'operator', clock),
    })),
  };
}

function messageOf(
  notification: LoadedNotification,
  texts: Texts | undefined,
  kind: ChannelKind,
): SimulatedKind['message'] {
  if (kind !== 'inbox' && catalogue[kind].ignoresMessage === true) return undefined;
  const rendered = texts?.get(kind);
  const { title, body } = rendered?.outcome === 'rendered' ? rendered : notification;
  return { title, ...markdownToTextAndHtml(body) };
}
