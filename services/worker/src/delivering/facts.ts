import type { NotificationId, RenderContext, Texts, UserId } from '@carillon/core';
import {
  loadTemplateVersions,
  planNotificationTexts,
  versionKeyOf,
  withTemplate,
  type DecidedNotification,
  type LoadedTemplateVersion,
  type Policies,
  type TemplateVersionRef,
  type TextsWanted,
} from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

/** What is true at this moment and decides about a batch: preferences, templates, rendered texts. */
export interface Facts {
  policies: Policies;
  versions: Map<string, LoadedTemplateVersion>;
  /** Of notifications with a template, for the kinds asked for. */
  texts: Map<NotificationId, Texts>;
}

/** A notification of the batch, and the kinds it wants texts for. */
export type FactsSubject = TextsWanted;

/** Where the people of a batch come from. */
export interface PeopleSource {
  policies(userIds: readonly UserId[]): Promise<Policies>;
  /** Those that something is rendered for. */
  readers(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, RenderContext>>;
}

/** Loads what decides about these notifications, and renders what comes from templates, for all of them together. */
export async function loadFacts(
  deps: Pick<WorkerDeps, 'db' | 'renderPool' | 'metrics'>,
  subjects: readonly FactsSubject[],
  people: PeopleSource,
): Promise<Facts> {
  const users = [...new Set(subjects.map(({ notification }) => notification.recipientId))];
  const [policies, versions] = await Promise.all([
    people.policies(users),
    loadTemplateVersions(deps.db, templateRefsOf(subjects.map((one) => one.notification))),
  ]);
  const texts = versions.size === 0 ? new Map() : await renderTexts(deps, subjects, versions, people);
  return { policies, versions, texts };
}

/** The template versions of these notifications, each once. */
export function templateRefsOf(notifications: readonly DecidedNotification[]): TemplateVersionRef[] {
  const refs = new Map<string, TemplateVersionRef>();
  for (const notification of notifications) {
    const key = versionKeyOf(notification);
    const { organizationId, templateId, templateVersion: version } = notification;
    if (key === undefined || templateId === null || version === null) continue;
    refs.set(key, { organizationId, templateId, version });
  }
  return [...refs.values()];
}

async function renderTexts(
  deps: Pick<WorkerDeps, 'renderPool' | 'metrics'>,
  subjects: readonly FactsSubject[],
  versions: ReadonlyMap<string, LoadedTemplateVersion>,
  people: PeopleSource,
): Promise<Map<NotificationId, Texts>> {
  const readers = await people.readers(
    withTemplate(subjects, versions).map(({ notification }) => notification.recipientId),
  );
  const plan = planNotificationTexts(subjects, versions, readers);
  const results = await deps.renderPool.render(plan.requests);
  const byId = plan.assemble(results);
  for (const text of [...byId.values()].flatMap((one) => [...one.values()])) {
    deps.metrics.rendered.inc({ outcome: text.outcome });
  }
  return byId;
}
