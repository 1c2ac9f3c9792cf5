import { describe, expect, it } from '@jest/globals';
import { markdownToHtml } from '@carillon/core';
import fc from 'fast-check';
import { parseMarkdown, type Block } from './blocks.ts';
import { textOf, type Inline } from './inline.ts';

/** As the renderer of mails writes it, to compare. */
function toHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('');
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p>${inlineHtml(block.children)}</p>`;
    case 'heading':
      return `<h>${inlineHtml(block.children)}</h>`;
    case 'quote':
      return `<blockquote>${toHtml(block.blocks)}</blockquote>`;
    case 'list': {
      const items = block.items.map((item) => `<li>${toHtml(item)}</li>`).join('');
      return block.start === undefined ? `<ul>${items}</ul>` : `<ol>${items}</ol>`;
    }
    case 'code':
      return `<pre><code>${escape(block.text)}</code></pre>`;
    default:
      return '<hr>';
  }
}

function inlineHtml(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (typeof inline === 'string') return escape(inline);
      if (inline.type === 'break') return '<br>';
      if (inline.type === 'code') return `<code>${escape(inline.text)}</code>`;
      const inner = inlineHtml(inline.children);
      if (inline.type !== 'link') return `<${tags[inline.type]}>${inner}</${tags[inline.type]}>`;
      return /^(https?:|mailto:)/i.test(inline.url) ? `<a href="${escape(inline.url)}">${inner}</a>` : inner;
    })
    .join('');
}

const tags = { strong: 'strong', em: 'em', del: 's' } as const;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Mails have paragraphs of tight lists without their tags and classes at code. */
function normal(html: string): string {
  return html
    .replaceAll(/\n/g, '')
    .replaceAll(/<(\/?)h\d>/g, '<$1h>')
    .replaceAll(/<ol [^>]*>/g, '<ol>')
    .replaceAll(/<code [^>]*>/g, '<code>')
    .replaceAll(/ rel="[^"]*"| title="[^"]*"/g, '')
    .replaceAll(/<li>(?:<p>)?/g, '<li>')
    .replaceAll(/<\/p>(?=<\/li>|<ul>|<ol>)/g, '')
    .replaceAll(/(?<=<\/li>|<li>)<p>/g, '');
}

const samples = [
  'All **12** databases are safe.',
  'A *star*, an _underline_, a __bold__ and a ***both***.',
  'snake_case_name and 2 * 3 * 4 stay',
  '~~gone~~ and ~not~',
  'Use `a < b` and ``a ` b``.',
  'A [link](https://example.com/a?b=1&c=2), [with title](https://example.com "t").',
  'A [mail](mailto:ada@example.com) and [a **bold** link](http://example.com).',
  'Bare https://example.com/x. And <https://example.com/y>!',
  '[no](javascript:alert(1)) and [no](data:text/html,x) and [no](//example.com)',
  'An ![image](https://example.com/a.png) is its text.',
  '<b>HTML</b> & <script>alert(1)</script> is text.',
  'Escapes \\*not\\* \\[x\\] \\\\ and &amp; &lt; &copy;',
  'line one\nline two',
  'one\n\ntwo',
  '# Heading\n\ntext',
  '## Heading ##',
  '- one\n- two\n- three',
  '1. one\n2. two',
  '* one\n  * inner\n* two',
  '- a\n\n  b',
  '> quoted\n> twice\n\nafter',
  '> - list in quote',
  '```js\nlet a = "<b>";\n```',
  '```\nnever closed',
  'before\n\n---\n\nafter',
  'a * b * c ** d',
  '**unclosed',
  '[unclosed](',
  '[a] [b](x',
  '**bold *and em* more**',
  'text\n- list right after',
  '[a [b](https://example.com) c](https://example.org)',
];

describe('Markdown in the inbox', () => {
  it.each(samples.map((text) => ({ name: JSON.stringify(text), text })))(
    'says of $name what mails say of it',
    ({ text }) => {
      expect(normal(toHtml(parseMarkdown(text)))).toBe(normal(markdownToHtml(text)));
    },
  );

  it('shows tables as they are written', () => {
    const table = '| a | b |\n| - | - |\n| 1 | **2** |';
    expect(parseMarkdown(`before\n\n${table}\n\nafter`)[1]).toEqual({ type: 'code', text: table });
  });

  it('takes any text, and keeps all letters of plain ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        parseMarkdown(text);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ,.]{1,80}$/), (text) => {
        const [block] = parseMarkdown(text);
        const said = block?.type === 'paragraph' ? textOf(block.children) : '';
        expect(said).toBe(text.trim());
      }),
    );
  });

  it.each([
    '[',
    ']',
    '*',
    '**a',
    '_',
    '`',
    '``a',
    '>',
    '- ',
    '![',
    '<',
    '&',
    '~~',
    '(',
    '[a](',
    '*_',
    '> - ',
  ])('takes no longer for 16 kB of %j than for other texts', (part) => {
    const startedAt = performance.now();
    parseMarkdown(part.repeat(16_384 / part.length));
    parseMarkdown(`${part}\n`.repeat(16_384 / (part.length + 1)));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
