import type { Message, MessageDetails } from '@carillon/channels';
import { escapers, markdownToText, markdownToTextAndHtml, type RenderResult } from '@carillon/core';
import type { LoadedDetails, LoadedNotification, PlacedContent } from '@carillon/db';

/** What is told of a notification: its own texts, or in their place those that its template has for the kind. */
export interface Telling {
  notification: LoadedNotification;
  content: MessageContent | undefined;
}

/**
 * The text of a notification for external kinds. It is made at the first try and kept on the
 * delivery, so that every later try sends the same.
 */
export function renderMessage({ notification, content }: Telling, userExternalId: string | null): Message {
  const { title, body, url, icon, actions, page }: MessageContent = content ?? notification;
  return {
    title,
    ...markdownToTextAndHtml(body),
    ...(page !== undefined && { page }),
    notification: {
      id: notification.id,
      organization_id: notification.organizationId,
      recipient: { id: notification.recipientId, external_id: userExternalId },
      ...{ title, body },
      category: notification.category,
      urgent: notification.urgent,
      ...{ url, icon },
      actions: actions.map((action) => ({ label: action.label, url: action.url })),
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
export interface MessageContent extends PlacedContent {
  page?: string | undefined;
}

/** What a rendered text puts in the place of a notification's own; undefined when there is no text. */
export function contentOf(text: RenderResult | undefined): MessageContent | undefined {
  if (text?.outcome !== 'rendered') return undefined;
  const { title, body, actions, url, icon, page } = text;
  return { title, body, actions, url: url ?? null, icon: icon ?? null, page };
}
