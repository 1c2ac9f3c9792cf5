import { sql, type Selectable } from 'kysely';
import {
  ConflictError,
  NotFoundError,
  type ChannelKind,
  type OrganizationId,
  type TemplateRef,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import type { TemplatesTable, TemplateVariant } from '../policy-tables.ts';
import { sqlState } from '../unavailable.ts';
import { releaseHeld } from './held.ts';
import { wakeOfTemplate } from './set-aside.ts';

/** A template with the number of its newest version; null before the first. */
export type TemplateRecord = Selectable<TemplatesTable> & { latest_version: number | null };

export interface TemplateFields {
  name?: string | undefined;
  group?: string | undefined;
  category?: string | undefined;
  urgent?: boolean | undefined;
  mandatory?: boolean | undefined;
  /** Null means all. */
  kinds?: ChannelKind[] | null | undefined;
  /** Null means as the category. */
  defaultEnabled?: boolean | null | undefined;
  /** The only kind beside the inbox that it goes out by; `inbox` means none, null all. */
  dispatchMethod?: ChannelKind | null | undefined;
  enabled?: boolean | undefined;
}

function toColumns(fields: TemplateFields) {
  return {
    ...(fields.name !== undefined && { name: fields.name }),
    ...(fields.group !== undefined && { group_name: fields.group }),
    ...(fields.category !== undefined && { category: fields.category }),
    ...(fields.urgent !== undefined && { urgent: fields.urgent }),
    ...(fields.mandatory !== undefined && { mandatory: fields.mandatory }),
    ...(fields.kinds !== undefined && { kinds: fields.kinds }),
    ...(fields.defaultEnabled !== undefined && { default_enabled: fields.defaultEnabled }),
    ...(fields.dispatchMethod !== undefined && { dispatch_method: fields.dispatchMethod }),
    ...(fields.enabled !== undefined && { enabled: fields.enabled }),
  };
}

const latestVersion = sql<number | null>`(select max(v.version) from template_versions v
  where v.organization_id = templates.organization_id and v.template_id = templates.id)`.as('latest_version');

/** Throws ConflictError when the key is taken. */
export async function insertTemplate(
  db: Database,
  template: TemplateFields & { id: string; organizationId: OrganizationId; key: string; name: string },
): Promise<TemplateRecord> {
  try {
    return await db
      .insertInto('templates')
      .values({
        id: template.id,
        organization_id: template.organizationId,
        key: template.key,
        ...toColumns(template),
        name: template.name,
      })
      .returningAll()
      .returning(latestVersion)
      .executeTakeFirstOrThrow();
  } catch (cause) {
    if (sqlState(cause) !== '23505') throw cause;
    throw new ConflictError('template.key_taken', 'Another template has this key', {
      cause,
      errors: [{ pointer: '/key', detail: 'another template has this key' }],
    });
  }
}

/** What is held of it is decided again where that may change the decision. Throws NotFoundError. */
export async function updateTemplate(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplateRef,
  fields: TemplateFields,
): Promise<TemplateRecord> {
  const row = await db
    .updateTable('templates')
    .set({ ...toColumns(fields), updated_at: sql<Date>`carillon_now()` })
    .where(...named(ref))
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .returningAll()
    .returning(latestVersion)
    .executeTakeFirst();
  const template = found(row);
  const decides = [fields.enabled, fields.mandatory, fields.defaultEnabled];
  if (decides.some((one) => one !== undefined)) {
    await releaseHeld(db, { organizationId, templateId: template.id });
  }
  return template;
}

/** Throws NotFoundError. */
export async function getTemplate(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplateRef,
): Promise<TemplateRecord> {
  const row = await db
    .selectFrom('templates')
    .selectAll()
    .select(latestVersion)
    .where(...named(ref))
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return found(row);
}

/** As `getTemplate`; the row stays locked until the transaction ends. */
export async function lockTemplate(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplateRef,
): Promise<TemplateRecord> {
  const { id } = await getTemplate(db, organizationId, ref);
  await sql`select from templates where organization_id = ${organizationId} and id = ${id} for update`.execute(
    db,
  );
  return getTemplate(db, organizationId, { by: 'id', id });
}

/** Its key is free again; what was sent by it keeps its texts. Throws NotFoundError, ConflictError for one of the system. */
export async function deleteTemplate(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplateRef,
): Promise<{ id: string }> {
  const { id, source } = await getTemplate(db, organizationId, ref);
  if (source === 'system') {
    throw new ConflictError('template.is_system', 'This template came with Carillon: it cannot be deleted');
  }
  const row = await db
    .updateTable('templates')
    .set({ deleted_at: sql<Date>`carillon_now()`, updated_at: sql<Date>`carillon_now()`, paused_at: null })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  await wakeOfTemplate(db, organizationId, id);
  await releaseHeld(db, { organizationId, templateId: id });
  return found(row);
}

function named(ref: TemplateRef): ['id' | 'key', '=', string] {
  return ref.by === 'id' ? ['id', '=', ref.id] : ['key', '=', ref.key];
}

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new NotFoundError('template.not_found', 'There is no such template');
  return row;
}

export async function countTemplates(db: Database, organizationId: OrganizationId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from templates where organization_id = ${organizationId} and deleted_at is null
  `.execute(db);
  return rows[0]?.count ?? 0;
}

export interface TemplatePage {
  limit: number;
  /** Keyset over key: `next` are the later keys, `prev` the earlier ones, nearest first. */
  edge?: { key: string; direction: 'next' | 'prev' } | undefined;
}

/** By key. Uses templates_key. */
export async function listTemplates(
  db: Database,
  organizationId: OrganizationId,
  page: TemplatePage,
): Promise<TemplateRecord[]> {
  let query = db
    .selectFrom('templates')
    .selectAll()
    .select(latestVersion)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null);
  const forwards = page.edge?.direction !== 'prev';
  if (page.edge !== undefined) query = query.where('key', forwards ? '>' : '<', page.edge.key);
  return query
    .orderBy('key', forwards ? 'asc' : 'desc')
    .limit(page.limit)
    .execute();
}

/** A template that a create call names, with the caller's own number for it. */
export interface TemplateQuery {
  ordinal: number;
  organizationId: OrganizationId;
  ref: TemplateRef;
  /** Instead of the published version. */
  version?: number | undefined;
}

/** What accepting needs of a template. */
export interface AcceptableTemplate {
  id: string;
  /** Null when none is published. */
  version: number | null;
  category: string;
  urgent: boolean;
  /** Null means all. */
  kinds: ChannelKind[] | null;
  /** JSON Schema of the data. */
  dataSchema: Record<string, unknown> | null;
}

/**
 * Finds templates by id or key for many requests in one statement; what is unknown, deleted or of another
 * organization is absent from the answer.
 */
export async function resolveTemplates(
  db: Database,
  queries: readonly TemplateQuery[],
): Promise<Map<number, AcceptableTemplate>> {
  if (queries.length === 0) return new Map();
  const rows = queries.map(({ ordinal, organizationId, ref, version }) => ({
    n: ordinal,
    o: organizationId,
    by: ref.by,
    v: ref.by === 'id' ? ref.id : ref.key,
    version,
  }));
  // Each branch is an index look-up per row: templates_pkey, templates_key.
  const result = await sql<AcceptableTemplate & { n: number }>`
    with input as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(n int, o uuid, by text, v text, version int)),
    found as (
      select i.n, i.version as wanted, t.* from input i
      join templates t on t.id = case when i.by = 'id' then i.v::uuid end and t.organization_id = i.o
        and ${afterLookup(sql`t.deleted_at is null`)}
      union all
      select i.n, i.version as wanted, t.* from input i
      join templates t on i.by = 'key' and t.organization_id = i.o and t.key = i.v and t.deleted_at is null)
    select f.n, f.id, v.version, f.category, f.urgent, f.kinds, v.data_schema as "dataSchema"
    from found f
    left join template_versions v on v.organization_id = f.organization_id and v.template_id = f.id
      and v.version = coalesce(f.wanted, f.published_version)
  `.execute(db);
  return new Map(result.rows.map(({ n, ...template }) => [n, template]));
}

/** Names one version; a notification keeps it, so that it says the same whatever is published later. */
export interface TemplateVersionRef {
  organizationId: OrganizationId;
  templateId: string;
  version: number;
}

/**
 * A version with all that rendering and planning need. The sources of a published version never change, so they may
 * be kept by id and version; those of a draft (`published` false, sent in tests only) use the partials and
 * the layout of this moment. The settings of the template are those of this moment, always.
 */
export interface LoadedTemplateVersion extends TemplateVersionRef {
  key: string;
  category: string;
  urgent: boolean;
  mandatory: boolean;
  /** False also when the template was deleted. */
  enabled: boolean;
  /** What is sent by it waits. */
  paused: boolean;
  /** Null means all. */
  kinds: ChannelKind[] | null;
  defaultEnabled: boolean | null;
  /** The only kind beside the inbox that it goes out by; `inbox` means none, null all. */
  dispatchMethod: ChannelKind | null;
  published: boolean;
  variants: TemplateVariant[];
  /** Source of the layout around the body. */
  layout: string | null;
  /** HTML around the body of mails. */
  mailLayout: string | null;
  /** Sources by name. */
  partials: Record<string, string>;
  onMissing: 'empty' | 'refuse';
}

/** Templates that came with Carillon have the same id in every organization. */
export function versionKey({ organizationId, templateId, version }: TemplateVersionRef): string {
  return `${organizationId}:${templateId}:${version}`;
}

/** Loads versions in one statement, by `versionKey`; what does not exist is absent. */
export async function loadTemplateVersions(
  db: Database,
  refs: readonly TemplateVersionRef[],
): Promise<Map<string, LoadedTemplateVersion>> {
  if (refs.length === 0) return new Map();
  // By template_versions_pkey and templates_pkey. Parts are read for drafts only.
  const { rows } = await sql<LoadedTemplateVersion>`
    select v.organization_id as "organizationId", v.template_id as "templateId", v.version, t.key, t.category, t.urgent, t.mandatory,
      t.enabled and t.deleted_at is null as enabled, t.paused_at is not null as paused, t.kinds, t.default_enabled as "defaultEnabled",
      coalesce(t.dispatch_method, case when t.single_method then o.default_method end) as "dispatchMethod",
      v.published_at is not null as published, v.variants,
      case when v.published_at is not null then v.layout_source else (
        select p.source from template_parts p
        where p.organization_id = v.organization_id and p.part = 'layout' and p.key = v.layout) end as layout,
      case when v.published_at is not null then v.mail_layout_html else (
        select p.html from template_parts p
        where p.organization_id = v.organization_id and p.part = 'mail_layout' and p.key = v.mail_layout) end as "mailLayout",
      case when v.published_at is not null then v.partials else coalesce((
        select jsonb_object_agg(p.key, p.source) from template_parts p
        where p.organization_id = v.organization_id and p.part = 'partial'), '{}') end as partials,
      v.on_missing as "onMissing"
    from json_to_recordset(${JSON.stringify(refs)}::json) as r("organizationId" uuid, "templateId" uuid,
      version int)
    join template_versions v on v.organization_id = r."organizationId" and v.template_id = r."templateId"
      and v.version = r.version and v.template_id = any(${refs.map((one) => one.templateId)}::uuid[])
    join templates t on t.organization_id = v.organization_id and t.id = v.template_id
    join organizations o on o.id = v.organization_id
  `.execute(db);
  return new Map(rows.map((row) => [versionKey(row), row]));
}
