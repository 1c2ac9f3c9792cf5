import { useEffect, useRef, useState } from 'preact/hooks';
import { setStylesAside } from './set-aside.ts';

/** Heights between which a frame fits its mail, in pixels; what is longer is scrolled. */
const heights = { min: 160, max: 1_200 };

/**
 * A whole mail, as a mail program would show it: in a frame in which no script runs. The policy of the console lets no
 * style stand in a page, so styles are taken out of the text and set by the object model, which that policy allows.
 * Nothing is fetched: pictures from outside stay away.
 */
export function MailFrame({ html, title }: { html: string; title: string }) {
  const ref = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(heights.min);
  useEffect(() => {
    const inside = ref.current?.contentDocument;
    if (inside == null) return;
    fill(inside, html);
    setHeight(Math.min(Math.max(inside.documentElement.scrollHeight, heights.min), heights.max));
  }, [html]);
  // Same origin, so that its content can be set; without scripts, so that nothing in it can act.
  return <iframe ref={ref} class="mail-frame" sandbox="allow-same-origin" title={title} height={height} />;
}

const unwanted = 'script, style, link, base, meta, iframe, object, embed, form';

function fill(inside: Document, page: string): void {
  const view = inside.defaultView;
  if (view === null) return;
  const { html, sheets } = setStylesAside(page);
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of parsed.querySelectorAll(unwanted)) element.remove();
  const root = inside.importNode(parsed.documentElement, true);
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) if (name.startsWith('on')) element.removeAttribute(name);
    const style = element.getAttribute('data-style');
    if (style !== null && hasStyle(element)) element.style.cssText = style;
  }
  inside.replaceChild(root, inside.documentElement);
  inside.adoptedStyleSheets = sheets.map((css) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
}

/** Elements of another document are of other classes: asked for what is needed. */
function hasStyle(element: Element): element is Element & ElementCSSInlineStyle {
  return 'style' in element;
}
