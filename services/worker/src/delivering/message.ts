import type { Message } from '@carillon/channels';
import { markdownToHtml, markdownToText } from '@carillon/core';
import type { LoadedNotification } from '@carillon/db';

/**
 * The text of a notification for external kinds. It is made at the first try and kept on the
 * delivery, so that every later try sends the same.
 */
export function renderMessage(notification: LoadedNotification, userExternalId: string | null): Message {
  return {
    title: notification.title,
    text: markdownToText(notification.body),
    html: markdownToHtml(notification.body),
    notification: {
      id: notification.id,
      organization_id: notification.organizationId,
      recipient: { id: notification.recipientId, external_id: userExternalId },
      title: notification.title,
      body: notification.body,
      category: notification.category,
      urgent: notification.urgent,
      url: notification.url,
      icon: notification.icon,
      actions: notification.actions.map(({ label, url }) => ({ label, url })),
      data: notification.data,
      created_at: notification.createdAt.toISOString(),
    },
  };
}
