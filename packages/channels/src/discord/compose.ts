import { neutralise, type TextBlock, type TextSpan } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf, type MessageLink } from '../message-links.ts';
import { blocksOf, cutText, titleOf } from '../message-text.ts';

/** What "Execute Webhook" of Discord takes of a message. */
export interface DiscordText {
  embeds: [{ title?: string; description?: string }];
  /** Nobody is mentioned, whatever the texts say. */
  allowed_mentions: { parse: [] };
}

/** Of 256 characters of a title and 4,096 of a description ("Embed limits"), in which escaped characters count twice. */
const titleCharsMax = 128;
const descriptionCharsMax = 4_096;
const bodyCharsChoices = [1_800, 900, 450];
const linkCharsMax = 400;
const linksMax = 5;

/** An embed with the title, the body in Discord's Markdown, and a line for each link. */
export function composeDiscord(message: Message, publicUrl: string): DiscordText {
  const title = escapeDiscord(titleOf(message, titleCharsMax));
  const lines = linksOf(message.notification, publicUrl)
    .filter(({ href, label }) => href.length + label.length <= linkCharsMax)
    .slice(0, linksMax)
    .map(linkLine)
    .join('\n');
  const body = bodyWithin(message, descriptionCharsMax - lines.length - 2);
  const description = [body, lines].filter((part) => part !== '').join('\n\n');
  return {
    embeds: [{ ...(title !== '' && { title }), ...(description !== '' && { description }) }],
    allowed_mentions: { parse: [] },
  };
}

/** Text that means nothing but itself: in Discord's Markdown a backslash takes the meaning from any mark behind it. */
export function escapeDiscord(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Marks and addresses of links make a body longer than its text, by how much is known only when it is written. */
function bodyWithin(message: Message, charsMax: number): string {
  for (const bodyChars of bodyCharsChoices) {
    const body = blocksOf(message, bodyChars).map(blockText).join('\n');
    if (body.length <= charsMax) return body;
  }
  return escapeDiscord(cutText(neutralise(message.text), Math.min(charsMax / 2, 900)));
}

function blockText(block: TextBlock): string {
  switch (block.type) {
    case 'code':
      return block.text.includes('```') ? escapeDiscord(block.text) : `\`\`\`\n${block.text}\n\`\`\``;
    case 'heading':
      return `**${spansText(block.spans.map(({ bold: _bold, ...span }) => span))}**`;
    case 'quote':
      return spansText(block.spans).replaceAll(/^/gm, '> ');
    case 'item':
      return `${'  '.repeat(block.depth)}${block.number === undefined ? '-' : `${block.number}.`} ${spansText(block.spans)}`;
    default:
      return spansText(block.spans);
  }
}

function spansText(spans: readonly TextSpan[]): string {
  return spans.map(spanText).join('');
}

function spanText({ text, bold, italic, struck, code, link }: TextSpan): string {
  // In code no backslash takes a meaning away.
  let made = code && !text.includes('`') ? `\`${text}\`` : escapeDiscord(text);
  if (struck) made = `~~${made}~~`;
  if (italic) made = `*${made}*`;
  if (bold) made = `**${made}**`;
  return link === undefined ? made : maskedLink(made, link);
}

function linkLine({ label, href }: MessageLink): string {
  return maskedLink(escapeDiscord(neutralise(label)) || 'Open', href);
}

/** In angle brackets an address has no preview, and no bracket of its own ends it. */
function maskedLink(label: string, href: string): string {
  return `[${label}](<${href.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll(' ', '%20')}>)`;
}
