import type { Message, MessageDetails } from '@carillon/channels';
import { escapers, markdownToText, markdownToTextAndHtml, type RenderResult } from '@carillon/core';
import type { LoadedDetails, LoadedNotification, PlacedContent } from '@carillon/db';

/** A notification with the texts that it has for one kind. */
export type NotificationToTell = LoadedNotification & Pick<MessageContent, 'page'>;

/**
 * The text of a notification for external kinds. It is made at the first try and kept on the
 * delivery, so that every later try sends the same.
 */
export function renderMessage(notification: NotificationToTell, userExternalId: string | null): Message {
  return {
    title: notification.title,
    ...markdownToTextAndHtml(notification.body),
    ...(notification.page !== undefined && { page: notification.page }),
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

/**
 * The details of a message with this title. What a template made of data is plain text, in which nothing may become
 * a link by its looks; a title that was given as it is may be in Markdown.
 */
export function renderDetails(title: string, loaded: LoadedDetails): MessageDetails {
  const { recipient, template, targets, mandatory, locale } = loaded;
  const titles =
    template === null
      ? { text: markdownToText(title) || title, markdown: title }
      : { text: title, markdown: escapers.markdown(title, 'text') };
  return { recipient, template, targets, title: titles, mandatory, locale };
}

/** A rendered text, and for mails perhaps the page that it became. */
interface MessageContent extends PlacedContent {
  page?: string | undefined;
}

/** What a rendered text puts in the place of a notification's own; undefined when there is no text. */
export function contentOf(text: RenderResult | undefined): MessageContent | undefined {
  if (text?.outcome !== 'rendered') return undefined;
  const { title, body, actions, url, icon, page } = text;
  return { title, body, actions, url: url ?? null, icon: icon ?? null, page };
}
