import { markdownToBlocks, neutralise, type TextBlock, type TextSpan } from '@carillon/core';
import type { Message } from './adapter.ts';
import { oneLine } from './message-links.ts';

/** What stands where a text was cut. */
const ellipsis = '…';

/** The title of a message as plain text in one line, without what a reader cannot see and is misled by. */
export function titleOf({ title }: Pick<Message, 'title'>, charsMax: number): string {
  return cutText(oneLine(neutralise(title)), charsMax);
}

/**
 * The body of a message in blocks, with at most `charsMax` characters (UTF-16 units) of text and of marks of lists;
 * what is longer ends in "…". Characters that hide or reorder text are taken away.
 */
export function blocksOf({ notification }: Pick<Message, 'notification'>, charsMax: number): TextBlock[] {
  const blocks: TextBlock[] = [];
  let room = charsMax;
  for (const block of markdownToBlocks(neutralise(notification.body))) {
    if (isEmpty(block)) continue;
    const kept = cutBlock(block, room);
    blocks.push(kept.block);
    if (kept.isCut) break;
    room -= kept.length + marksOf(block);
  }
  return blocks;
}

/** At most `charsMax` UTF-16 units, never half a character; what is longer ends in "…". */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const kept = text.slice(0, Math.max(charsMax - ellipsis.length, 0));
  // A high surrogate without its other half.
  return `${kept.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}${ellipsis}`;
}

function isEmpty(block: TextBlock): boolean {
  return block.type === 'code' ? block.text === '' : block.spans.length === 0;
}

/** Characters that a medium may write around a block: a break, and before items an indent and a mark. */
function marksOf(block: TextBlock): number {
  return block.type === 'item' ? 12 + 2 * block.depth : 2;
}

function cutBlock(block: TextBlock, charsMax: number): { block: TextBlock; length: number; isCut: boolean } {
  if (block.type === 'code') {
    const text = cutText(block.text, charsMax);
    return { block: { ...block, text }, length: text.length, isCut: text !== block.text };
  }
  const spans: TextSpan[] = [];
  let length = 0;
  for (const span of block.spans) {
    const text = cutText(span.text, charsMax - length);
    spans.push({ ...span, text });
    length += text.length;
    if (text !== span.text) return { block: { ...block, spans }, length, isCut: true };
  }
  return { block: { ...block, spans }, length, isCut: false };
}
