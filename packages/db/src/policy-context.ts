import type { ChannelKind, PolicyContext, TemplatePolicy, Texts } from '@carillon/core';
import type { DecidedNotification } from './queries/loaded-notification.ts';
import type { Policies } from './queries/policies.ts';
import { versionKey, type LoadedTemplateVersion } from './queries/templates.ts';

/**
 * What core decides by, from what was loaded; undefined when the recipient was removed. `texts` are those that
 * were rendered by now. A notification whose template version is gone counts as one whose template is switched off.
 */
export function policyContextOf(
  notification: DecidedNotification,
  loaded: {
    policies: Policies;
    versions: ReadonlyMap<string, LoadedTemplateVersion>;
    texts?: Texts | undefined;
  },
): PolicyContext | undefined {
  const user = loaded.policies.users.get(notification.recipientId);
  if (user === undefined) return undefined;
  const { category, environment, project } = notification;
  return {
    userId: notification.recipientId,
    scope: { category, environment, project },
    urgent: notification.urgent,
    isReminder: notification.isReminder,
    user,
    category: loaded.policies.categories.get(notification.organizationId)?.get(category),
    template:
      notification.templateId === null ? undefined : templateOf(notification, loaded.versions, loaded.texts),
  };
}

/** The key of a notification's template version in the answer of `loadTemplateVersions`; undefined without one. */
export function versionKeyOf(notification: DecidedNotification): string | undefined {
  const { organizationId, templateId, templateVersion: version } = notification;
  if (templateId === null || version === null) return undefined;
  return versionKey({ organizationId, templateId, version });
}

function templateOf(
  notification: DecidedNotification,
  versions: ReadonlyMap<string, LoadedTemplateVersion>,
  texts: Texts | undefined,
): TemplatePolicy | undefined {
  const key = versionKeyOf(notification);
  if (key === undefined) return undefined;
  const version = versions.get(key);
  return {
    id: notification.templateId ?? '',
    enabled: version?.enabled ?? false,
    mandatory: version?.mandatory ?? false,
    defaultEnabled: version?.defaultEnabled ?? undefined,
    dispatchMethod: version?.dispatchMethod ?? undefined,
    texts: outcomesOf(texts),
  };
}

function outcomesOf(texts: Texts | undefined): TemplatePolicy['texts'] {
  const outcomes: TemplatePolicy['texts'] = {};
  for (const [kind, text] of texts ?? new Map<ChannelKind, never>()) {
    outcomes[kind] = text.outcome === 'failed' ? { failure: text.detail } : { missing: text.missing };
  }
  return outcomes;
}
