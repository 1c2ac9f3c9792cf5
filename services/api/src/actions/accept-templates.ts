import { compileDataSchema, type DataCheck } from '@carillon/contracts';
import type { FieldError, NotificationContent, TriggerDraft } from '@carillon/core';
import { resolveTemplates, type AcceptableTemplate, type Database, type TemplateQuery } from '@carillon/db';
import type { DraftCall, TriggerResult } from './accept.ts';

type Refused = Extract<TriggerResult, { outcome: 'refused' }>;

/** What a draft's template makes of it: the content that is stored, or why it is refused. */
export type Templated = { outcome: 'templated'; content: NotificationContent } | Refused;

/** Checks of data by template version, each compiled once. */
export interface DataChecks {
  /** Every wrong place of the data, with pointers that begin with `prefix`. */
  check(template: AcceptableTemplate, data: Record<string, unknown>, prefix: string): FieldError[];
}

const checksMax = 500;

/** Keeps the checks used last. A version's schema never changes, so none is ever stale. */
export function createDataChecks(): DataChecks {
  const kept = new Map<string, DataCheck>();
  return {
    check({ id, version, dataSchema }, data, prefix) {
      if (dataSchema === null) return [];
      const key = `${id}:${version}`;
      const check = kept.get(key) ?? compileDataSchema(dataSchema);
      // Put behind all others: the first one is the one not used for longest.
      kept.delete(key);
      kept.set(key, check);
      const oldest = kept.keys().next();
      if (kept.size > checksMax && oldest.done !== true) kept.delete(oldest.value);
      return check(data, prefix);
    },
  };
}

/**
 * Finds the templates that the drafts of a flush name, each once and all in one statement, and asks nothing when
 * none does. Each draft that names one has an answer.
 */
export async function resolveDraftTemplates(
  deps: { db: Database; dataChecks: DataChecks },
  calls: readonly DraftCall[],
): Promise<Map<TriggerDraft, Templated>> {
  // Most drafts of a batch name the same template, whose schema may be long.
  const queries = new Map<string, TemplateQuery>();
  const named: { draft: TriggerDraft; ordinal: number }[] = [];
  for (const { organizationId, drafts } of calls) {
    for (const draft of drafts) {
      if (draft.template === undefined) continue;
      const { ref, version } = draft.template;
      const key = `${organizationId} ${version ?? ''} ${ref.by} ${ref.by === 'id' ? ref.id : ref.key}`;
      const query = queries.get(key) ?? { ordinal: queries.size, organizationId, ref, version };
      queries.set(key, query);
      named.push({ draft, ordinal: query.ordinal });
    }
  }
  const found = await resolveTemplates(deps.db, [...queries.values()]);
  return new Map(named.map(({ draft, ordinal }) => [draft, applyTemplate(deps, draft, found.get(ordinal))]));
}

function applyTemplate(
  { dataChecks }: { dataChecks: DataChecks },
  { content, pointer = '' }: TriggerDraft,
  template: AcceptableTemplate | undefined,
): Templated {
  if (template === undefined) {
    const detail = 'no template of this organization has this key or id';
    return refused('template.unknown', `The template is not known: ${detail}`, `${pointer}/template`, detail);
  }
  const { id, version } = template;
  if (version === null) {
    const detail = 'has no published version; publish one first';
    return refused('template.unpublished', `The template ${detail}`, `${pointer}/template`, detail);
  }
  const kinds = commonKinds(template.kinds ?? undefined, content.kinds);
  if (kinds?.length === 0) {
    const detail = `must name one of the kinds that the template goes to: ${template.kinds?.join(', ') ?? ''}`;
    return refused('template.channels_excluded', `channels ${detail}`, `${pointer}/channels`, detail);
  }
  const errors = dataChecks.check(template, content.data, `${pointer}/data`);
  const [first] = errors;
  if (first !== undefined) {
    const message = `The data does not fit the template: ${first.pointer} ${first.detail}`;
    return { outcome: 'refused', code: 'template.data_invalid', message, errors };
  }
  const { category } = template;
  const urgent = content.urgent || template.urgent;
  return {
    outcome: 'templated',
    content: { ...content, template: { id, version }, category, urgent, kinds },
  };
}

type Kinds = NotificationContent['kinds'];

/** A caller may restrict the kinds of a template, never widen them; undefined means all. */
function commonKinds(ofTemplate: Kinds, wanted: Kinds): Kinds {
  if (ofTemplate === undefined || wanted === undefined) return wanted ?? ofTemplate;
  return ofTemplate.filter((kind) => wanted.includes(kind));
}

function refused(code: string, message: string, pointer: string, detail: string): Refused {
  return { outcome: 'refused', code, message, errors: [{ pointer, detail }] };
}
