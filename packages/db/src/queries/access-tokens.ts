import { sql, type Selectable } from 'kysely';
import {
  NotFoundError,
  type AccessTokenId,
  type OrganizationId,
  type Role,
  type TokenScope,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { AccessTokensTable } from '../schema.ts';

/** Who stands behind a valid token. */
export interface TokenHolder {
  tokenId: AccessTokenId;
  hash: string;
  operator: boolean;
  scopes: TokenScope[];
  expiresAt: Date | null;
  /** Undefined for an operator's token that belongs to no user. */
  user: { id: UserId; organizationId: OrganizationId; role: Role } | undefined;
}

/** Finds valid tokens by their public part; revoked and expired ones, and those of deleted users, are absent. */
export async function loadTokenHolder(db: Database, lookup: string): Promise<TokenHolder | undefined> {
  const row = await db
    .selectFrom('access_tokens as t')
    .leftJoin('users as u', (join) => join.onRef('u.id', '=', 't.user_id').on('u.deleted_at', 'is', null))
    .select(['t.id', 't.hash', 't.operator', 't.scopes', 't.expires_at', 't.user_id'])
    .select(['u.id as uid', 'u.organization_id', 'u.role'])
    .where('t.lookup', '=', lookup)
    .where('t.revoked_at', 'is', null)
    .where((where) =>
      where.or([where('t.expires_at', 'is', null), where('t.expires_at', '>', sql<Date>`carillon_now()`)]),
    )
    .executeTakeFirst();
  if (row === undefined || (row.user_id !== null && row.uid === null)) return undefined;
  return {
    tokenId: row.id,
    hash: row.hash,
    operator: row.operator,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    user:
      row.uid === null || row.organization_id === null || row.role === null
        ? undefined
        : { id: row.uid, organizationId: row.organization_id, role: row.role },
  };
}

/** What lists may show of a token: never the token. */
export type TokenRecord = Omit<Selectable<AccessTokensTable>, 'hash' | 'lookup'>;

const shown = [
  ...(['id', 'organization_id', 'user_id', 'operator', 'name', 'scopes'] as const),
  ...(['created_at', 'expires_at', 'revoked_at', 'last_used_at'] as const),
] as const;

export interface NewAccessToken {
  id: AccessTokenId;
  organizationId: OrganizationId | null;
  userId: UserId | null;
  operator: boolean;
  name: string;
  lookup: string;
  hash: string;
  scopes: TokenScope[];
  expiresInSeconds: number | undefined;
}

/** Stores a token's hash. The same lookup twice changes nothing, so that a fixed first token may be seeded again. */
export async function insertAccessToken(
  db: Database,
  token: NewAccessToken,
): Promise<TokenRecord | undefined> {
  return db
    .insertInto('access_tokens')
    .values({
      id: token.id,
      organization_id: token.organizationId,
      user_id: token.userId,
      operator: token.operator,
      name: token.name,
      lookup: token.lookup,
      hash: token.hash,
      scopes: token.scopes,
      expires_at:
        token.expiresInSeconds === undefined
          ? null
          : sql<Date>`carillon_now() + make_interval(secs => ${token.expiresInSeconds})`,
    })
    .onConflict((conflict) => conflict.column('lookup').doNothing())
    .returning(shown)
    .executeTakeFirst();
}

/** The last 200 of a user, in the order they were made. */
export async function listAccessTokens(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<TokenRecord[]> {
  const newestFirst = await db
    .selectFrom('access_tokens')
    .select(shown)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return newestFirst.reverse();
}

/** How many tokens of a user work now. */
export async function countValidTokens(db: Database, userId: UserId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from access_tokens
    where user_id = ${userId} and revoked_at is null and (expires_at is null or expires_at > carillon_now())
  `.execute(db);
  return rows[0]?.count ?? 0;
}

/** Throws NotFoundError; revoking twice is fine. */
export async function revokeAccessToken(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
  id: AccessTokenId,
): Promise<void> {
  const result = await db
    .updateTable('access_tokens')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, carillon_now())` })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new NotFoundError('token.not_found', 'There is no such token');
}

/** Notes when tokens were used last; told in batches, at most once a minute per token. */
export async function touchAccessTokens(db: Database, ids: readonly AccessTokenId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update access_tokens set last_used_at = carillon_now() where id = any(${ids}::uuid[])`.execute(
    db,
  );
}
