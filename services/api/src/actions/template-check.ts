import { checkDataSchema, compileDataSchema } from '@carillon/contracts';
import { InvalidError, type FieldError, type TemplateContent, type TemplateProblem } from '@carillon/core';
import {
  loadPartials,
  loadTemplatePart,
  type Database,
  type TemplateVariant,
  type TemplateVersionRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';

/** The sources around a version's texts: those of its publishing, or for a draft those of this moment. */
export interface VersionSources {
  partials: Record<string, string>;
  /** Undefined without a layout, and when there is none of that key. */
  layoutSource: string | undefined;
  /** As HTML; undefined without a layout for mails, and when there is none of that key. */
  mailLayoutHtml: string | undefined;
}

/** What of a version its checks and its rendering need, stored or not. */
export type VersionTexts = Omit<TemplateVersionRecord, 'template_id' | 'created_by' | 'created_at'>;

/** Of all partials only those that the version names, directly or through others. */
export async function loadSources(db: Database, version: VersionTexts): Promise<VersionSources> {
  if (version.published_at !== null) {
    const { partials, layout_source: layoutSource, mail_layout_html: mailLayoutHtml } = version;
    return { partials, layoutSource: layoutSource ?? undefined, mailLayoutHtml: mailLayoutHtml ?? undefined };
  }
  const { organization_id: organizationId, layout, mail_layout: mailLayout, variants } = version;
  const partials = await loadPartials(db, organizationId);
  const load = async (part: 'layout' | 'mail_layout', key: string | null) =>
    key === null ? undefined : loadTemplatePart(db, organizationId, { part, key });
  const part = await load('layout', layout);
  const mailPart = await load('mail_layout', mailLayout);
  const texts = variants.flatMap((one) => [
    ...[one.title, one.body, one.url ?? '', one.icon ?? ''],
    ...one.actions.flatMap((action) => [action.label, action.url]),
  ]);
  return {
    partials: namedIn([...texts, part?.source ?? ''], partials),
    ...{ layoutSource: part?.source, mailLayoutHtml: mailPart?.html ?? undefined },
  };
}

/** What looks like the use of a partial; one too many does no harm. */
const partialTag = /\{\{~?#?>\s*([a-z][a-z0-9_-]*)/g;

function namedIn(sources: readonly string[], partials: Record<string, string>): Record<string, string> {
  const named: Record<string, string> = {};
  const open = [...sources];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const [, name = ''] of source.matchAll(partialTag)) {
      const partial = Object.hasOwn(partials, name) ? partials[name] : undefined;
      if (partial === undefined || Object.hasOwn(named, name)) continue;
      named[name] = partial;
      open.push(partial);
    }
  }
  return named;
}

/** One wording of a version as the render pool takes it; with the layout for mails where it is for one. */
export function toContent(
  variant: TemplateVariant,
  { partials, layoutSource, mailLayoutHtml }: VersionSources,
  { onMissing, isMail }: { onMissing: 'empty' | 'refuse'; isMail: boolean },
): TemplateContent {
  const { title, body, actions, url, icon } = variant;
  return {
    ...{ title, body, actions, url: url ?? undefined, icon: icon ?? undefined },
    ...{ partials, layout: layoutSource, onMissing },
    ...(isMail && { mailLayout: mailLayoutHtml }),
  };
}

/**
 * Looks through a version as publishing asks; answers the variables that it reads, sorted. Throws InvalidError that
 * points into the version: for texts that do not compile with line and column.
 */
export async function checkVersion(
  { renderPool }: Pick<ApiDeps, 'renderPool'>,
  version: TemplateVersionRecord,
  sources: VersionSources,
): Promise<string[]> {
  const errors: FieldError[] = [];
  if (version.layout !== null && sources.layoutSource === undefined) {
    errors.push({ pointer: '/layout', detail: `there is no layout "${version.layout}"` });
  }
  if (version.mail_layout !== null && sources.mailLayoutHtml === undefined) {
    errors.push({ pointer: '/mail_layout', detail: `there is no layout for mails "${version.mail_layout}"` });
  }
  const variables = new Set<string>();
  for (const [index, variant] of version.variants.entries()) {
    const isMail = variant.kind === '' || variant.kind === 'email';
    const content = toContent(variant, sources, { onMissing: version.on_missing, isMail });
    const checked = await renderPool.check(content);
    for (const variable of checked.variables) variables.add(variable);
    errors.push(...checked.problems.map((problem) => toFieldError(problem, `/variants/${index}`)));
  }
  if (errors.length > 0) throw doesNotCompile(errors);
  checkData(version);
  return [...variables].sort();
}

function checkData({ data_schema: schema, sample_data: sample }: TemplateVersionRecord): void {
  if (schema === null) return;
  const wrong = checkDataSchema(schema, '/data_schema');
  if (wrong.length > 0) {
    throw new InvalidError('template.schema_invalid', whereAndWhat(wrong), { errors: wrong });
  }
  const unfit = Object.keys(sample).length === 0 ? [] : compileDataSchema(schema)(sample, '/sample_data');
  if (unfit.length > 0) {
    throw new InvalidError('template.data_invalid', whereAndWhat(unfit), { errors: unfit });
  }
}

const errorsShown = 20;

/** What the wordings share (partials, layout) is told once. */
export function doesNotCompile(found: readonly FieldError[]): InvalidError {
  const places = new Map(found.map((one) => [`${one.pointer} ${one.line} ${one.column} ${one.detail}`, one]));
  const errors = [...places.values()].slice(0, errorsShown);
  return new InvalidError('template.syntax', whereAndWhat(errors), { errors });
}

function whereAndWhat([first]: readonly FieldError[]): string {
  if (first === undefined) return 'The template cannot be used';
  const { pointer, line, column, detail } = first;
  const place = line === undefined ? '' : `, line ${line}, column ${column ?? 1}`;
  return `${pointer}${place}: ${detail}`;
}

/** A problem as a place of the version; `variant` is the pointer of the wording that was compiled. */
export function toFieldError(problem: TemplateProblem, variant: string): FieldError {
  const { source, detail, line, column } = problem;
  const path = source.replaceAll('.', '/');
  const isShared = source === 'layout' || source === 'mail_layout' || source.startsWith('partials.');
  return { pointer: isShared ? `/${path}` : `${variant}/${path}`, detail, line, column };
}
