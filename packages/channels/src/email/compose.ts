import type { Message } from '../adapter.ts';
import { linksOf, oneLine, type MessageLink } from '../message-links.ts';

/** The parts of a mail that come from the message alone. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

/**
 * The mail as people read it: title, text, then a link for each action and for the thing itself.
 * Relative links are completed with `publicUrl`; a link of any other scheme than http, https and mailto is left out.
 */
export function composeMail(message: Message, publicUrl: string): MailContent {
  const links = linksOf(message.notification, publicUrl);
  return { subject: oneLine(message.title), text: textOf(message, links), html: htmlOf(message, links) };
}

function textOf(message: Message, links: readonly MessageLink[]): string {
  const lines = links.map(({ label, href }) => `${label}: ${href}`);
  return [oneLine(message.title), message.text.trim(), lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function htmlOf(message: Message, links: readonly MessageLink[]): string {
  const title = escapeHtml(oneLine(message.title));
  const items = links.map(
    ({ label, href }) =>
      `<p><a href="${escapeHtml(href)}" rel="noopener noreferrer">${escapeHtml(label)}</a></p>`,
  );
  return [
    '<!doctype html>',
    `<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>`,
    '<body style="margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1c1c1c">',
    '<div style="max-width:600px;margin:0 auto">',
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${title}</h1>`,
    message.html,
    ...items,
    '</div></body></html>',
  ].join('\n');
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
