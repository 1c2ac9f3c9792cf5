import { unsubscribeTexts } from '@carillon/core';
import type { AdapterDeps, Message, MessageUnsubscribe } from '../adapter.ts';
import type { UnsubscribeLink } from './compose.ts';

/**
 * The link that switches mails like this one off for its reader. It is shown unless the mail is mandatory; then the page
 * behind it says so. Without a reader, as in a test of a channel, it leads to a page that knows nobody.
 */
export function unsubscribeLinkOf(
  deps: Pick<AdapterDeps, 'publicUrl' | 'unsubscribeToken'>,
  message: Message,
): UnsubscribeLink {
  const { notification } = message;
  const wish = unsubscribeOf(message);
  const token = deps.unsubscribeToken({
    ...{ organizationId: notification.organization_id, userId: notification.recipient.id, kind: 'email' },
    category: wish?.category ?? notification.category,
  });
  return {
    label: unsubscribeTexts(wish?.locales ?? []).link,
    href: `${deps.publicUrl}/u/${token}`,
    isShown: wish !== undefined,
  };
}

/** Who knows nothing of it leaves it out: better no link than one that is refused. */
function unsubscribeOf({ unsubscribe, details, notification }: Message): MessageUnsubscribe | undefined {
  if (unsubscribe !== undefined) return unsubscribe;
  if (details?.mandatory !== false) return undefined;
  return {
    category: notification.category,
    locales: [details.recipient.locale ?? null, details.locale ?? null],
  };
}

/**
 * The headers by which mailboxes show a button of their own (RFC 2369, RFC 8058). One click is for https alone; where
 * the installation has none, the button leads to the page.
 */
export function unsubscribeHeaders({ href, isShown }: UnsubscribeLink): Record<string, string> {
  if (!isShown) return {};
  return {
    'List-Unsubscribe': `<${href}>`,
    ...(href.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  };
}
