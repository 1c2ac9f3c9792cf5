import { unsubscribeLinkMarker } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf, oneLine, type MessageLink } from '../message-links.ts';

/** The parts of a mail that come from the message alone. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

/** The link that switches such mails off. */
export interface UnsubscribeLink extends MessageLink {
  /** Whether it is told in the mail; a layout has its own place for it, and there it always leads somewhere. */
  isShown: boolean;
}

/**
 * The mail as people read it: title, text, then a link for each action and for the thing itself, and at last the one
 * that switches such mails off. Relative links are completed with `publicUrl`; a link of any other scheme than http,
 * https and mailto is left out. A mail with a layout is the page that it became.
 */
export function composeMail(message: Message, publicUrl: string, unsubscribe: UnsubscribeLink): MailContent {
  const links = linksOf(message.notification, publicUrl);
  return {
    subject: oneLine(message.title),
    text: textOf(message, links, unsubscribe),
    html:
      message.page === undefined
        ? htmlOf(message, links, unsubscribe)
        : message.page.replaceAll(unsubscribeLinkMarker, escapeHtml(unsubscribe.href)),
  };
}

function textOf(message: Message, links: readonly MessageLink[], unsubscribe: UnsubscribeLink): string {
  const lines = links.map(({ label, href }) => `${label}: ${href}`);
  // What follows "-- " is a signature (RFC 3676 section 4.3): answers do not quote it.
  const footer = unsubscribe.isShown ? `-- \n${unsubscribe.label}: ${unsubscribe.href}` : '';
  return [oneLine(message.title), message.text.trim(), lines.join('\n'), footer]
    .filter((part) => part !== '')
    .join('\n\n');
}

function htmlOf(message: Message, links: readonly MessageLink[], unsubscribe: UnsubscribeLink): string {
  const title = escapeHtml(oneLine(message.title));
  const footer = `<p style="margin:32px 0 0;font-size:13px;color:#5b6470">${anchor(unsubscribe, 'color:#5b6470')}</p>`;
  return [
    '<!doctype html>',
    `<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>`,
    '<body style="margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1c1c1c">',
    '<div style="max-width:600px;margin:0 auto">',
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${title}</h1>`,
    message.html,
    ...links.map((link) => `<p>${anchor(link)}</p>`),
    ...(unsubscribe.isShown ? [footer] : []),
    '</div></body></html>',
  ].join('\n');
}

function anchor({ label, href }: MessageLink, style?: string): string {
  const styled = style === undefined ? '' : ` style="${style}"`;
  return `<a href="${escapeHtml(href)}" rel="noopener noreferrer"${styled}>${escapeHtml(label)}</a>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
