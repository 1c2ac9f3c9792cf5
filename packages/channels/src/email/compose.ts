import type { Message, MessageNotification } from '../adapter.ts';

/** The parts of a mail that come from the message alone. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

interface Link {
  label: string;
  href: string;
}

const linkSchemes = new Set(['http:', 'https:', 'mailto:']);

/**
 * The mail as people read it: title, text, then a link for each action and for the thing itself.
 * Relative links are completed with `publicUrl`; a link of any other scheme than http, https and mailto is left out.
 */
export function composeMail(message: Message, publicUrl: string): MailContent {
  const links = linksOf(message.notification, publicUrl);
  return { subject: oneLine(message.title), text: textOf(message, links), html: htmlOf(message, links) };
}

function textOf(message: Message, links: readonly Link[]): string {
  const lines = links.map(({ label, href }) => `${label}: ${href}`);
  return [oneLine(message.title), message.text.trim(), lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function htmlOf(message: Message, links: readonly Link[]): string {
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

function linksOf({ actions, url }: MessageNotification, publicUrl: string): Link[] {
  const wanted = [...actions, ...(url === null ? [] : [{ label: 'Open', url }])];
  return wanted.flatMap((action) => {
    const href = safeHref(action.url, publicUrl);
    return href === undefined ? [] : [{ label: oneLine(action.label), href }];
  });
}

function safeHref(url: string, publicUrl: string): string | undefined {
  if (!URL.canParse(url, publicUrl)) return undefined;
  const { protocol, href } = new URL(url, publicUrl);
  return linkSchemes.has(protocol) ? href : undefined;
}

/** Headers and headings are one line; control characters become a space, so nothing can start a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
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
