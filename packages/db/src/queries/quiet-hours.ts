import { sql, type Selectable } from 'kysely';
import { NotFoundError, type OrganizationId, type UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { QuietHoursTable } from '../policy-tables.ts';
import { releaseHeld } from './held.ts';

export type QuietHoursRecord = Selectable<QuietHoursTable>;

/** A window as callers set it; without a zone it is meant in the user's. */
export interface StoredWindow {
  start: string;
  end: string;
  zone: string | null;
  days: readonly number[] | null;
}

interface Owner {
  organizationId: OrganizationId;
  userId: UserId;
}

/**
 * Locks a user for a change of what it wants, so that two changes at once count and check one after the
 * other. Throws NotFoundError for who is removed.
 */
export async function lockOwner(db: Database, { organizationId, userId }: Owner): Promise<void> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
}

/** Undefined when the user never set quiet hours and never muted. */
export async function loadQuietHours(
  db: Database,
  { organizationId, userId }: Owner,
): Promise<QuietHoursRecord | undefined> {
  return db
    .selectFrom('quiet_hours')
    .selectAll()
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

/** Sets the window; a mute stays. What is held is decided again at once. */
export function setQuietHours(
  db: Database,
  owner: Owner,
  window: StoredWindow & { urgentPasses: boolean },
): Promise<QuietHoursRecord> {
  const { start, end, zone, days } = window;
  return write(db, owner, {
    ...{ window_start: start, window_end: end, zone, days: days === null ? null : [...days] },
    urgent_passes: window.urgentPasses,
  });
}

/** Removes the window and what belongs to it; a mute stays. What is held is decided again at once. */
export async function clearQuietHours(db: Database, owner: Owner): Promise<void> {
  const none = { window_start: null, window_end: null, zone: null, days: null, urgent_passes: true };
  await write(db, owner, none);
}

/** Undefined when `until` is not in the future of the database's clock: then nothing is written. */
export async function setMute(
  db: Database,
  owner: Owner,
  until: Date,
): Promise<QuietHoursRecord | undefined> {
  const { rows } = await sql<{
    ahead: boolean;
  }>`select ${until}::timestamptz > carillon_now() as ahead`.execute(db);
  return rows[0]?.ahead === true ? write(db, owner, { muted_until: until }) : undefined;
}

/** Ends a mute, if there is one. What is held is decided again at once. */
export async function clearMute(db: Database, owner: Owner): Promise<void> {
  await write(db, owner, { muted_until: null });
}

async function write(
  db: Database,
  { organizationId, userId }: Owner,
  fields: Partial<Omit<QuietHoursRecord, 'user_id' | 'organization_id' | 'updated_at'>>,
): Promise<QuietHoursRecord> {
  const row = await db
    .insertInto('quiet_hours')
    .values({ user_id: userId, organization_id: organizationId, ...fields })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ ...fields, updated_at: sql<Date>`carillon_now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  await releaseHeld(db, { organizationId, userIds: [userId] });
  return row;
}
