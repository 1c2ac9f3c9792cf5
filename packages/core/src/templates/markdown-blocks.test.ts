import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapers } from './escape.ts';
import { markdownToBlocks, type TextBlock } from './markdown-blocks.ts';

const markdownMarks = 'a1 *_~`[]()<>!|\\#-+.:/&@'.split('');

describe('markdownToBlocks', () => {
  it.each<{ name: string; markdown: string; expected: TextBlock[] }>([
    { name: 'nothing', markdown: '', expected: [] },
    {
      name: 'looks, one in the other',
      markdown: 'a **b *c*** ~~d~~ `e` f',
      expected: [
        {
          type: 'paragraph',
          spans: [
            { text: 'a ' },
            { text: 'b ', bold: true },
            { text: 'c', bold: true, italic: true },
            { text: ' ' },
            { text: 'd', struck: true },
            { text: ' ' },
            { text: 'e', code: true },
            { text: ' f' },
          ],
        },
      ],
    },
    {
      name: 'links, and none of a scheme that is not allowed',
      markdown: '[a](https://a.example) https://b.example [c](javascript:x)',
      expected: [
        {
          type: 'paragraph',
          spans: [
            { text: 'a', link: 'https://a.example' },
            { text: ' ' },
            { text: 'https://b.example', link: 'https://b.example' },
            { text: ' [c](javascript:x)' },
          ],
        },
      ],
    },
    {
      name: 'lists in lists',
      markdown: '3. a\n   - b\n4. c',
      expected: [
        { type: 'item', depth: 0, number: 3, spans: [{ text: 'a' }] },
        { type: 'item', depth: 1, number: undefined, spans: [{ text: 'b' }] },
        { type: 'item', depth: 0, number: 4, spans: [{ text: 'c' }] },
      ],
    },
    {
      name: 'headings, quotes, code, breaks and images',
      markdown: '# A\n\n> b\nc\n\n```\nd\n```\n\n![e](https://e.example/e.png)',
      expected: [
        { type: 'heading', spans: [{ text: 'A' }] },
        { type: 'quote', spans: [{ text: 'b\nc' }] },
        { type: 'code', text: 'd' },
        { type: 'paragraph', spans: [{ text: 'e' }] },
      ],
    },
    {
      name: 'tables',
      markdown: '| a | b |\n|---|---|\n| **c** | d |',
      expected: [
        { type: 'paragraph', spans: [{ text: 'a' }, { text: ' | ' }, { text: 'b' }] },
        { type: 'paragraph', spans: [{ text: 'c', bold: true }, { text: ' | ' }, { text: 'd' }] },
      ],
    },
    {
      name: 'HTML as text',
      markdown: '<b>x</b>',
      expected: [{ type: 'paragraph', spans: [{ text: '<b>x</b>' }] }],
    },
  ])('reads $name', ({ markdown, expected }) => expect(markdownToBlocks(markdown)).toEqual(expected));

  it('gives back what a template wrote of data, without a look of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...markdownMarks) }), (data) => {
        const blocks = markdownToBlocks(`x${escapers.markdown(data, 'text')}`);
        expect(blocks).toEqual([{ type: 'paragraph', spans: [{ text: expect.stringMatching(/^x/) }] }]);
      }),
      { numRuns: 500 },
    );
  });
});
