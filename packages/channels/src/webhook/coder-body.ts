import type { DeliveryId } from '@carillon/core';
import type { Message, MessageNotification } from '../adapter.ts';

/** Coder names no limit; this is room for the longest notification that is accepted, its body told twice. */
export const coderBodyBytesMax = 256 * 1024;

/** What stands for the template of a notification that has none. */
const noTemplate = '00000000-0000-0000-0000-000000000000';

/**
 * The body that Coder's own webhook dispatcher posts, version 1.1 (Coder's documentation, "Notifications", and its
 * `coderd/notifications/dispatch/webhook.go`). Field by field, because a message that was kept between two tries
 * comes back with its keys in another order. Relative links are completed with `publicUrl`.
 */
export function coderBody(deliveryId: DeliveryId, message: Message, publicUrl: string): string {
  const { notification, details } = message;
  const { title } = notification;
  const titles = details?.title ?? { text: title, markdown: title };
  return JSON.stringify({
    _version: '1.1',
    msg_id: deliveryId,
    payload: {
      _version: '1.1',
      ...templateOf(message),
      ...userOf(message),
      actions: notification.actions.map(({ label, url }) => ({ label, url: completeUrl(url, publicUrl) })),
      ...splitData(notification.data),
      targets: details?.targets ?? [],
    },
    title: titles.text,
    title_markdown: titles.markdown,
    body: message.text,
    body_markdown: notification.body,
  });
}

/** Without a template the category is what says of which sort it is. */
function templateOf({ notification, details }: Message): Record<string, string> {
  const template = details?.template ?? { id: noTemplate, name: notification.category };
  return { notification_name: template.name, notification_template_id: template.id };
}

/** Every user of Coder has a username and a name to show; here both may be absent. */
function userOf({ notification: { recipient }, details }: Message): Record<string, string> {
  const username = details?.recipient.username ?? recipient.external_id ?? '';
  return {
    user_id: recipient.id,
    user_email: details?.recipient.email ?? '',
    user_name: details?.recipient.name ?? username,
    user_username: username,
  };
}

/** Coder tells labels, which are texts, from other data; here they are `data.labels`, if that is a map of texts. */
function splitData(data: MessageNotification['data']): {
  labels: Record<string, string>;
  data: Record<string, unknown> | null;
} {
  if (!isRecord(data)) return { labels: {}, data: null };
  const { labels, ...others } = data;
  if (isTextMap(labels)) return { labels, data: unlessEmpty(others) };
  return { labels: {}, data: unlessEmpty(data) };
}

function isTextMap(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function unlessEmpty(data: Record<string, unknown>): Record<string, unknown> | null {
  return Object.keys(data).length === 0 ? null : data;
}

/** What is complete stays as it was written. */
function completeUrl(url: string, publicUrl: string): string {
  return URL.canParse(url) || !URL.canParse(url, publicUrl) ? url : new URL(url, publicUrl).href;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
