import { sql, type Selectable } from 'kysely';
import { ConflictError, NotFoundError, type OrganizationId, type UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { TemplateVariant, TemplateVersionsTable } from '../policy-tables.ts';

/** One version of a template. Its texts are never changed: another text is another version. */
export type TemplateVersionRecord = Selectable<TemplateVersionsTable>;

/** What lists tell of a version: not its texts. */
export type TemplateVersionSummary = Pick<TemplateVersionRecord, (typeof summaryColumns)[number]>;

const summaryColumns = [
  ...([
    'version',
    'layout',
    'mail_layout',
    'on_missing',
    'created_by',
    'created_at',
    'published_at',
  ] as const),
] as const;

export interface NewTemplateVersion {
  variants: TemplateVariant[];
  layout: string | undefined;
  mailLayout?: string | undefined;
  dataSchema: Record<string, unknown> | undefined;
  sampleData: Record<string, unknown>;
  onMissing: 'empty' | 'refuse';
  createdBy: UserId;
}

/** Versions of one template at most. */
const perTemplateMax = 1_000;

/**
 * Adds the next version, which counts from 1. The template must be locked (`lockTemplate`), so that two numbers are
 * never the same. Throws ConflictError when there are too many.
 */
export async function insertTemplateVersion(
  db: Database,
  template: { id: string; organization_id: OrganizationId; latest_version: number | null },
  added: NewTemplateVersion,
): Promise<TemplateVersionRecord> {
  const version = (template.latest_version ?? 0) + 1;
  if (version > perTemplateMax) {
    throw new ConflictError('limit.reached', `A template may have ${perTemplateMax} versions`);
  }
  return db
    .insertInto('template_versions')
    .values({
      ...{ template_id: template.id, version, organization_id: template.organization_id },
      variants: JSON.stringify(added.variants),
      ...{ layout: added.layout ?? null, mail_layout: added.mailLayout ?? null },
      data_schema: added.dataSchema === undefined ? null : JSON.stringify(added.dataSchema),
      sample_data: JSON.stringify(added.sampleData),
      ...{ on_missing: added.onMissing, created_by: added.createdBy },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A template: those that came with Carillon have the same id in every organization. */
export interface VersionsOf {
  organizationId: OrganizationId;
  templateId: string;
}

/** Throws NotFoundError. */
export async function getTemplateVersion(
  db: Database,
  { organizationId, templateId }: VersionsOf,
  version: number,
): Promise<TemplateVersionRecord> {
  const row = await db
    .selectFrom('template_versions')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('template_id', '=', templateId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new NotFoundError('template.version_not_found', 'The template has no such version');
}

export interface TemplateVersionPage {
  limit: number;
  /** Keyset over version: `next` are the older ones, `prev` the newer ones, nearest first. */
  edge?: { version: number; direction: 'next' | 'prev' } | undefined;
}

/** Newest first. */
export async function listTemplateVersions(
  db: Database,
  { organizationId, templateId }: VersionsOf,
  page: TemplateVersionPage,
): Promise<TemplateVersionSummary[]> {
  let query = db
    .selectFrom('template_versions')
    .select(summaryColumns)
    .where('organization_id', '=', organizationId)
    .where('template_id', '=', templateId);
  const forwards = page.edge?.direction !== 'prev';
  if (page.edge !== undefined) query = query.where('version', forwards ? '<' : '>', page.edge.version);
  return query
    .orderBy('version', forwards ? 'desc' : 'asc')
    .limit(page.limit)
    .execute();
}

/**
 * Makes a version the one that create calls use. The first time its sources are frozen as they were checked; a
 * version that was published before keeps those of then. Throws NotFoundError.
 */
export async function publishTemplateVersion(
  db: Database,
  ref: VersionsOf & { version: number },
  frozen: {
    partials: Record<string, string>;
    layoutSource: string | undefined;
    mailLayoutHtml?: string | undefined;
  },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with published as (
      update template_versions set
        partials = case when published_at is null then ${JSON.stringify(frozen.partials)}::jsonb else partials end,
        layout_source = case when published_at is null then ${frozen.layoutSource ?? null} else layout_source end,
        mail_layout_html = case when published_at is null then ${frozen.mailLayoutHtml ?? null} else mail_layout_html end,
        published_at = coalesce(published_at, carillon_now())
      where organization_id = ${ref.organizationId} and template_id = ${ref.templateId} and version = ${ref.version}
      returning template_id)
    update templates set published_version = ${ref.version}, updated_at = carillon_now()
    where organization_id = ${ref.organizationId} and id in (select template_id from published) and deleted_at is null
    returning id
  `.execute(db);
  if (rows.length === 0) throw new NotFoundError('template.not_found', 'There is no such template');
}
