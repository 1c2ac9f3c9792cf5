import { sql, type Selectable } from 'kysely';
import { NotFoundError, type OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { TemplatePartsTable } from '../policy-tables.ts';

/** A partial that templates name, or a layout around their bodies. */
export type TemplatePartRecord = Selectable<TemplatePartsTable>;

/** Names one part: partials and layouts have keys of their own. */
export interface TemplatePartRef {
  part: 'partial' | 'layout' | 'mail_layout';
  key: string;
}

/** Partials and layouts of one organization at most, so that a list of all is short. */
export const templatePartsMax = 200;

/** Without their sources: layouts, layouts for mails, partials, each by key. */
export async function listTemplateParts(
  db: Database,
  organizationId: OrganizationId,
): Promise<Omit<TemplatePartRecord, 'source' | 'html'>[]> {
  return db
    .selectFrom('template_parts')
    .select(['organization_id', 'part', 'key', 'updated_at'])
    .where('organization_id', '=', organizationId)
    .orderBy('part')
    .orderBy('key')
    .limit(templatePartsMax)
    .execute();
}

/** Sources of all partials by name. */
export async function loadPartials(
  db: Database,
  organizationId: OrganizationId,
): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('template_parts')
    .select(['key', 'source'])
    .where('organization_id', '=', organizationId)
    .where('part', '=', 'partial')
    .orderBy('key')
    .limit(templatePartsMax)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.key, row.source]));
}

export async function loadTemplatePart(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplatePartRef,
): Promise<TemplatePartRecord | undefined> {
  return selectPart(db, organizationId, ref).executeTakeFirst();
}

/** As `loadTemplatePart`; the row stays locked until the transaction ends. */
export async function lockTemplatePart(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplatePartRef,
): Promise<TemplatePartRecord | undefined> {
  return selectPart(db, organizationId, ref).forUpdate().executeTakeFirst();
}

function selectPart(db: Database, organizationId: OrganizationId, { part, key }: TemplatePartRef) {
  return db
    .selectFrom('template_parts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('part', '=', part)
    .where('key', '=', key);
}

/**
 * Makes it or replaces its source, with what that was compiled to; undefined, and nothing is written, when it were one
 * too many.
 */
export async function putTemplatePart(
  db: Database,
  organizationId: OrganizationId,
  { part, key }: TemplatePartRef,
  source: string,
  html: string | null = null,
): Promise<TemplatePartRecord | undefined> {
  const { rows } = await sql<TemplatePartRecord>`
    insert into template_parts (organization_id, part, key, source, html)
    select ${organizationId}::uuid, ${part}, ${key}, ${source}, ${html}
    where (select count(*) from template_parts p where p.organization_id = ${organizationId}
      and not (p.part = ${part} and p.key = ${key})) < ${templatePartsMax}
    on conflict (organization_id, part, key) do update set source = excluded.source, html = excluded.html,
      updated_at = carillon_now()
    returning *
  `.execute(db);
  return rows[0];
}

/** Drafts that name it cannot be published any more; what was published keeps its source. Throws NotFoundError. */
export async function deleteTemplatePart(
  db: Database,
  organizationId: OrganizationId,
  { part, key }: TemplatePartRef,
): Promise<void> {
  const result = await db
    .deleteFrom('template_parts')
    .where('organization_id', '=', organizationId)
    .where('part', '=', part)
    .where('key', '=', key)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) {
    throw new NotFoundError('template.part_not_found', `There is no such ${part.replace('_', ' ')}`);
  }
}
