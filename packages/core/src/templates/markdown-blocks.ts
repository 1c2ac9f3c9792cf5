import type { Token } from 'markdown-it';
import { markdownTokens } from './markdown.ts';

/** A piece of text with one look. Its text is plain: a mark in it means nothing. */
export interface TextSpan {
  text: string;
  bold?: true;
  italic?: true;
  struck?: true;
  code?: true;
  /** An http, https or mailto address, as a browser would read it. */
  link?: string;
}

/** A paragraph, or what stands in the place of one. */
export type TextBlock =
  | { type: 'paragraph' | 'heading' | 'quote'; spans: TextSpan[] }
  /** `number` is undefined in a list without numbers; `depth` is 0 in an outer list. */
  | { type: 'item'; spans: TextSpan[]; depth: number; number: number | undefined }
  | { type: 'code'; text: string };

/**
 * Markdown → blocks of plain texts with their looks, for media that have their own way of writing them: whoever
 * writes a block escapes its texts, and nothing of the author's data can become a mark there. HTML is text, of images
 * the alternative text stays, rows of tables are paragraphs with bars between the cells.
 */
export function markdownToBlocks(markdown: string): TextBlock[] {
  const reading: Reading = { blocks: [], lists: [], quotes: 0, heading: false, row: undefined, fresh: false };
  for (const token of markdownTokens(markdown)) readers[token.type]?.(reading, token);
  return reading.blocks;
}

interface Reading {
  blocks: TextBlock[];
  /** Lists that are open at this place, with the number of the next item. */
  lists: { nextNumber: number | undefined }[];
  quotes: number;
  heading: boolean;
  /** Cells of the row that is open. */
  row: TextSpan[][] | undefined;
  /** An item has begun, and its mark was not written yet. */
  fresh: boolean;
}

const readers: Record<string, (reading: Reading, token: Token) => void> = {
  inline: (reading, token) => addText(reading, spansOf(token.children ?? [])),
  fence: ({ blocks }, token) => void blocks.push({ type: 'code', text: token.content.replace(/\n$/, '') }),
  code_block: ({ blocks }, token) =>
    void blocks.push({ type: 'code', text: token.content.replace(/\n$/, '') }),
  heading_open: (reading) => void (reading.heading = true),
  heading_close: (reading) => void (reading.heading = false),
  blockquote_open: (reading) => void (reading.quotes += 1),
  blockquote_close: (reading) => void (reading.quotes -= 1),
  bullet_list_open: ({ lists }) => void lists.push({ nextNumber: undefined }),
  ordered_list_open: ({ lists }, token) =>
    void lists.push({ nextNumber: Number(token.attrGet('start') ?? 1) }),
  bullet_list_close: ({ lists }) => void lists.pop(),
  ordered_list_close: ({ lists }) => void lists.pop(),
  list_item_open: (reading) => void (reading.fresh = true),
  tr_open: (reading) => void (reading.row = []),
  tr_close: (reading) => {
    const cells = reading.row ?? [];
    const spans = cells.flatMap((cell, index) => (index === 0 ? cell : [{ text: ' | ' }, ...cell]));
    reading.row = undefined;
    reading.blocks.push({ type: 'paragraph', spans });
  },
};

function addText(reading: Reading, spans: TextSpan[]): void {
  const { blocks, lists, row } = reading;
  if (row !== undefined) {
    row.push(spans);
    return;
  }
  const list = lists.at(-1);
  if (list !== undefined && reading.fresh) {
    reading.fresh = false;
    blocks.push({ type: 'item', spans, depth: lists.length - 1, number: list.nextNumber });
    if (list.nextNumber !== undefined) list.nextNumber += 1;
    return;
  }
  blocks.push({ type: reading.heading ? 'heading' : reading.quotes > 0 ? 'quote' : 'paragraph', spans });
}

type Look = Omit<TextSpan, 'text'>;

const opened: Record<string, (token: Token) => Look> = {
  strong_open: () => ({ bold: true }),
  em_open: () => ({ italic: true }),
  s_open: () => ({ struck: true }),
  link_open: (token) => ({ link: String(token.attrGet('href') ?? '') }),
};

function spansOf(tokens: readonly Token[]): TextSpan[] {
  const spans: TextSpan[] = [];
  const looks: Look[] = [];
  for (const token of tokens) {
    const look = opened[token.type]?.(token);
    if (look !== undefined) looks.push(look);
    else if (/^(?:strong|em|s|link)_close$/.test(token.type)) looks.pop();
    else addSpan(spans, { ...Object.assign({}, ...looks), ...spanOf(token) });
  }
  return spans;
}

function spanOf(token: Token): TextSpan {
  if (token.type === 'softbreak' || token.type === 'hardbreak') return { text: '\n' };
  return token.type === 'code_inline' ? { text: token.content, code: true } : { text: token.content };
}

/** What looks alike is one piece. */
function addSpan(spans: TextSpan[], span: TextSpan): void {
  if (span.text === '') return;
  const last = spans.at(-1);
  if (last !== undefined && looksLike(last, span)) last.text += span.text;
  else spans.push(span);
}

function looksLike(a: TextSpan, b: TextSpan): boolean {
  return (['bold', 'italic', 'struck', 'code', 'link'] as const).every((look) => a[look] === b[look]);
}
