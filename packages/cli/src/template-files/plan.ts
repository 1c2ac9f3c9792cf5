import { isDeepStrictEqual } from 'node:util';
import {
  nameOf,
  type PartSource,
  type TemplateSet,
  type TemplateSettings,
  type TemplateSource,
  type TemplateSources,
} from './template-source.ts';

/** A template as the API has it. */
export interface RemoteTemplate extends Omit<TemplateSource, 'sources'> {
  isSystem: boolean;
  /** What create calls use, and when it was first published; undefined before the first. */
  published: { version: number; at: string; sources: TemplateSources } | undefined;
  /** The newest version where that is a draft; undefined where it is the published one, or there is none. */
  draft: { version: number; sources: TemplateSources } | undefined;
}

export interface RemoteSet {
  templates: readonly RemoteTemplate[];
  parts: readonly (PartSource & { updatedAt: string })[];
}

export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** How the texts of a template come to be those of the files. */
export type VersionStep =
  | { step: 'none' }
  /** A new version is made, and published unless drafts were asked for. */
  | { step: 'add'; why: string[]; publish: boolean }
  /** The draft that is there says the same: it is published. */
  | { step: 'publish'; version: number };

export type Change =
  | { thing: 'part'; action: 'create' | 'update' | 'delete'; part: PartSource }
  | { thing: 'template'; action: 'delete'; key: string }
  | {
      thing: 'template';
      action: 'create' | 'update';
      template: TemplateSource;
      settings: FieldChange[];
      version: VersionStep;
    };

export interface PlanOptions {
  /** Whether what the directory does not have is deleted. What came with Carillon never is. */
  prune: boolean;
  /** New versions stay drafts. */
  draft: boolean;
}

export interface Plan {
  /** In the order in which they are made: parts first, since versions are published with them. */
  changes: Change[];
  /** Templates and parts that are as they should be. */
  unchanged: number;
}

/** What has to be done so that the API has what the files say. Pure. */
export function planPush(local: TemplateSet, remote: RemoteSet, options: PlanOptions): Plan {
  const parts = planParts(local, remote, options);
  const changedParts = new Set(parts.flatMap((one) => (one.thing === 'part' ? [idOf(one.part)] : [])));
  const updatedAt = new Map(remote.parts.map((part) => [idOf(part), part.updatedAt]));
  const templates = local.templates.flatMap((template): Change[] => {
    const before = remote.templates.find(({ key }) => key === template.key);
    const isNewer = (part: string): boolean =>
      changedParts.has(part) || (updatedAt.get(part) ?? '') > (before?.published?.at ?? '');
    const stale = before?.published === undefined ? [] : usedParts(template, local.parts).filter(isNewer);
    const settings = before === undefined ? [] : changedFields(before.settings, template.settings);
    const version = planVersion(template.sources, before, stale, options);
    if (before !== undefined && settings.length === 0 && version.step === 'none') return [];
    const action = before === undefined ? 'create' : 'update';
    return [{ thing: 'template', action, template, settings, version }];
  });
  const gone = options.prune
    ? remote.templates.filter(
        ({ key, isSystem }) => !isSystem && local.templates.every((one) => one.key !== key),
      )
    : [];
  const deleted = parts.filter((one) => one.thing === 'part' && one.action === 'delete');
  const changes = [
    ...parts.filter((one) => !deleted.includes(one)),
    ...templates,
    ...gone.map(({ key }): Change => ({ thing: 'template', action: 'delete', key })),
    ...deleted,
  ];
  const touched = changes.filter(({ action }) => action !== 'delete').length;
  return { changes, unchanged: local.templates.length + local.parts.length - touched };
}

function planParts(local: TemplateSet, remote: RemoteSet, { prune }: PlanOptions): Change[] {
  const written = local.parts.flatMap((part): Change[] => {
    const before = remote.parts.find((one) => idOf(one) === idOf(part));
    if (before?.source === part.source) return [];
    return [{ thing: 'part', action: before === undefined ? 'create' : 'update', part }];
  });
  const gone = prune
    ? remote.parts.filter((one) => local.parts.every((part) => idOf(part) !== idOf(one)))
    : [];
  return [...written, ...gone.map((part): Change => ({ thing: 'part', action: 'delete', part }))];
}

function planVersion(
  wanted: TemplateSources,
  before: RemoteTemplate | undefined,
  staleParts: readonly string[],
  { draft }: PlanOptions,
): VersionStep {
  const published = before?.published;
  const why = published === undefined ? [] : changedSources(published.sources, wanted);
  const isPublished = published !== undefined && why.length === 0;
  const written = draftWith(wanted, before);
  if (draft) {
    return isPublished || written !== undefined ? { step: 'none' } : { step: 'add', why, publish: false };
  }
  if (isPublished && staleParts.length === 0) return { step: 'none' };
  if (!isPublished && written !== undefined) return { step: 'publish', version: written };
  const stale = staleParts.map((part) => `${part} is newer than the published version`);
  return { step: 'add', why: [...why, ...stale], publish: true };
}

/** The version of the draft that says what is wanted. */
function draftWith(wanted: TemplateSources, before: RemoteTemplate | undefined): number | undefined {
  const draft = before?.draft;
  if (draft === undefined || changedSources(draft.sources, wanted).length > 0) return undefined;
  return draft.version;
}

function changedFields(before: TemplateSettings, wanted: TemplateSettings): FieldChange[] {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(wanted)
    .filter(([field, to]) => !isDeepStrictEqual(to, old.get(field)))
    .map(([field, to]) => ({ field, from: old.get(field), to }));
}

/** What of the texts differs, by the names of the files that say it. */
function changedSources(before: TemplateSources, wanted: TemplateSources): string[] {
  const names = new Set([...before.variants, ...wanted.variants].map(nameOf));
  const variants = [...names].flatMap((name) => {
    const [old, now] = [before, wanted].map((one) =>
      one.variants.find((variant) => nameOf(variant) === name),
    );
    if (isDeepStrictEqual(old, now)) return [];
    if (old === undefined) return [`${name}.md is new`];
    return [`${name}.md ${now === undefined ? 'is gone' : `differs in ${differingFields(old, now)}`}`];
  });
  const fields = (['layout', 'mail_layout', 'on_missing', 'data_schema', 'sample_data'] as const).filter(
    (field) => !isDeepStrictEqual(before[field], wanted[field]),
  );
  return [...variants, ...fields.map((field) => `${field} differs`)];
}

function differingFields(old: object, now: object): string {
  const before = new Map<string, unknown>(Object.entries(old));
  const names = Object.entries(now).filter(([name, value]) => !isDeepStrictEqual(value, before.get(name)));
  return names.map(([name]) => name).join(', ');
}

/** Partials and layouts that a template is published with, by name, those of its partials and layouts too. */
function usedParts({ sources }: TemplateSource, parts: readonly PartSource[]): string[] {
  const texts = sources.variants.flatMap(({ title, body, url, icon, actions }) => [
    ...[title, body, url ?? '', icon ?? ''],
    ...actions.flatMap((action) => [action.label, action.url]),
  ]);
  const used = new Set<string>();
  const visit = (text: string): void => {
    for (const [, key = ''] of text.matchAll(/\{\{~?#?>\s*([a-z][a-z0-9_-]*)/g)) add(`partial ${key}`);
  };
  const add = (id: string): void => {
    if (used.has(id)) return;
    used.add(id);
    visit(parts.find((part) => idOf(part) === id)?.source ?? '');
  };
  texts.forEach(visit);
  if (sources.layout !== null) add(`layout ${sources.layout}`);
  if (sources.mail_layout !== null) add(`mail_layout ${sources.mail_layout}`);
  return [...used].toSorted();
}

/** How plans call a part. */
export function idOf({ part, key }: Pick<PartSource, 'part' | 'key'>): string {
  return `${part} ${key}`;
}
