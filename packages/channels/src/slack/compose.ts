import type { DeliveryId, TextBlock, TextSpan } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf } from '../message-links.ts';
import { blocksOf, cutText, titleOf } from '../message-text.ts';

interface SlackStyle {
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
}
type SlackElement = { text: string; style?: SlackStyle } & ({ type: 'text' } | { type: 'link'; url: string });
type SlackSection =
  | { type: 'rich_text_section' | 'rich_text_quote' | 'rich_text_preformatted'; elements: SlackElement[] }
  | {
      type: 'rich_text_list';
      style: 'bullet' | 'ordered';
      indent: number;
      offset?: number;
      elements: { type: 'rich_text_section'; elements: SlackElement[] }[];
    };
interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}
interface SlackButton {
  type: 'button';
  action_id: string;
  text: PlainText;
  url?: string;
  /** What Slack gives back when it is pressed. */
  value?: string;
}

/** Names of our buttons, by which presses are told apart; links are numbered. */
export const acknowledgeAction = 'acknowledge';
export const linkAction = 'link_';

/** What Slack takes of a message, by `chat.postMessage` and by an incoming webhook. */
export interface SlackText {
  /** What a lock screen shows, in mrkdwn. */
  text: string;
  blocks: (
    | { type: 'header'; text: PlainText }
    | { type: 'rich_text'; elements: SlackSection[] }
    | { type: 'actions'; elements: SlackButton[] }
  )[];
  unfurl_links: false;
  unfurl_media: false;
}

/** Limits of Block Kit ("Header block", "Button element", "Actions block"), and of texts of sections for the body. */
const limits = { titleChars: 150, bodyChars: 3_000, labelChars: 75, urlChars: 3_000, buttons: 10, indent: 8 };

/**
 * The title as a header, the body as rich text, a button for each link. Header, rich text and buttons hold plain
 * texts beside their looks, so nothing in them can be a mark, a mention or a link; `text` is escaped mrkdwn. With
 * `pressesOf`, presses come back to us under that delivery, and a button acknowledges.
 */
export function composeSlack(message: Message, publicUrl: string, pressesOf?: DeliveryId): SlackText {
  const title = titleOf(message, limits.titleChars);
  const sections = blocksOf(message, limits.bodyChars).map(toSection);
  const buttons = linksOf(message.notification, publicUrl)
    .filter(({ href }) => href.length <= limits.urlChars)
    .slice(0, limits.buttons)
    .map(({ label, href }, index): SlackButton => ({
      ...{ type: 'button', action_id: `${linkAction}${index}`, url: href },
      text: plain(cutText(label || href, limits.labelChars)),
      ...(pressesOf === undefined ? {} : { value: pressesOf }),
    }));
  if (pressesOf !== undefined) {
    buttons.push({
      ...{ type: 'button', action_id: acknowledgeAction, text: plain('Acknowledge'), value: pressesOf },
    });
  }
  return {
    text: escapeMrkdwn(title),
    blocks: [
      ...(title === '' ? [] : [{ type: 'header' as const, text: plain(title) }]),
      ...(sections.length === 0 ? [] : [{ type: 'rich_text' as const, elements: sections }]),
      ...(buttons.length === 0 ? [] : [{ type: 'actions' as const, elements: buttons }]),
    ],
    ...{ unfurl_links: false, unfurl_media: false },
  };
}

/**
 * Text in mrkdwn that mentions nobody and links nowhere: Slack names three characters to escape ("Formatting text for
 * app surfaces"). Marks of looks (`*_~`) have no escape in mrkdwn; therefore only the text of lock screens is in it.
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

function toSection(block: TextBlock): SlackSection {
  switch (block.type) {
    case 'code':
      return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: block.text }] };
    case 'quote':
      return { type: 'rich_text_quote', elements: block.spans.map(toElement) };
    case 'heading':
      return section(block.spans.map((span) => toElement({ ...span, bold: true })));
    case 'item':
      return {
        ...{ type: 'rich_text_list', style: block.number === undefined ? 'bullet' : 'ordered' },
        indent: Math.min(block.depth, limits.indent),
        ...(block.number === undefined ? {} : { offset: Math.max(block.number - 1, 0) }),
        elements: [section(block.spans.map(toElement))],
      };
    default:
      return section([...block.spans.map(toElement), { type: 'text', text: '\n' }]);
  }
}

function section(elements: SlackElement[]): { type: 'rich_text_section'; elements: SlackElement[] } {
  return { type: 'rich_text_section', elements };
}

function toElement({ text, bold, italic, struck, code, link }: TextSpan): SlackElement {
  const style: SlackStyle = {
    ...(bold && { bold }),
    ...(italic && { italic }),
    ...(struck && { strike: struck }),
    ...(code && { code }),
  };
  const look = Object.keys(style).length === 0 ? {} : { style };
  return link === undefined ? { type: 'text', text, ...look } : { type: 'link', url: link, text, ...look };
}
