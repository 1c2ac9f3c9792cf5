import type { Action } from '../notifications/draft.ts';
import type { CompiledContent, TemplateContent } from './content.ts';
import type { ContentCache } from './cache.ts';
import { unsubscribeLinkMarker } from '../unsubscribe/link-marker.ts';
import { oneLine } from './escape.ts';
import { markdownToHtml } from './markdown.ts';
import type { Medium } from './escape.ts';
import type { TemplateProblem } from './problem.ts';
import { renderTemplate, surroundingsOf, type RenderContext, type Surroundings } from './render.ts';
import type { Template } from './template.ts';

/** Longest texts of a notification, the same as in the wire contracts: characters are code points. */
export const contentLimits = {
  titleLengthMax: 200,
  bodyBytesMax: 16_384,
  labelLengthMax: 100,
  urlLengthMax: 2_048,
} as const;

/** One notification to be rendered. Plain data: it crosses threads. */
export interface RenderRequest {
  content: TemplateContent;
  data: Readonly<Record<string, unknown>>;
  context: RenderContext;
}

/** The texts of one notification. */
export interface RenderedNotification {
  outcome: 'rendered';
  /** One line of plain text. */
  title: string;
  /** Markdown. */
  body: string;
  /** Without those whose label or URL came out empty, so that a template may leave one out by {{#if}}. */
  actions: Action[];
  url: string | undefined;
  icon: string | undefined;
  /** Variables that were to be shown and were absent or null: each once, in order. */
  missing: string[];
  /** Texts that were cut to their longest, by name. */
  cut: string[];
  /**
   * A whole page of HTML for mails, of contents with a layout for them. In it `unsubscribeLinkMarker` stands where the link
   * belongs that switches them off.
   */
  page?: string;
}

/** Why there is no text. `detail` is one sentence for the author of the template; it holds no value of the data. */
export interface RenderFailure {
  outcome: 'failed';
  code: 'template_error';
  detail: string;
  /** Where it does not compile; empty when it failed later. */
  problems: TemplateProblem[];
  /** The variables for which `onMissing: 'refuse'` refused it; empty when it failed otherwise. */
  missing: string[];
}

export type RenderResult = RenderedNotification | RenderFailure;

/** Renders the texts of one notification. Never throws: what goes wrong is the result. */
export function renderNotification(cache: ContentCache, request: RenderRequest): RenderResult {
  const compiled = cache.compiled(request.content);
  if (compiled.outcome === 'refused') {
    const [first] = compiled.problems;
    const where = first === undefined ? '' : ` (${first.source}, line ${first.line}, column ${first.column})`;
    return renderFailure(`${first?.detail ?? 'The template does not compile.'}${where}`, {
      problems: compiled.problems,
    });
  }
  try {
    return renderCompiled(compiled.content, request);
  } catch (error) {
    if (error instanceof TextFailed) return renderFailure(error.message);
    throw error;
  }
}

/** A failure with all that every failure has. */
export function renderFailure(
  detail: string,
  more: Partial<Pick<RenderFailure, 'problems' | 'missing'>> = {},
): RenderFailure {
  return { outcome: 'failed', code: 'template_error', detail, problems: [], missing: [], ...more };
}

/** Ends the rendering of one notification; caught above. */
class TextFailed extends Error {}

function renderCompiled(
  content: CompiledContent,
  { data, context }: Pick<RenderRequest, 'data' | 'context'>,
): RenderResult {
  const surroundings = surroundingsOf(data, context);
  const missing = new Set<string>();
  const cut: string[] = [];
  const render = (
    template: Template,
    medium: Medium,
    name: string,
    around?: { surroundings: Surroundings; content: string },
  ): string => {
    const rendered = renderTemplate(template, medium, around?.surroundings ?? surroundings, around?.content);
    if (rendered.outcome === 'failed') throw new TextFailed(`${rendered.detail} (${name})`);
    for (const path of rendered.missing) missing.add(path);
    return rendered.text;
  };
  const shorten = (text: string, name: string, lengthMax: number): string => {
    const short = cutCharacters(text, lengthMax);
    if (short !== text) cut.push(name);
    return short;
  };
  const link = (template: Template | undefined, name: string): string | undefined =>
    template === undefined ? undefined : checkedLink(render(template, 'url', name).trim(), name);

  const title = shorten(
    oneLine(render(content.title, 'text', 'title')),
    'title',
    contentLimits.titleLengthMax,
  );
  const wholeBody = render(content.body, 'markdown', 'body');
  const body = cutBytes(wholeBody, contentLimits.bodyBytesMax);
  if (body !== wholeBody) cut.push('body');
  const actions = content.actions.flatMap((action, index) => {
    const name = `actions.${index}.label`;
    const label = shorten(oneLine(render(action.label, 'text', name)), name, contentLimits.labelLengthMax);
    const url = link(action.url, `actions.${index}.url`);
    return label === '' || url === undefined ? [] : [{ ...action, label, url }];
  });
  const url = link(content.url, 'url');
  const icon = link(content.icon, 'icon');
  const page =
    content.mailLayout &&
    render(content.mailLayout, 'html', 'mail_layout', {
      surroundings: surroundingsOf(data, withRendered(context, { title, url: url ?? null, actions })),
      content: markdownToHtml(body),
    });
  if (missing.size > 0 && content.onMissing === 'refuse') {
    return renderFailure(`Data is missing: ${[...missing].join(', ')}.`, { missing: [...missing] });
  }
  if (title === '') return renderFailure('The title came out empty.', { missing: [...missing] });
  const texts = { title, body, actions, url, icon, missing: [...missing], cut };
  return { outcome: 'rendered', ...texts, ...(page !== undefined && { page }) };
}

/** What a layout stands around is known to it as a part of the notification. */
function withRendered(context: RenderContext, rendered: Readonly<Record<string, unknown>>): RenderContext {
  const notification = { ...context.notification, ...rendered, unsubscribe_url: unsubscribeLinkMarker };
  return { ...context, notification };
}

function cutCharacters(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const characters = Array.from(text);
  return characters.length <= lengthMax
    ? text
    : `${characters
        .slice(0, lengthMax - 1)
        .join('')
        .trimEnd()}…`;
}

/** Cut at the end of a line or a word, so that no address and no escape is cut in two. */
function cutBytes(text: string, bytesMax: number): string {
  // A UTF-16 unit takes at most three bytes.
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax) return text;
  const mark = '…';
  const kept = new TextDecoder().decode(Buffer.from(text).subarray(0, bytesMax - Buffer.byteLength(mark)), {
    stream: true,
  });
  const end = Math.max(kept.lastIndexOf('\n'), kept.lastIndexOf(' '));
  return `${kept.slice(0, end === -1 ? kept.length : end + 1)}${mark}`;
}

/** Empty is none. The rule is that of the wire contracts: http, https, mailto or a path of one's own origin. */
function checkedLink(url: string, name: string): string | undefined {
  if (url === '') return undefined;
  if (url.length > contentLimits.urlLengthMax)
    throw new TextFailed(`The address is longer than ${contentLimits.urlLengthMax} characters. (${name})`);
  if (!isLink(url)) {
    throw new TextFailed(
      `The address is no http, https or mailto URL and no path that begins with one /. (${name})`,
    );
  }
  return url;
}

function isLink(url: string): boolean {
  // Browsers read `/\host` as another origin.
  if (/[\s\\\p{Cc}]/u.test(url)) return false;
  if (url.startsWith('/')) return !url.startsWith('//');
  return /^(?:https?:\/\/|mailto:)/i.test(url) && URL.canParse(url);
}
