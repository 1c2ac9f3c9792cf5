import type { TextBlock, TextSpan } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { isButtonLink, linksOf, type MessageLink } from '../message-links.ts';
import { blocksOf, titleOf } from '../message-text.ts';

/** What `sendMessage` of the Bot API takes of a message. */
export interface TelegramText {
  text: string;
  parse_mode: 'HTML';
  link_preview_options: { is_disabled: true };
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] };
}

/** Of 4,096 characters after parsing (Bot API, "sendMessage"); the rest is for marks of lists and links that are no buttons. */
const bodyCharsMax = 3_000;
const titleCharsMax = 256;
const buttonsMax = 10;
const labelCharsMax = 64;
const linkLinesCharsMax = 600;

/** The title in bold, the body in Telegram's HTML, a button for each link that Telegram takes as one. */
export function composeTelegram(message: Message, publicUrl: string): TelegramText {
  const links = linksOf(message.notification, publicUrl);
  const buttons = links.filter(isButtonLink).slice(0, buttonsMax);
  const lines = linkLines(links.filter((link) => !buttons.includes(link)));
  const title = titleOf(message, titleCharsMax);
  const parts = [
    title === '' ? '' : `<b>${escapeTelegram(title)}</b>`,
    blocksOf(message, bodyCharsMax).map(blockHtml).join('\n'),
    lines,
  ];
  const keyboard = buttons.map(({ label, href }) => [
    { text: label.slice(0, labelCharsMax) || href, url: href },
  ]);
  return {
    text: parts.filter((part) => part !== '').join('\n\n'),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
  };
}

/** Text that means nothing but itself in HTML of the Bot API ("Formatting options"): three characters, and quotes in attributes. */
export function escapeTelegram(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one] ?? one);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function blockHtml(block: TextBlock): string {
  switch (block.type) {
    case 'code':
      return `<pre>${escapeTelegram(block.text)}</pre>`;
    case 'heading':
      return `<b>${spansHtml(block.spans.map(({ bold: _bold, ...span }) => span))}</b>`;
    case 'quote':
      return `<blockquote>${spansHtml(block.spans)}</blockquote>`;
    case 'item':
      return `${'  '.repeat(block.depth)}${block.number === undefined ? '•' : `${block.number}.`} ${spansHtml(block.spans)}`;
    default:
      return spansHtml(block.spans);
  }
}

function spansHtml(spans: readonly TextSpan[]): string {
  return spans.map(spanHtml).join('');
}

/** Code takes no other look beside it (Bot API, "Formatting options"). */
function spanHtml({ text, bold, italic, struck, code, link }: TextSpan): string {
  let html = escapeTelegram(text);
  if (code) html = `<code>${html}</code>`;
  else {
    if (struck) html = `<s>${html}</s>`;
    if (italic) html = `<i>${html}</i>`;
    if (bold) html = `<b>${html}</b>`;
  }
  return link === undefined || code ? html : `<a href="${escapeTelegram(link)}">${html}</a>`;
}

/** In whole lines only: half an address leads nowhere. */
function linkLines(links: readonly MessageLink[]): string {
  const lines: string[] = [];
  let room = linkLinesCharsMax;
  for (const { label, href } of links) {
    const line = `${label}: ${href}`;
    room -= line.length + 1;
    if (room >= 0) lines.push(escapeTelegram(line));
  }
  return lines.join('\n');
}
