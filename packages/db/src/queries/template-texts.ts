import { sql } from 'kysely';
import type { ChannelKind, OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';

/** A template with its usual wording, as lists for people show it. */
export interface TemplateText {
  id: string;
  name: string;
  source: 'system' | 'custom';
  group: string;
  title: string;
  body: string;
  actions: { label: string; url: string }[];
  dispatchMethod: ChannelKind | null;
  /** Whether it is on for those who chose nothing. */
  enabledByDefault: boolean;
}

/** At most so many are listed: an organization can hardly have more. */
const templatesMax = 1_000;

/** The published templates of one source, by name; each with its wording for any kind and language, else its first. */
export async function listTemplateTexts(
  db: Database,
  organizationId: OrganizationId,
  source: TemplateText['source'],
): Promise<TemplateText[]> {
  const { rows } = await sql<TemplateText>`
    select t.id, t.name, t.source, t.group_name as "group", w.title, w.body, w.actions,
      t.dispatch_method as "dispatchMethod",
      t.enabled and coalesce(t.default_enabled, c.default_enabled, true) as "enabledByDefault"
    from templates t
    join template_versions v on v.organization_id = t.organization_id and v.template_id = t.id
      and v.version = t.published_version
    cross join lateral (
      select variant ->> 'title' as title, variant ->> 'body' as body, variant -> 'actions' as actions
      from jsonb_array_elements(v.variants) with ordinality as one(variant, position)
      order by variant ->> 'kind' = '' and variant ->> 'locale' = '' desc, position limit 1) w
    left join categories c on c.organization_id = t.organization_id and c.key = t.category
    where t.organization_id = ${organizationId} and t.source = ${source} and t.deleted_at is null
    order by t.name, t.id limit ${templatesMax}
  `.execute(db);
  return rows;
}
