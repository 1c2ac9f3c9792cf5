import type { TextBlock, TextSpan } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf } from '../message-links.ts';
import { blocksOf, cutText, titleOf } from '../message-text.ts';

interface OpenUrl {
  type: 'Action.OpenUrl';
  title?: string;
  url: string;
}
interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Large';
  italic?: true;
  strikethrough?: true;
  isSubtle?: true;
  fontType?: 'Monospace';
  selectAction?: OpenUrl;
}
interface RichTextBlock {
  type: 'RichTextBlock';
  inlines: TextRun[];
  spacing?: 'None' | 'Small';
}

/** What the trigger "When a Teams webhook request is received" takes: one Adaptive Card. */
export interface TeamsMessage {
  type: 'message';
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive';
      contentUrl: null;
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
        type: 'AdaptiveCard';
        version: '1.4';
        body: RichTextBlock[];
        actions?: OpenUrl[];
      };
    },
  ];
}

/** Teams takes 28 KB of a message and shows six actions of a card ("Format cards in Microsoft Teams"). */
const cardBytesMax = 26 * 1024;
const titleCharsMax = 256;
const bodyCharsChoices = [4_000, 1_000, 250];
const labelCharsMax = 64;
const urlCharsMax = 1_024;
const actionsMax = 6;

/**
 * A card of the title, the body and a button for each link. All texts are runs, in which Markdown is not read (schema
 * of TextRun), so that nothing of data can be a mark, a mention or a link.
 */
export function composeTeams(message: Message, publicUrl: string): TeamsMessage {
  const cards = bodyCharsChoices.map((bodyChars) => () => card(message, publicUrl, bodyChars));
  const fitting = cards.find((make) => Buffer.byteLength(JSON.stringify(make())) <= cardBytesMax);
  return (
    fitting?.() ?? card({ ...message, notification: { ...message.notification, body: '…' } }, publicUrl, 1)
  );
}

function card(message: Message, publicUrl: string, bodyChars: number): TeamsMessage {
  const title = titleOf(message, titleCharsMax);
  const actions = linksOf(message.notification, publicUrl)
    .filter(({ href }) => href.length <= urlCharsMax)
    .slice(0, actionsMax)
    .map(({ label, href }): OpenUrl => ({
      ...{ type: 'Action.OpenUrl', title: cutText(label || href, labelCharsMax), url: href },
    }));
  const heading: RichTextBlock[] =
    title === ''
      ? []
      : [{ type: 'RichTextBlock', inlines: [run(title, { weight: 'Bolder', size: 'Large' })] }];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          ...{ type: 'AdaptiveCard', version: '1.4' },
          body: [...heading, ...blocksOf(message, bodyChars).flatMap(toRichText)],
          ...(actions.length === 0 ? {} : { actions }),
        },
      },
    ],
  };
}

/** Cards write dates of their own where a text says `{{DATE(…)}}` ("Text features"); a joiner in between prevents it. */
function run(text: string, look: Partial<TextRun> = {}): TextRun {
  return { type: 'TextRun', text: text.replaceAll(/\{\{(?=(?:DATE|TIME)\()/g, '{\u2060{'), ...look };
}

/** A block of a card has no breaks inside, so each line is a block. */
function toRichText(block: TextBlock): RichTextBlock[] {
  const lines = linesOf(runsOf(block)).filter((line) => line.length > 0);
  return lines.map((inlines, index) => ({
    ...{ type: 'RichTextBlock', inlines },
    ...(index > 0
      ? { spacing: 'None' as const }
      : block.type === 'item'
        ? { spacing: 'Small' as const }
        : {}),
  }));
}

function runsOf(block: TextBlock): TextRun[] {
  switch (block.type) {
    case 'code':
      return [run(block.text, { fontType: 'Monospace' })];
    case 'quote':
      return block.spans.map((span) => ({ ...toRun(span), isSubtle: true }));
    case 'heading':
      return block.spans.map((span) => toRun({ ...span, bold: true }));
    case 'item': {
      const mark = block.number === undefined ? '•' : `${block.number}.`;
      return [run(`${'\u2003'.repeat(block.depth)}${mark} `), ...block.spans.map(toRun)];
    }
    default:
      return block.spans.map(toRun);
  }
}

function toRun({ text, bold, italic, struck, code, link }: TextSpan): TextRun {
  return run(text, {
    ...(bold && { weight: 'Bolder' }),
    ...(italic && { italic }),
    ...(struck && { strikethrough: struck }),
    ...(code && { fontType: 'Monospace' }),
    ...(link !== undefined && { selectAction: { type: 'Action.OpenUrl', url: link } }),
  });
}

function linesOf(runs: readonly TextRun[]): TextRun[][] {
  const lines: TextRun[][] = [[]];
  for (const one of runs) {
    const [first = '', ...others] = one.text.split('\n');
    if (first !== '') lines.at(-1)?.push({ ...one, text: first });
    for (const text of others) lines.push(text === '' ? [] : [{ ...one, text }]);
  }
  return lines;
}
