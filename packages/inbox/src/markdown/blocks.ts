import { parseInline, type Inline } from './inline.ts';

/** A part of a text that has lines of its own. */
export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; children: Inline[] }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'list'; start: number | undefined; items: Block[][] }
  | { type: 'code'; text: string }
  | { type: 'rule' };

/** So deep lists and quotes may be in each other; what is deeper is a paragraph. */
const depthMax = 6;

interface Lines {
  lines: readonly string[];
  at: number;
  depth: number;
}

const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const heading = /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const quote = /^ {0,3}> ?/;
const bullet = /^( {0,3})([-*+]|(\d{1,9})[.)])(?:[ \t]+|$)/;
const tableRule = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * Reads Markdown: paragraphs, headings, lists, quotes, code and rules. Tables are code: there is no room for them in a
 * bell, and as they are written they can be read. There is no HTML in it.
 */
export function parseMarkdown(text: string): Block[] {
  return parseLines(text.replaceAll(/\r\n?/g, '\n').split('\n'), 0);
}

function parseLines(lines: readonly string[], depth: number): Block[] {
  const reading: Lines = { lines, at: 0, depth };
  const blocks: Block[] = [];
  while (reading.at < lines.length) {
    const line = lines[reading.at] ?? '';
    if (line.trim() === '') reading.at += 1;
    else blocks.push(readBlock(reading, line));
  }
  return blocks;
}

function readBlock(reading: Lines, line: string): Block {
  if (fence.test(line)) return readFence(reading, line);
  if (rule.test(line)) {
    reading.at += 1;
    return { type: 'rule' };
  }
  const title = heading.exec(line);
  if (title !== null) {
    reading.at += 1;
    return { type: 'heading', children: parseInline(title[1] ?? '') };
  }
  if (reading.depth < depthMax) {
    if (quote.test(line)) return readQuote(reading);
    if (bullet.test(line)) return readList(reading);
  }
  if (isTable(reading)) return readTable(reading);
  return readParagraph(reading);
}

function readFence(reading: Lines, line: string): Block {
  const mark = fence.exec(line)?.[1] ?? '```';
  const text: string[] = [];
  reading.at += 1;
  for (; reading.at < reading.lines.length; reading.at += 1) {
    const next = reading.lines[reading.at] ?? '';
    const closing = fence.exec(next);
    if (closing?.[1]?.startsWith(mark) === true && closing[2]?.trim() === '') {
      reading.at += 1;
      break;
    }
    text.push(next);
  }
  return { type: 'code', text: text.join('\n') };
}

function readQuote(reading: Lines): Block {
  const lines: string[] = [];
  for (; reading.at < reading.lines.length; reading.at += 1) {
    const line = reading.lines[reading.at] ?? '';
    if (!quote.test(line) && (line.trim() === '' || isBegin(line))) break;
    lines.push(line.replace(quote, ''));
  }
  return { type: 'quote', blocks: parseLines(lines, reading.depth + 1) };
}

function readList(reading: Lines): Block {
  const first = bullet.exec(reading.lines[reading.at] ?? '');
  const start = first?.[3] === undefined ? undefined : Number(first[3]);
  const items: Block[][] = [];
  while (reading.at < reading.lines.length) {
    const found = bullet.exec(reading.lines[reading.at] ?? '');
    if (found === null || (found[3] === undefined) !== (start === undefined)) break;
    items.push(parseLines(readItem(reading, found[0].length), reading.depth + 1));
  }
  return { type: 'list', start, items };
}

/** The lines of one item: what is indented belongs to it, and lines that go on its paragraph. */
function readItem(reading: Lines, indent: number): string[] {
  const all = reading.lines;
  const lines = [(all[reading.at] ?? '').slice(indent)];
  reading.at += 1;
  for (; reading.at < all.length; reading.at += 1) {
    const line = all[reading.at] ?? '';
    if (endsItem(line, all[reading.at + 1] ?? '', lines.at(-1) ?? '')) break;
    lines.push(isIndented(line) ? line.slice(Math.min(indent, line.search(/\S|$/))) : line);
  }
  // An empty line between items does not end the list.
  if (all[reading.at]?.trim() === '' && bullet.test(all[reading.at + 1] ?? '')) reading.at += 1;
  return lines;
}

const isIndented = (line: string): boolean => line.slice(0, 2).trim() === '';

function endsItem(line: string, next: string, before: string): boolean {
  if (line.trim() === '') return !/^ {2,}\S/.test(next);
  return !isIndented(line) && (isBegin(line) || before.trim() === '');
}

function isTable({ lines, at }: Lines): boolean {
  const [head = '', mark = ''] = [lines[at], lines[at + 1]];
  return head.includes('|') && mark.includes('|') && tableRule.test(mark);
}

function readTable(reading: Lines): Block {
  const from = reading.at;
  while ((reading.lines[reading.at] ?? '').includes('|')) reading.at += 1;
  return { type: 'code', text: reading.lines.slice(from, reading.at).join('\n') };
}

function readParagraph(reading: Lines): Block {
  const lines: string[] = [];
  for (; reading.at < reading.lines.length; reading.at += 1) {
    const line = reading.lines[reading.at] ?? '';
    if (line.trim() === '' || (lines.length > 0 && isBegin(line) && reading.depth < depthMax)) break;
    lines.push(line.trim());
  }
  return { type: 'paragraph', children: parseInline(lines.join('\n')) };
}

/** Whether a line begins something that ends a paragraph. */
function isBegin(line: string): boolean {
  return [fence, heading, rule, quote, bullet].some((pattern) => pattern.test(line));
}
