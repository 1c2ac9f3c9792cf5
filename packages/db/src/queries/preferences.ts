import { sql, type Selectable } from 'kysely';
import {
  ConflictError,
  NotFoundError,
  type ChannelKind,
  type OrganizationId,
  type QuietMode,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { PreferencesTable } from '../policy-tables.ts';
import { releaseHeld } from './held.ts';
import type { StoredWindow } from './quiet-hours.ts';

/** Rows of one user at most: each is looked at when a notification for the user is planned. */
export const preferencesMax = 200;

export type PreferenceRecord = Selectable<PreferencesTable>;

/** A row as callers set it; the empty text means any. */
export interface PreferenceWrite {
  /** The id if the row is new. */
  id: string;
  category: string;
  environment: string;
  project: string;
  kind: ChannelKind | '';
  enabled: boolean | null;
  window: StoredWindow | null;
  /** Kept for a window to come, where there is none; that of a window goes before. */
  zone?: string | null;
  mode: QuietMode | null;
}

interface Owner {
  organizationId: OrganizationId;
  userId: UserId;
}

/** All of a user, the broadest first. */
export async function listPreferences(
  db: Database,
  { organizationId, userId }: Owner,
): Promise<PreferenceRecord[]> {
  return db
    .selectFrom('preferences')
    .selectAll()
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .orderBy('category')
    .orderBy('environment')
    .orderBy('project')
    .orderBy('kind')
    .limit(preferencesMax)
    .execute();
}

/**
 * Makes rows, or replaces those for the same part, in one statement; what is held for the user is
 * decided again at once. Answers them in the order given, in which each part stands once. To be called
 * with the user locked (`lockOwner`). Throws ConflictError when the user would have too many.
 */
export async function upsertPreferences(
  db: Database,
  { organizationId, userId }: Owner,
  writes: readonly PreferenceWrite[],
): Promise<PreferenceRecord[]> {
  const input = writes.map(({ window, ...row }) => ({ ...row, ...window }));
  const { rows } = await sql<PreferenceRecord>`
    insert into preferences (id, organization_id, user_id, category, environment, project, kind, enabled,
      window_start, window_end, zone, days, mode)
    select i.id, ${organizationId}, ${userId}, i.category, i.environment, i.project, i.kind, i.enabled,
      i.start, i."end", i.zone, i.days, i.mode
    from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, category text, environment text,
      project text, kind text, enabled boolean, start text, "end" text, zone text, days int[], mode text)
    on conflict (user_id, category, environment, project, kind) do update set enabled = excluded.enabled,
      window_start = excluded.window_start, window_end = excluded.window_end, zone = excluded.zone,
      days = excluded.days, mode = excluded.mode, updated_at = carillon_now()
    returning *
  `.execute(db);
  const { count } = await db
    .selectFrom('preferences')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  if (count > preferencesMax)
    throw new ConflictError('limit.reached', `A user may have ${preferencesMax} preferences`);
  await releaseHeld(db, { organizationId, userIds: [userId] });
  const byPart = new Map(rows.map((row) => [partOf(row), row]));
  return writes.flatMap((write) => byPart.get(partOf(write)) ?? []);
}

/** What a row speaks of, as one text: unique among the rows of a user. */
export function partOf(row: Pick<PreferenceRecord, 'category' | 'environment' | 'project' | 'kind'>): string {
  return JSON.stringify([row.category, row.environment, row.project, row.kind]);
}

/** Throws NotFoundError. What is held for the user is decided again at once. */
export async function deletePreference(
  db: Database,
  { organizationId, userId }: Owner,
  id: string,
): Promise<void> {
  const result = await db
    .deleteFrom('preferences')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n)
    throw new NotFoundError('preference.not_found', 'There is no such preference');
  await releaseHeld(db, { organizationId, userIds: [userId] });
}
