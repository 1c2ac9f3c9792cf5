import type { KindDescription, Message } from '@carillon/channels';
import { digestTexts, escapers, markdownToTextAndHtml } from '@carillon/core';
import type { ClaimedDelivery, Policies } from '@carillon/db';
import { renderMessage } from './message.ts';

/** Deliveries that go out as one message: the newest carries it, the others are told by it. */
export interface Digest {
  carrier: ClaimedDelivery;
  members: ClaimedDelivery[];
  message: Message;
}

/** So many held deliveries to one target become one message; of a category that asks for it, or by rules, two do. */
const digestFrom = 3;
const digestFromWhenAsked = 2;
/** Titles that a message names; it counts the rest. */
const titlesShown = 20;

/**
 * Puts held deliveries to the same target together. What was not held, or was tried before and so has its
 * message, goes alone; so does everything of a kind whose targets are machines. A digest is in the language of
 * its recipient, as far as `users` knows it.
 */
export function gatherDigests(
  going: readonly ClaimedDelivery[],
  kind: Pick<KindDescription, 'digests'>,
  users: Policies['users'],
): { alone: ClaimedDelivery[]; digests: Digest[] } {
  const alone: ClaimedDelivery[] = [];
  const targets = new Map<string, ClaimedDelivery[]>();
  for (const delivery of going) {
    const mayJoin = kind.digests && delivery.heldFor !== null && delivery.message === null;
    if (!mayJoin) {
      alone.push(delivery);
      continue;
    }
    const key = [delivery.notification.recipientId, delivery.channel?.id, delivery.contactPointId].join(' ');
    const ofTarget = targets.get(key);
    if (ofTarget === undefined) targets.set(key, [delivery]);
    else ofTarget.push(delivery);
  }
  const digests: Digest[] = [];
  for (const held of targets.values()) {
    const asked = held.some(({ heldFor }) => heldFor === 'digest' || heldFor === 'bundled');
    if (held.length < (asked ? digestFromWhenAsked : digestFrom)) alone.push(...held);
    else digests.push(toDigest(held, users));
  }
  return { alone, digests };
}

function toDigest(held: readonly ClaimedDelivery[], users: Policies['users']): Digest {
  const newestFirst = held.toSorted((a, b) => (a.notification.id < b.notification.id ? 1 : -1));
  const [carrier, ...members] = newestFirst as [ClaimedDelivery, ...ClaimedDelivery[]];
  const reader = users.get(carrier.notification.recipientId);
  const locales = [reader?.locale, reader?.organizationLocale];
  return { carrier, members, message: digestMessage(newestFirst, carrier, locales) };
}

function digestMessage(
  newestFirst: readonly ClaimedDelivery[],
  carrier: ClaimedDelivery,
  locales: readonly (string | undefined)[],
): Message {
  const lines = newestFirst.slice(0, titlesShown).map(({ notification }) => {
    const text = escapers.markdown(notification.title, 'text');
    return notification.url === null ? `- ${text}` : `- ${text} — <${notification.url}>`;
  });
  const { title, more } = digestTexts(locales, newestFirst.length, newestFirst.length - lines.length);
  if (more !== undefined) lines.push('', more);
  const body = lines.join('\n');
  const message = renderMessage(
    { notification: carrier.notification, content: undefined },
    carrier.userExternalId,
  );
  return {
    title,
    ...markdownToTextAndHtml(body),
    notification: { ...message.notification, title, body, url: null, actions: [], data: {} },
    unsubscribe: { category: onlyCategoryOf(newestFirst), locales: locales.map((one) => one ?? null) },
  };
}

/** Empty, so that a link switches off all that may be, where it tells of several categories. */
function onlyCategoryOf([first, ...others]: readonly ClaimedDelivery[]): string {
  const category = first?.notification.category ?? '';
  return others.every(({ notification }) => notification.category === category) ? category : '';
}
