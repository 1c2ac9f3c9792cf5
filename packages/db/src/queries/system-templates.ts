import { sql } from 'kysely';
import type { OrganizationId, SystemTemplate } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { TemplateVariant } from '../policy-tables.ts';

/**
 * Gives organizations the templates that they lack, each with its first version published; answers how many. What an
 * organization has, changed or deleted stays as it is. Two of these at once are safe: a row is written once, and all
 * are written in the same order. Where another template has the key, the key is that with the begin of the id.
 */
export async function insertSystemTemplates(
  db: Database,
  organizationIds: readonly OrganizationId[],
  templates: readonly SystemTemplate[],
): Promise<number> {
  if (organizationIds.length === 0 || templates.length === 0) return 0;
  // Theirs are read first, by templates_pkey: asked for one by one, the planner reads those of all organizations.
  const result = await sql`
    with present as materialized (
      select organization_id, id, key, deleted_at from templates
      where organization_id = any(${organizationIds}::uuid[])),
    lacking as materialized (
      select o.id as organization_id, g.* from unnest(${organizationIds}::uuid[]) as o(id)
      cross join json_to_recordset(${JSON.stringify(templates.map(toRow))}::json) as g(id uuid, key text, name text,
        source text, group_name text, category text, default_enabled boolean, variants jsonb, sample_data jsonb)
      where not exists (select from present p where p.organization_id = o.id and p.id = g.id)),
    inserted as (
      insert into templates (organization_id, id, key, name, source, group_name, category, default_enabled,
        single_method, published_version)
      select l.organization_id, l.id,
        case when exists (select from present p
            where p.organization_id = l.organization_id and p.key = l.key and p.deleted_at is null)
          then l.key || '-' || left(l.id::text, 8) else l.key end,
        l.name, l.source, l.group_name, l.category, l.default_enabled, true, 1
      from lacking l order by l.organization_id, l.id
      on conflict do nothing
      returning organization_id, id)
    insert into template_versions (organization_id, template_id, version, variants, sample_data, published_at)
    select organization_id, id, 1, l.variants, l.sample_data, carillon_now()
    from inserted join lacking l using (organization_id, id)
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

function toRow(template: SystemTemplate) {
  const { id, key, name, source, category, title, body, actions } = template;
  const variant: TemplateVariant = {
    ...{ kind: '', locale: '', title, body, actions: [...actions], url: null, icon: null },
  };
  return {
    ...{ id, key, name, source, category, variants: [variant] },
    ...{ group_name: template.group, default_enabled: template.defaultEnabled },
    sample_data: template.sampleData,
  };
}

export interface OrganizationsAfter {
  limit: number;
  /** Keyset over id. */
  afterId?: OrganizationId | undefined;
}

/** Organizations that lack one of these templates, by id; one that is deleted is not lacking. Uses templates_pkey. */
export async function listOrganizationsLacking(
  db: Database,
  templateIds: readonly string[],
  { limit, afterId }: OrganizationsAfter,
): Promise<OrganizationId[]> {
  const { rows } = await sql<{ id: OrganizationId }>`
    select o.id from organizations o
    where (${afterId ?? null}::uuid is null or o.id > ${afterId ?? null}::uuid)
      and (select count(*) from templates t where t.organization_id = o.id and t.id = any(${templateIds}::uuid[]))
        < ${templateIds.length}
    order by o.id limit ${limit}
  `.execute(db);
  return rows.map((row) => row.id);
}
