import {
  planDeliveries,
  planTexts,
  type ChannelKind,
  type DeliveryPlan,
  type ExternalKind,
  type NotificationId,
  type PlanChannel,
  type PlanContactPoint,
  type PlanContext,
  type RenderContext,
  type RenderRequest,
  type RenderResult,
  type Texts,
  type TextSubject,
  type UserId,
} from '@carillon/core';
import { policyContextOf, versionKeyOf } from './policy-context.ts';
import type { LoadedNotification } from './queries/loaded-notification.ts';
import type { Policies } from './queries/policies.ts';
import type { LoadedTemplateVersion } from './queries/templates.ts';

/** What a plan is made from, besides the notification and the instant. */
export interface PlanFacts {
  /** Of the notification's organization, those that are switched off too. */
  channels: readonly PlanChannel[];
  kindsWithoutContactPoint: ReadonlySet<ExternalKind>;
  policies: Policies;
  versions: ReadonlyMap<string, LoadedTemplateVersion>;
  /** Rendered for the kinds of `kindsOfPlan`; undefined without a template. */
  texts: Texts | undefined;
}

/** Decides what becomes of a notification at `now`, from rows as they were loaded. Undefined for a recipient who was removed. */
export function planNotification(
  notification: LoadedNotification & { contactPoints: readonly PlanContactPoint[] },
  facts: PlanFacts,
  now: Date,
): DeliveryPlan | undefined {
  const context = planContextOf(notification, facts);
  return context && planDeliveries(context, now);
}

/**
 * What a plan, and the steps of the recipient's rules, are decided by. Dispatch and simulation both ask here, so that a
 * simulation says what a dispatch does. Undefined for a recipient who was removed.
 */
export function planContextOf(
  notification: LoadedNotification & { contactPoints: readonly PlanContactPoint[] },
  facts: PlanFacts,
): PlanContext | undefined {
  const policy = policyContextOf(notification, facts);
  if (policy === undefined) return undefined;
  return {
    notification: {
      urgent: notification.urgent,
      kinds: notification.kinds ?? undefined,
      expiresAt: notification.expiresAt ?? undefined,
      cancelled: false,
      deleted: false,
      inboxAlways: notification.inboxAlways,
    },
    user: notification,
    channels: facts.channels,
    kindsWithoutContactPoint: facts.kindsWithoutContactPoint,
    policy,
  };
}

/** The kinds that a notification may go out by, and so wants texts for. */
export function kindsOfPlan(
  channels: readonly Pick<PlanChannel, 'kind'>[],
  { kinds }: Pick<LoadedNotification, 'kinds'>,
): ChannelKind[] {
  const all = new Set<ChannelKind>(['inbox', ...channels.map((channel) => channel.kind)]);
  return [...all].filter((kind) => kinds === null || kinds.includes(kind));
}

/** A notification, and the kinds it wants texts for. */
export interface TextsWanted {
  notification: LoadedNotification;
  kinds: readonly ChannelKind[];
}

/** Those whose texts come from a template that is there. */
export function withTemplate<T extends TextsWanted>(
  wanted: readonly T[],
  versions: ReadonlyMap<string, LoadedTemplateVersion>,
): T[] {
  return wanted.filter(
    ({ notification, kinds }) => kinds.length > 0 && versions.has(versionKeyOf(notification) ?? ''),
  );
}

/**
 * What has to be rendered for these notifications; `assemble` takes the results in the order of `requests`.
 * Who has no template, or no reader any more, gets no texts.
 */
export function planNotificationTexts(
  wanted: readonly TextsWanted[],
  versions: ReadonlyMap<string, LoadedTemplateVersion>,
  readers: ReadonlyMap<UserId, RenderContext>,
): { requests: RenderRequest[]; assemble(results: readonly RenderResult[]): Map<NotificationId, Texts> } {
  const subjects: { id: NotificationId; subject: TextSubject }[] = [];
  const isoOf = createIsoWriter();
  for (const { notification, kinds } of wanted) {
    const wordings = kinds.length > 0 ? versions.get(versionKeyOf(notification) ?? '') : undefined;
    const reader = readers.get(notification.recipientId);
    if (wordings === undefined || reader === undefined) continue;
    const { id, category, createdAt, urgent, data } = notification;
    const { user, organization } = reader;
    const shown = { id, category, urgent, created_at: isoOf(createdAt) };
    subjects.push({
      id,
      subject: { wordings, kinds, data, reader: { user, organization, notification: shown } },
    });
  }
  const plan = planTexts(subjects.map(({ subject }) => subject));
  return {
    requests: plan.requests,
    assemble(results) {
      const texts = plan.assemble(results);
      return new Map(subjects.map(({ id }, index) => [id, texts[index] ?? new Map()]));
    },
  };
}

/** Writes an instant as text; what was accepted at the same instant, as most of a batch was, has it written once. */
function createIsoWriter(): (instant: Date) => string {
  let last: { ms: number; text: string } | undefined;
  return (instant) => {
    const ms = instant.getTime();
    if (last?.ms !== ms) last = { ms, text: instant.toISOString() };
    return last.text;
  };
}
