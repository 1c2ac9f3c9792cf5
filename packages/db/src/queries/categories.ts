import { sql, type Selectable } from 'kysely';
import { NotFoundError, type OrganizationId, type QuietMode } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { CategoriesTable } from '../policy-tables.ts';
import { releaseHeld } from './held.ts';

export type CategoryRecord = Selectable<CategoriesTable>;

/** What a caller may set; what is undefined stays, or has its default in a new category. */
export interface CategoryFields {
  name?: string | undefined;
  description?: string | undefined;
  mandatory?: boolean | undefined;
  quietMode?: QuietMode | undefined;
  defaultEnabled?: boolean | undefined;
}

/** All categories by key; an organization has 200 at most, which the caller sees to. */
export async function listCategories(
  db: Database,
  organizationId: OrganizationId,
): Promise<CategoryRecord[]> {
  return db
    .selectFrom('categories')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('key')
    .execute();
}

/** Undefined when the organization has no such category. Locked until the transaction ends. */
export async function lockCategory(
  db: Database,
  organizationId: OrganizationId,
  key: string,
): Promise<CategoryRecord | undefined> {
  // Two first writes of one key at once: the second waits here and then changes.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`category:${organizationId}`}, 0))`.execute(db);
  return db
    .selectFrom('categories')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirst();
}

/** Makes or changes a category; what quiet time holds of it is decided again at once. */
export async function upsertCategory(
  db: Database,
  organizationId: OrganizationId,
  key: string,
  fields: CategoryFields,
): Promise<CategoryRecord> {
  const named = {
    ...(fields.name !== undefined && { name: fields.name }),
    ...(fields.description !== undefined && { description: fields.description }),
    ...(fields.mandatory !== undefined && { mandatory: fields.mandatory }),
    ...(fields.quietMode !== undefined && { quiet_mode: fields.quietMode }),
    ...(fields.defaultEnabled !== undefined && { default_enabled: fields.defaultEnabled }),
  };
  const row = await db
    .insertInto('categories')
    .values({ organization_id: organizationId, key, name: key, ...named })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'key'])
        .doUpdateSet({ ...named, updated_at: sql<Date>`carillon_now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  await releaseHeld(db, { organizationId, category: key });
  return row;
}

/** Throws NotFoundError. Notifications of the category stay, and are then held to no rule of it. */
export async function deleteCategory(
  db: Database,
  organizationId: OrganizationId,
  key: string,
): Promise<void> {
  const result = await db
    .deleteFrom('categories')
    .where('organization_id', '=', organizationId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n)
    throw new NotFoundError('category.not_found', 'There is no such category');
  await releaseHeld(db, { organizationId, category: key });
}

/** Which of these categories are mandatory. */
export async function listMandatory(
  db: Database,
  organizationId: OrganizationId,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('categories')
    .select('key')
    .where('organization_id', '=', organizationId)
    .where('key', 'in', keys.length === 0 ? [''] : keys)
    .where('mandatory', '=', true)
    .execute();
  return new Set(rows.map(({ key }) => key));
}
