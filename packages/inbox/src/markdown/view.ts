import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../safe-url.ts';
import { parseMarkdown, type Block } from './blocks.ts';
import type { Inline } from './inline.ts';

/**
 * Markdown as elements. Nothing of the text is ever read as HTML: each part of it becomes the text of an element
 * that is named here. Links lead to http, https and mailto only, those to other sites in a new tab.
 */
export function viewMarkdown(markdown: string, base: string): TemplateResult {
  return html`${parseMarkdown(markdown).map((block) => viewBlock(block, base))}`;
}

function viewBlock(block: Block, base: string): TemplateResult {
  switch (block.type) {
    case 'paragraph':
      return html`<p dir="auto">${viewInlines(block.children, base)}</p>`;
    case 'heading':
      // No heading of the page: its levels belong to the page and to the days.
      return html`<p dir="auto"><strong>${viewInlines(block.children, base)}</strong></p>`;
    case 'quote':
      return html`<blockquote>${viewBlocks(block.blocks, base)}</blockquote>`;
    case 'list':
      return viewList(block, base);
    case 'code':
      return html`<pre dir="ltr" tabindex="0"><code>${block.text}</code></pre>`;
    default:
      return html`<hr />`;
  }
}

function viewBlocks(blocks: readonly Block[], base: string): TemplateResult[] {
  return blocks.map((block) => viewBlock(block, base));
}

function viewList({ start, items }: Block & { type: 'list' }, base: string): TemplateResult {
  const views = items.map((blocks) => html`<li>${viewBlocks(blocks, base)}</li>`);
  return start === undefined
    ? html`<ul>
        ${views}
      </ul>`
    : html`<ol start=${start}>
        ${views}
      </ol>`;
}

function viewInlines(inlines: readonly Inline[], base: string): unknown[] {
  return inlines.map((inline) => viewInline(inline, base));
}

function viewInline(inline: Inline, base: string): unknown {
  if (typeof inline === 'string') return inline;
  switch (inline.type) {
    case 'strong':
      return html`<strong>${viewInlines(inline.children, base)}</strong>`;
    case 'em':
      return html`<em>${viewInlines(inline.children, base)}</em>`;
    case 'del':
      return html`<del>${viewInlines(inline.children, base)}</del>`;
    case 'code':
      return html`<code dir="ltr">${inline.text}</code>`;
    case 'link':
      return viewLink(inline, base);
    default:
      return html`<br />`;
  }
}

type Link = Extract<Inline, { type: 'link' }>;

function viewLink({ url, children }: Link, base: string): unknown {
  const href = safeUrl(url, base);
  if (href === undefined) return viewInlines(children, base);
  const isOutside = new URL(href).origin !== new URL(base).origin;
  return html`<a href=${href} rel="noopener noreferrer" target=${isOutside ? '_blank' : nothing}
    >${viewInlines(children, base)}</a
  >`;
}
