import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A whole mail, as a mail program would show it: in a frame in which no script runs. The policy of the console lets no
 * style stand in a page, so styles are taken out of the text and set by the object model, which that policy allows.
 * Nothing is fetched: pictures from outside stay away.
 */
export function MailFrame({ html, title }: { html: string; title: string }) {
  const ref = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(320);
  useEffect(() => {
    const inside = ref.current?.contentDocument;
    if (inside == null) return;
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    fill(inside, parsed);
    setHeight(Math.min(Math.max(inside.documentElement.scrollHeight, 160), 1_200));
  }, [html]);
  // Same origin, so that its content can be set; without scripts, so that nothing in it can act.
  return <iframe ref={ref} class="mail-frame" sandbox="allow-same-origin" title={title} height={height} />;
}

function fill(inside: Document, parsed: Document): void {
  const view = inside.defaultView;
  if (view === null) return;
  const sheets = [...parsed.querySelectorAll('style')].map((style) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(style.textContent ?? '');
    return sheet;
  });
  for (const unwanted of parsed.querySelectorAll('script, style, link, base, meta, iframe, object')) {
    unwanted.remove();
  }
  const styles = takeStyles(parsed.documentElement);
  const root = inside.importNode(parsed.documentElement, true);
  for (const [index, element] of [root, ...root.querySelectorAll('*')].entries()) {
    const style = styles[index] ?? '';
    if (style !== '' && hasStyle(element)) element.style.cssText = style;
  }
  inside.replaceChild(root, inside.documentElement);
  inside.adoptedStyleSheets = sheets;
}

/** Takes the attributes away that styles and handlers stand in; answers the styles, element by element. */
function takeStyles(root: Element): string[] {
  return [root, ...root.querySelectorAll('*')].map((element) => {
    const style = element.getAttribute('style') ?? '';
    for (const { name } of [...element.attributes]) {
      if (name === 'style' || name.startsWith('on')) element.removeAttribute(name);
    }
    return style;
  });
}

/** Elements of another document are of other classes: asked for what is needed. */
function hasStyle(element: Element): element is Element & ElementCSSInlineStyle {
  return 'style' in element;
}
