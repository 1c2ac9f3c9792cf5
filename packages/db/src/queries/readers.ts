import { sql, type RawBuilder } from 'kysely';
import type { RenderContext, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';

/** Who reads, as templates see them, as JSON: of a user `u` and an organization `o`. */
export const reader: RawBuilder<RenderContext> = sql`json_build_object(
  'user', json_build_object('id', u.id, 'external_id', u.external_id, 'name', u.name, 'username', u.username,
    'email', u.email, 'zone', u.zone, 'locale', u.locale),
  'organization', json_build_object('id', o.id, 'slug', o.slug, 'name', o.name, 'zone', o.zone, 'locale', o.locale))`;

/**
 * Who reads, with their organizations. For what is rendered only: users without templates cost nothing. Removed
 * users are absent.
 */
export async function loadReaders(
  db: Database,
  userIds: readonly UserId[],
): Promise<Map<UserId, RenderContext>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await sql<{ id: UserId; reader: RenderContext }>`
    select u.id, ${reader} as reader from users u join organizations o on o.id = u.organization_id
    where u.id = any(${[...new Set(userIds)]}::uuid[]) and u.deleted_at is null
  `.execute(db);
  return new Map(rows.map((row) => [row.id, row.reader]));
}
