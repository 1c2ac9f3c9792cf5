import { markdownToText, type ChannelKind } from '@carillon/core';
import type { InboxItem, TemplatePreferenceRecord, TemplateText, UserRecord } from '@carillon/db';
import { coderTemplates } from './templates/index.ts';
import { nilUuid } from './uuid.ts';

/** An inbox notification as Coder's clients read it: always these ten keys. */
export interface CoderNotification {
  id: string;
  user_id: string;
  template_id: string;
  targets: string[];
  title: string;
  content: string;
  icon: string;
  actions: { label: string; url: string }[];
  read_at: string | null;
  created_at: string;
}

const iconOfGroup: Readonly<Record<string, string>> = {
  'Workspace Events': 'DEFAULT_ICON_WORKSPACE',
  'User Events': 'DEFAULT_ICON_ACCOUNT',
  'Template Events': 'DEFAULT_ICON_TEMPLATE',
};
const otherIcon = 'DEFAULT_ICON_OTHER';
const iconOfTemplate = new Map(coderTemplates.map(({ id, group }) => [id, iconOfGroup[group] ?? otherIcon]));

/** `created_at` is when it entered the inbox, which is also the order of lists. */
export function toNotification(item: InboxItem, plaintext = false): CoderNotification {
  const { template_id: templateId } = item;
  return {
    id: item.id,
    user_id: item.recipient_id,
    template_id: templateId ?? nilUuid,
    targets: item.targets,
    title: plaintext ? markdownToText(item.title) : item.title,
    content: plaintext ? markdownToText(item.body) : item.body,
    icon: item.icon || (iconOfTemplate.get(templateId ?? '') ?? otherIcon),
    actions: item.actions.map(({ label, url }) => ({ label, url })),
    read_at: item.read_at?.toISOString() ?? null,
    created_at: item.inbox_at.toISOString(),
  };
}

/** Names of methods, where Coder has one of its own. */
const methodNames: Partial<Record<ChannelKind, string>> = { email: 'smtp' };
const kindsByMethod: Readonly<Record<string, ChannelKind>> = {
  ...{ smtp: 'email', webhook: 'webhook', inbox: 'inbox' },
};

export function toMethod(kind: ChannelKind): string {
  return methodNames[kind] ?? kind;
}

/** Undefined for a method that Coder does not know. */
export function fromMethod(method: string): ChannelKind | undefined {
  return Object.hasOwn(kindsByMethod, method) ? kindsByMethod[method] : undefined;
}

export const methods = Object.keys(kindsByMethod);

/** `actions` is a text that holds JSON; the empty method stands for the default. */
export function toTemplate(template: TemplateText) {
  return {
    id: template.id,
    name: template.name,
    title_template: template.title,
    body_template: template.body,
    actions: JSON.stringify(template.actions.map(({ label, url }) => ({ label, url }))),
    group: template.group,
    method: template.dispatchMethod === null ? '' : toMethod(template.dispatchMethod),
    kind: template.source,
    enabled_by_default: template.enabledByDefault,
  };
}

/** Only what was ever chosen for a whole template: the rest follows the template's default. */
export function toPreferences(rows: readonly TemplatePreferenceRecord[]) {
  return rows
    .filter((row) => row.kind === '')
    .map(({ template_id: id, enabled, updated_at: updatedAt }) => ({
      ...{ id, disabled: !enabled, updated_at: updatedAt.toISOString() },
    }));
}

/** As much of Coder's user as its clients need to start; what Carillon does not know is empty. */
export function toUser(user: UserRecord) {
  const isOwner = user.role === 'admin';
  return {
    id: user.id,
    username: user.username ?? user.external_id ?? user.id,
    name: user.name ?? '',
    email: user.email ?? '',
    avatar_url: '',
    created_at: user.created_at.toISOString(),
    updated_at: user.updated_at.toISOString(),
    last_seen_at: user.updated_at.toISOString(),
    status: 'active',
    login_type: user.role === 'system' ? 'none' : 'token',
    theme_preference: '',
    organization_ids: [user.organization_id],
    roles: isOwner ? [{ name: 'owner', display_name: 'Owner' }] : [],
  };
}
