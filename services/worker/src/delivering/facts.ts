import { planTexts, type ChannelKind, type NotificationId, type Texts } from '@carillon/core';
import {
  loadPolicies,
  loadReaders,
  loadTemplateVersions,
  versionKeyOf,
  type LoadedNotification,
  type LoadedTemplateVersion,
  type Policies,
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
export interface FactsSubject {
  notification: LoadedNotification;
  kinds: readonly ChannelKind[];
}

/** Loads what decides about these notifications, and renders what comes from templates, for all of them together. */
export async function loadFacts(
  deps: Pick<WorkerDeps, 'db' | 'renderPool' | 'metrics'>,
  subjects: readonly FactsSubject[],
): Promise<Facts> {
  const users = [...new Set(subjects.map(({ notification }) => notification.recipientId))];
  const [policies, versions] = await Promise.all([
    loadPolicies(deps.db, users),
    loadTemplateVersions(deps.db, refsOf(subjects)),
  ]);
  const texts = versions.size === 0 ? new Map() : await renderTexts(deps, subjects, versions);
  return { policies, versions, texts };
}

function refsOf(subjects: readonly FactsSubject[]): { templateId: string; version: number }[] {
  const refs = new Map<string, { templateId: string; version: number }>();
  for (const { notification } of subjects) {
    const { templateId, templateVersion } = notification;
    if (templateId === null || templateVersion === null) continue;
    refs.set(`${templateId}:${templateVersion}`, { templateId, version: templateVersion });
  }
  return [...refs.values()];
}

async function renderTexts(
  deps: Pick<WorkerDeps, 'db' | 'renderPool' | 'metrics'>,
  subjects: readonly FactsSubject[],
  versions: ReadonlyMap<string, LoadedTemplateVersion>,
): Promise<Map<NotificationId, Texts>> {
  const templated = subjects.flatMap(({ notification, kinds }) => {
    const version = versions.get(versionKeyOf(notification) ?? '');
    return version === undefined || kinds.length === 0 ? [] : [{ notification, kinds, wordings: version }];
  });
  const readers = await loadReaders(
    deps.db,
    templated.map(({ notification }) => notification.recipientId),
  );
  const wanted = templated.flatMap(({ notification, ...rest }) => {
    const reader = readers.get(notification.recipientId);
    if (reader === undefined) return [];
    const { id, category, createdAt, urgent } = notification;
    const shown = { id, category, urgent, created_at: createdAt.toISOString() };
    return [
      { id, subject: { ...rest, data: notification.data, reader: { ...reader, notification: shown } } },
    ];
  });
  const plan = planTexts(wanted.map(({ subject }) => subject));
  const texts = plan.assemble(await deps.renderPool.render(plan.requests));
  const byId = new Map<NotificationId, Texts>();
  wanted.forEach(({ id }, index) => byId.set(id, texts[index] ?? new Map()));
  for (const text of texts.flatMap((one) => [...one.values()])) {
    deps.metrics.rendered.inc({ outcome: text.outcome });
  }
  return byId;
}
