import type { Action, ActionType } from '../notifications/draft.ts';
import { compileAround, compileTemplate, type Compiled, type Template } from './template.ts';
import { templateLimits, type TemplateProblem } from './problem.ts';

/** What is to be done about variables that are absent: print nothing and say so, or refuse the notification. */
export type OnMissing = 'empty' | 'refuse';

/** The sources of one variant of a template version with all that they name. Plain data: it crosses threads. */
export interface TemplateContent {
  /** One line of plain text. */
  title: string;
  /** Markdown. */
  body: string;
  actions?: readonly Action[];
  url?: string | undefined;
  icon?: string | undefined;
  /** Sources that `{{> name}}` may name, by name. */
  partials?: Readonly<Record<string, string>>;
  /** Source around the body; `{{> @content}}` in it is where the body stands. */
  layout?: string | undefined;
  /** HTML around the body for mails, as `compileMailLayout` made it; then the notification has a page, too. */
  mailLayout?: string | undefined;
  onMissing?: OnMissing;
}

/** A content ready to be rendered. */
export interface CompiledContent {
  title: Template;
  body: Template;
  actions: readonly { label: Template; url: Template; type?: ActionType }[];
  url: Template | undefined;
  icon: Template | undefined;
  mailLayout: Template | undefined;
  onMissing: OnMissing;
}

export type CompiledContentResult =
  | { outcome: 'compiled'; content: CompiledContent }
  | { outcome: 'refused'; problems: TemplateProblem[] };

/** Compiles every text of a content; all problems are told together, in the order of the texts. */
export function compileContent(content: TemplateContent): CompiledContentResult {
  const problems: TemplateProblem[] = [];
  const { partials = {}, onMissing = 'empty' } = content;
  const orBlank = (compiled: Compiled): Template => {
    if (compiled.outcome === 'compiled') return compiled.template;
    problems.push(...compiled.problems);
    return blank;
  };
  const compile = (text: string, source: string, layout?: string): Template =>
    orBlank(compileTemplate(text, { source, partials, layout }));
  const compilePage = (html: string): Template =>
    orBlank(compileAround(html, { source: 'mail_layout', bytesMax: templateLimits.mailLayoutBytesMax }));
  const optional = (text: string | undefined, source: string): Template | undefined =>
    text === undefined || text === '' ? undefined : compile(text, source);
  const compiled: CompiledContent = {
    title: compile(content.title, 'title'),
    body: compile(content.body, 'body', content.layout),
    actions: (content.actions ?? []).map(({ label, url, ...rest }, index) => ({
      ...rest,
      label: compile(label, `actions.${index}.label`),
      url: compile(url, `actions.${index}.url`),
    })),
    url: optional(content.url, 'url'),
    icon: optional(content.icon, 'icon'),
    mailLayout: content.mailLayout === undefined ? undefined : compilePage(content.mailLayout),
    onMissing,
  };
  return problems.length === 0
    ? { outcome: 'compiled', content: compiled }
    : { outcome: 'refused', problems };
}

const blank: Template = { print: () => undefined, variables: [], nodes: 0 };

/** What publish asks of a content: the problems of its texts and what data it reads. */
export interface ContentCheck {
  problems: TemplateProblem[];
  /** Paths of the data and the context that it reads, sorted. */
  variables: string[];
}

/** Compiles a content for what can be said about it. */
export function checkContent(content: TemplateContent): ContentCheck {
  const result = compileContent(content);
  if (result.outcome === 'refused') return { problems: withoutRepeats(result.problems), variables: [] };
  const variables = new Set(templatesOf(result.content).flatMap((template) => template.variables));
  return { problems: [], variables: [...variables].sort() };
}

/** All texts of a content. */
export function templatesOf({ title, body, actions, url, icon, mailLayout }: CompiledContent): Template[] {
  const optional = [url, icon, mailLayout].filter((template) => template !== undefined);
  return [title, body, ...actions.flatMap((action) => [action.label, action.url]), ...optional];
}

/** A partial that is used by several texts has its problems once. */
function withoutRepeats(problems: readonly TemplateProblem[]): TemplateProblem[] {
  const known = new Set<string>();
  return problems.filter(({ source, line, column, code }) => {
    const key = `${source} ${line} ${column} ${code}`;
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}
