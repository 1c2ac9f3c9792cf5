import { sql } from 'kysely';
import { NotFoundError, type OrganizationId, type Role, type UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { revokeSessionsOf } from './sessions.ts';

/** Somebody who may be meant by an e-mail address and can log in. */
export interface LoginCandidate {
  id: UserId;
  organizationId: OrganizationId;
  role: Role;
  passwordHash: string;
}

/**
 * Users with this e-mail address, in any case of letters, who have a password: one per organization at most.
 * `organization` is an id or a slug. Uses users_login.
 */
export async function listLoginCandidates(
  db: Database,
  wanted: { email: string; organization: string | undefined; limit: number },
): Promise<LoginCandidate[]> {
  const { email, organization } = wanted;
  const within =
    organization === undefined
      ? sql``
      : sql`and exists (select from organizations o where o.id = u.organization_id
          and (o.slug = ${organization} or o.id::text = lower(${organization})))`;
  const { rows } = await sql<LoginCandidate>`
    select u.id, u.organization_id as "organizationId", u.role, u.password_hash as "passwordHash"
    from users u
    where lower(u.email) = lower(${email}) and u.email is not null and u.password_hash is not null
      and u.deleted_at is null ${within}
    order by u.id limit ${wanted.limit}
  `.execute(db);
  return rows;
}

/** The hash of a user's password; undefined where there is none. Throws NotFoundError. */
export async function getPasswordHash(
  db: Database,
  organizationId: OrganizationId,
  id: UserId,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return row.password_hash ?? undefined;
}

/**
 * Gives a user another password, or none, and ends all sessions that were begun with the old one. Answers how many
 * those were. Throws NotFoundError.
 */
export async function changePassword(
  db: Database,
  organizationId: OrganizationId,
  id: UserId,
  passwordHash: string | null,
): Promise<number> {
  const result = await db
    .updateTable('users')
    .set({ password_hash: passwordHash })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new NotFoundError('user.not_found', 'There is no such user');
  return revokeSessionsOf(db, organizationId, id);
}

/** Stores the same password at other costs, unless it was changed meanwhile; sessions go on. Says whether it did. */
export async function replacePasswordHash(
  db: Database,
  id: UserId,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set({ password_hash: to })
    .where('id', '=', id)
    .where('password_hash', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
