import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** What a page is given by its address. */
export interface PageProps {
  /** Parameters of its pattern. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

interface HeadProps {
  title: string;
  /** One sentence: what can be done here. */
  lead?: ComponentChildren;
  /** A link to where this belongs. */
  above?: ComponentChildren;
  /** Buttons. */
  children?: ComponentChildren;
}

/** The top of a page. Names the page for the browser too. */
export function PageHead({ title, lead, above, children }: HeadProps) {
  useEffect(() => {
    document.title = `${title} · Carillon`;
  }, [title]);
  return (
    <header class="page-head">
      <div>
        {above !== undefined && <p class="above">{above}</p>}
        <h1 tabIndex={-1}>{title}</h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
      </div>
      {children !== undefined && <div class="row">{children}</div>}
    </header>
  );
}

interface PanelProps {
  title?: string;
  /** Beside the title. */
  tools?: ComponentChildren;
  /** Without space around: for tables. */
  flush?: boolean;
  children: ComponentChildren;
}

/** A part of a page. */
export function Panel({ title, tools, flush = false, children }: PanelProps) {
  return (
    <section class="panel">
      {(title !== undefined || tools !== undefined) && (
        <header>
          {title !== undefined && <h2>{title}</h2>}
          {tools !== undefined && <div class="row">{tools}</div>}
        </header>
      )}
      <div class={flush ? 'inside flush' : 'inside'}>{children}</div>
    </section>
  );
}

/** Names and values; what is undefined is left out. */
export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [<dt key={`${name}?`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  );
}

/** What stands where there is nothing, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
