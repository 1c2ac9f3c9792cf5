import { sql, type Selectable } from 'kysely';
import {
  ConflictError,
  NotFoundError,
  type ChannelKind,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { TemplatePreferencesTable } from '../policy-tables.ts';
import { releaseHeld } from './held.ts';

/** Rows of one user at most. */
export const templatePreferencesMax = 500;

/** With the key of its template; null when that was removed. */
export type TemplatePreferenceRecord = Selectable<TemplatePreferencesTable> & { template_key: string | null };

/** What preferences must know of a template. */
export interface TemplateStanding {
  id: string;
  key: string;
  category: string;
  mandatory: boolean;
  defaultEnabled: boolean | null;
}

interface Owner {
  organizationId: OrganizationId;
  userId: UserId;
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The template with this id or key; undefined when the organization has none. A key goes before an id. */
export async function loadTemplateStanding(
  db: Database,
  organizationId: OrganizationId,
  reference: string,
): Promise<TemplateStanding | undefined> {
  const id = uuidShape.test(reference) ? reference : null;
  const { rows } = await sql<TemplateStanding>`
    select id, key, category, mandatory, default_enabled as "defaultEnabled" from templates
    where organization_id = ${organizationId} and deleted_at is null and (key = ${reference} or id = ${id}::uuid)
    order by (key = ${reference}) desc limit 1
  `.execute(db);
  return rows[0];
}

/**
 * Whether this user takes what the template sends, as far as that is known before it is planned: the template is
 * switched on, and the user's own word on it, or its default, is yes.
 */
export async function isTemplateWanted(
  db: Database,
  { organizationId, userId, templateId }: Owner & { templateId: string },
): Promise<boolean> {
  const { rows } = await sql<{ wanted: boolean }>`
    select t.enabled and (t.mandatory or coalesce(p.enabled, t.default_enabled, true)) as wanted
    from templates t
    left join template_preferences p on p.user_id = ${userId} and p.template_id = t.id and p.kind = ''
    where t.organization_id = ${organizationId} and t.id = ${templateId} and t.deleted_at is null
  `.execute(db);
  return rows[0]?.wanted ?? false;
}

/** All of a user, by key. */
export async function listTemplatePreferences(
  db: Database,
  { organizationId, userId }: Owner,
): Promise<TemplatePreferenceRecord[]> {
  return selectRows(db)
    .where('p.user_id', '=', userId)
    .where('p.organization_id', '=', organizationId)
    .orderBy('t.key')
    .orderBy('p.kind')
    .orderBy('p.id')
    .limit(templatePreferencesMax)
    .execute();
}

/**
 * Makes a row, or changes the one for the same template and kind; what is held for the user is decided
 * again at once. To be called with the user locked. Throws ConflictError when there would be too many.
 */
export async function upsertTemplatePreference(
  db: Database,
  { organizationId, userId }: Owner,
  write: { id: string; templateId: string; kind: ChannelKind | ''; enabled: boolean },
): Promise<TemplatePreferenceRecord> {
  const { id } = await db
    .insertInto('template_preferences')
    .values({
      ...{ id: write.id, organization_id: organizationId, user_id: userId },
      ...{ template_id: write.templateId, kind: write.kind, enabled: write.enabled },
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'template_id', 'kind'])
        .doUpdateSet({ enabled: write.enabled, updated_at: sql<Date>`carillon_now()` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  const { count } = await db
    .selectFrom('template_preferences')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  if (count > templatePreferencesMax)
    throw new ConflictError(
      'limit.reached',
      `A user may have ${templatePreferencesMax} template preferences`,
    );
  await releaseHeld(db, { organizationId, userIds: [userId] });
  return selectRows(db).where('p.id', '=', id).executeTakeFirstOrThrow();
}

/** Throws NotFoundError. What is held for the user is decided again at once. */
export async function deleteTemplatePreference(
  db: Database,
  { organizationId, userId }: Owner,
  id: string,
): Promise<void> {
  const result = await db
    .deleteFrom('template_preferences')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n)
    throw new NotFoundError('preference.not_found', 'There is no such preference');
  await releaseHeld(db, { organizationId, userIds: [userId] });
}

function selectRows(db: Database) {
  return db
    .selectFrom('template_preferences as p')
    .leftJoin('templates as t', (join) =>
      join
        .onRef('t.organization_id', '=', 'p.organization_id')
        .onRef('t.id', '=', 'p.template_id')
        .on('t.deleted_at', 'is', null),
    )
    .selectAll('p')
    .select('t.key as template_key');
}
