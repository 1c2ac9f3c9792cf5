import { Fragment, h, type ComponentChildren, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';

/** What rendered Markdown is made of; anything else shows its text alone. */
const elements = new Set([
  ...['p', 'br', 'hr', 'strong', 'em', 'del', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'span', 'div'],
]);
const dropped = new Set(['script', 'style', 'template', 'iframe', 'object', 'svg', 'math', 'title']);

/**
 * HTML that was rendered from Markdown, built anew of the elements that Markdown has: no attribute stays but the
 * address of a link. The server has made it harmless already; this is the second wall. Pictures become links.
 */
export function SafeHtml({ html }: { html: string }) {
  const nodes = useMemo(() => {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    return childrenOf(parsed.body, 0);
  }, [html]);
  return <div class="rendered">{nodes}</div>;
}

/** Deeper than any text of a person; what lies deeper is left out. */
const depthMax = 40;

function childrenOf(node: Node, depth: number): ComponentChildren {
  if (depth > depthMax) return null;
  return [...node.childNodes].map((child, index) => (
    <Fragment key={index}>{built(child, depth + 1)}</Fragment>
  ));
}

function built(node: Node, depth: number): VNode | string | null {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (dropped.has(name)) return null;
  if (name === 'img') return linkTo(node.getAttribute('src'), node.getAttribute('alt') ?? 'picture');
  if (name === 'a') return linkTo(node.getAttribute('href'), childrenOf(node, depth));
  if (!elements.has(name)) return <>{childrenOf(node, depth)}</>;
  if (name === 'br' || name === 'hr') return h(name, null);
  return h(name, null, childrenOf(node, depth));
}

function linkTo(address: string | null, children: ComponentChildren): VNode {
  const href = address ?? '';
  if (!/^(?:https?:|mailto:)/i.test(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
