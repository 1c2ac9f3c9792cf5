import MarkdownIt, { type Token } from 'markdown-it';

/**
 * Markdown → HTML that is safe to put in a mail or a page: HTML in it is shown as text, links go to
 * http, https and mailto only, of images only the alternative text stays. Takes time in proportion to
 * the length, whatever the text.
 */
export function markdownToHtml(markdown: string): string {
  return markdownIt.render(markdown).trim();
}

/** Markdown → readable plain text: links keep their address, list items their mark, table cells a bar. */
export function markdownToText(markdown: string): string {
  return textOf(markdownTokens(markdown));
}

/** Both at once, which takes little more time than either. */
export function markdownToTextAndHtml(markdown: string): { text: string; html: string } {
  const tokens = markdownTokens(markdown);
  // The text first: writing HTML changes tokens.
  const text = textOf(tokens);
  return { text, html: markdownIt.renderer.render(tokens, markdownIt.options, {}).trim() };
}

function textOf(tokens: readonly Token[]): string {
  const lists: ListAround[] = [];
  const text = tokens.map((token) => blockTexts[token.type]?.(token, lists) ?? '');
  // Line by line, because a pattern for blanks at the end of a line takes quadratic time.
  const lines = text.join('').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** What Markdown consists of, for those that write it in words of their own; the same in all media. */
export function markdownTokens(markdown: string): Token[] {
  return markdownIt.parse(markdown, {});
}

const markdownIt = makeMarkdownIt();

function makeMarkdownIt() {
  const made = new MarkdownIt({ html: false, linkify: true, breaks: true });
  // What looks like an address becomes a link only if it says so itself; `node.js` is no host.
  made.linkify.set({ fuzzyLink: false });
  // Called with the address as a browser would read it, entities and escapes undone.
  made.validateLink = (url) => /^(?:https?:\/\/|mailto:)/i.test(url);
  made.renderer.rules.image = (tokens, index) => made.utils.escapeHtml(tokens[index]?.content ?? '');
  made.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
    tokens[index]?.attrSet('rel', 'noopener noreferrer');
    return renderer.renderToken(tokens, index, options);
  };
  return made;
}

/** A list that is open at this place; `nextNumber` is undefined when it has no numbers. */
interface ListAround {
  nextNumber: number | undefined;
}

/** What stands in the text for the tokens that are not listed here is nothing. */
const blockTexts: Record<string, (token: Token, lists: ListAround[]) => string> = {
  inline: (token) => inlineText(token.children ?? []),
  fence: (token) => `${token.content}\n`,
  code_block: (token) => `${token.content}\n`,
  hr: () => '---\n\n',
  bullet_list_open: (_token, lists) => openList(lists, undefined),
  ordered_list_open: (token, lists) => openList(lists, Number(token.attrGet('start') ?? 1)),
  bullet_list_close: (_token, lists) => closeList(lists),
  ordered_list_close: (_token, lists) => closeList(lists),
  list_item_open: (_token, lists) => itemMark(lists),
  th_close: () => ' | ',
  td_close: () => ' | ',
  tr_close: () => '\n',
  table_close: () => '\n\n',
  heading_close: () => '\n\n',
  paragraph_close: (_token, lists) => (lists.length > 0 ? '\n' : '\n\n'),
};

function openList(lists: ListAround[], nextNumber: number | undefined): string {
  lists.push({ nextNumber });
  return '';
}

function closeList(lists: ListAround[]): string {
  lists.pop();
  return lists.length === 0 ? '\n' : '';
}

function itemMark(lists: ListAround[]): string {
  const list = lists.at(-1);
  const indent = '  '.repeat(lists.length - 1);
  if (list?.nextNumber === undefined) return `${indent}- `;
  list.nextNumber += 1;
  return `${indent}${list.nextNumber - 1}. `;
}

function inlineText(tokens: readonly Token[]): string {
  let text = '';
  const links: { url: string; start: number }[] = [];
  for (const token of tokens) {
    if (token.type === 'link_open') {
      links.push({ url: String(token.attrGet('href') ?? ''), start: text.length });
    } else if (token.type === 'link_close') {
      const link = links.pop();
      if (link !== undefined) text += addressAfter(text.slice(link.start), link.url);
    } else {
      text += token.type === 'softbreak' || token.type === 'hardbreak' ? '\n' : token.content;
    }
  }
  return text;
}

/** Nothing where the label is the address. */
function addressAfter(label: string, url: string): string {
  return label === url || `mailto:${label}` === url ? '' : ` (${url})`;
}
