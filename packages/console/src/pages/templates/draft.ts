import { CarillonError, type Body, type TemplateVersion } from '@carillon/client';
import { readJsonObject, type ReadJson } from './json-text.ts';

export type Wording = TemplateVersion['variants'][number];

/** A version as an editor holds it: JSON is text, which may be wrong while it is typed. */
export interface Draft {
  wordings: readonly Wording[];
  /** Keys; empty for none. */
  layout: string;
  mailLayout: string;
  onMissing: TemplateVersion['on_missing'];
  /** Empty for none. */
  schema: string;
  sample: string;
}

export const emptyWording: Wording = {
  ...{ kind: '', locale: '', title: '', body: '', actions: [], url: null, icon: null },
};

/** What an editor begins with; without a version, one wording for everything. */
export function draftOf(version: TemplateVersion | undefined): Draft {
  if (version === undefined) {
    return {
      ...{
        wordings: [emptyWording],
        layout: '',
        mailLayout: '',
        onMissing: 'empty',
        schema: '',
        sample: '{}',
      },
    };
  }
  return {
    ...{ wordings: version.variants, layout: version.layout ?? '', mailLayout: version.mail_layout ?? '' },
    onMissing: version.on_missing,
    schema: version.data_schema === null ? '' : JSON.stringify(version.data_schema, undefined, 2),
    sample: JSON.stringify(version.sample_data, undefined, 2),
  };
}

export type VersionBody = Body<'createTemplateVersion'>;

/** What is wrong with a text of a draft, and where. `place` is a JSON pointer into a version: `/variants/0/body`. */
export interface DraftProblem {
  place: string;
  detail: string;
  line: number | undefined;
  column: number | undefined;
}

/** A draft as the API takes it, or what is no JSON in it. */
export function readDraft(draft: Draft): { body: VersionBody } | { problems: DraftProblem[] } {
  const sample = readJsonObject(draft.sample.trim() === '' ? '{}' : draft.sample);
  const schema: ReadJson | undefined = draft.schema.trim() === '' ? undefined : readJsonObject(draft.schema);
  const problems = [...problemIn(sample, '/sample_data'), ...problemIn(schema, '/data_schema')];
  if (problems.length > 0) return { problems };
  return {
    body: {
      variants: [...draft.wordings],
      layout: draft.layout === '' ? null : draft.layout,
      mail_layout: draft.mailLayout === '' ? null : draft.mailLayout,
      data_schema: schema !== undefined && 'value' in schema ? schema.value : null,
      sample_data: 'value' in sample ? sample.value : {},
      on_missing: draft.onMissing,
    },
  };
}

function problemIn(read: ReadJson | undefined, place: string): DraftProblem[] {
  if (read === undefined || 'value' in read) return [];
  return [{ place, detail: read.wrong, line: read.line, column: read.column }];
}

/** What the API found wrong, as places of the version: a preview points into its request, publishing into the version. */
export function problemsOf(error: unknown): DraftProblem[] {
  if (!(error instanceof CarillonError)) return [];
  return error.errors.map(({ pointer, detail, line, column }) => ({
    place: pointer.replace(/^\/draft/, ''),
    ...{ detail, line, column },
  }));
}

/** Problems at a place, or below it. */
export function problemsAt(problems: readonly DraftProblem[], place: string): DraftProblem[] {
  return problems.filter((one) => one.place === place || one.place.startsWith(`${place}/`));
}

/** Whether two drafts would become the same version. */
export function isSameDraft(one: Draft, other: Draft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether there is a wording for this kind and language already; languages in any case of letters. */
export function hasWording(draft: Draft, kind: string, locale: string): boolean {
  return draft.wordings.some(
    (one) => one.kind === kind && one.locale.toLowerCase() === locale.trim().toLowerCase(),
  );
}
