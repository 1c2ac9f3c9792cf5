import { sql } from 'kysely';
import type { OrganizationId, Role, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';

/** A user, as edges with short ids show people. */
export interface PersonRecord {
  id: UserId;
  short_id: string;
  username: string | null;
  external_id: string | null;
  email: string | null;
  name: string | null;
  role: Role;
}

/** For edges whose clients count pages instead of following cursors. */
export interface PeoplePage {
  /** Only the one with this name: the username in any case of letters, or the external id of who has none. */
  username?: string | undefined;
  /** Only this one. */
  id?: UserId | undefined;
  offset: number;
  limit: number;
}

/** In the order in which they were made, and how many there are in all. Uses users_updated to count. */
export async function listPeople(
  db: Database,
  organizationId: OrganizationId,
  page: PeoplePage,
): Promise<{ people: PersonRecord[]; total: number }> {
  const conditions = [sql`organization_id = ${organizationId} and deleted_at is null`];
  const { id, username } = page;
  if (id !== undefined) conditions.push(sql`id = ${id}`);
  if (username !== undefined) {
    conditions.push(sql`(lower(username) = ${username.toLowerCase()}
      or (username is null and external_id = ${username}))`);
  }
  const where = sql.join(conditions, sql` and `);
  const counted = await sql<{ total: number }>`select count(*) as total from users where ${where}`.execute(
    db,
  );
  const { rows } = await sql<PersonRecord>`
    select id, short_id, username, external_id, email, name, role
    from users where ${where} order by id limit ${page.limit} offset ${page.offset}
  `.execute(db);
  return { people: rows, total: counted.rows[0]?.total ?? 0 };
}
