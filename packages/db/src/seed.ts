import { sql } from 'kysely';
import type { AccessTokenId, OrganizationId, UserId } from '@carillon/core';
import type { Database } from './connect.ts';
import { inTransaction } from './transactions.ts';
import { insertAccessToken } from './queries/access-tokens.ts';
import { insertOrganization, loadOrganization } from './queries/organizations.ts';
import { loadUser, upsertUser } from './queries/users.ts';

/** A token ready to be stored: its public part and the hash of the whole. */
export interface HashedToken {
  lookup: string;
  hash: string;
}

export interface FirstAdmin {
  token: HashedToken;
  /** Also an operator, who may make organizations: the local stack's first token is. */
  operator: boolean;
  newId: () => string;
  paused: boolean;
}

/**
 * Makes the organization `default` and its first admin with the given token, where they are missing.
 * Safe to call at every start and from several processes at once.
 */
export async function ensureFirstAdmin(
  db: Database,
  admin: FirstAdmin,
): Promise<{ organizationId: OrganizationId; userId: UserId }> {
  return inTransaction(db, async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('carillon.first_admin', 0))`.execute(transaction);
    const organization =
      (await loadOrganization(transaction, { slug: 'default' })) ??
      (await insertOrganization(transaction, {
        id: admin.newId() as OrganizationId,
        slug: 'default',
        name: 'Default',
        paused: admin.paused,
      }));
    const user = await ensureUser(transaction, organization.id, admin.newId, {
      externalId: 'first-admin',
      name: 'First admin',
      role: 'admin',
    });
    await ensureToken(
      transaction,
      organization.id,
      user,
      admin.token,
      admin.operator,
      'first admin',
      admin.newId,
    );
    return { organizationId: organization.id, userId: user };
  });
}

/** A user of the local stack to send the first notification to, with a token for the inbox. */
export async function ensureDemoUser(
  db: Database,
  demo: { organizationId: OrganizationId; token: HashedToken; newId: () => string },
): Promise<{ userId: UserId }> {
  return inTransaction(db, async (transaction) => {
    const userId = await ensureUser(transaction, demo.organizationId, demo.newId, {
      externalId: 'demo',
      name: 'Demo user',
      email: 'demo@example.com',
      role: 'member',
    });
    await ensureToken(transaction, demo.organizationId, userId, demo.token, false, 'demo user', demo.newId);
    return { userId };
  });
}

async function ensureUser(
  db: Database,
  organizationId: OrganizationId,
  newId: () => string,
  fields: { externalId: string; name: string; email?: string; role: 'admin' | 'member' },
): Promise<UserId> {
  const existing = await loadUser(db, organizationId, { externalId: fields.externalId });
  if (existing !== undefined) return existing.id;
  const { user } = await upsertUser(db, { id: newId() as UserId, organizationId, fields });
  return user.id;
}

async function ensureToken(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
  token: HashedToken,
  operator: boolean,
  name: string,
  newId: () => string,
): Promise<void> {
  await insertAccessToken(db, {
    ...{ id: newId() as AccessTokenId, organizationId, userId, operator, name },
    ...{ lookup: token.lookup, hash: token.hash, scopes: [], expiresInSeconds: undefined },
  });
}
