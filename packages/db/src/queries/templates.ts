import { sql } from 'kysely';
import type { ChannelKind, ExternalKind } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { TemplateVariant } from '../policy-tables.ts';

/** Names one version; a notification keeps it, so that it says the same whatever is published later. */
export interface TemplateVersionRef {
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
  /** Null means all. */
  kinds: ChannelKind[] | null;
  defaultEnabled: boolean | null;
  dispatchMethod: ExternalKind | null;
  published: boolean;
  variants: TemplateVariant[];
  /** Source of the layout around the body. */
  layout: string | null;
  /** Sources by name. */
  partials: Record<string, string>;
  onMissing: 'empty' | 'refuse';
}

/** Loads versions in one statement, keyed `${templateId}:${version}`; what does not exist is absent. */
export async function loadTemplateVersions(
  db: Database,
  refs: readonly TemplateVersionRef[],
): Promise<Map<string, LoadedTemplateVersion>> {
  if (refs.length === 0) return new Map();
  // By template_versions_pkey and templates_pkey. Parts are read for drafts only.
  const { rows } = await sql<LoadedTemplateVersion>`
    select v.template_id as "templateId", v.version, t.key, t.category, t.urgent, t.mandatory,
      t.enabled and t.deleted_at is null as enabled, t.kinds, t.default_enabled as "defaultEnabled",
      t.dispatch_method as "dispatchMethod", v.published_at is not null as published, v.variants,
      case when v.published_at is not null then v.layout_source else (
        select p.source from template_parts p
        where p.organization_id = v.organization_id and p.part = 'layout' and p.key = v.layout) end as layout,
      case when v.published_at is not null then v.partials else coalesce((
        select jsonb_object_agg(p.key, p.source) from template_parts p
        where p.organization_id = v.organization_id and p.part = 'partial'), '{}') end as partials,
      v.on_missing as "onMissing"
    from json_to_recordset(${JSON.stringify(refs)}::json) as r("templateId" uuid, version int)
    join template_versions v on v.template_id = r."templateId" and v.version = r.version
      and v.template_id = any(${refs.map((one) => one.templateId)}::uuid[])
    join templates t on t.id = v.template_id
  `.execute(db);
  return new Map(rows.map((row) => [`${row.templateId}:${row.version}`, row]));
}
