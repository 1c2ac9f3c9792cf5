import { sql } from 'kysely';
import type { OrganizationId } from '@carillon/core';
import type { Database } from './connect.ts';
import { sqlState } from './unavailable.ts';

/** Serialisation failure and deadlock: the transaction left nothing, and a second try may do better. */
const conflicts = new Set(['40001', '40P01']);
const triesMax = 3;

/** Runs a transaction that may be repeated as a whole; a conflict with another one is tried three times. */
export async function inTransaction<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return db.isTransaction ? await work(db) : await db.transaction().execute(work);
    } catch (cause) {
      const state = sqlState(cause);
      if (db.isTransaction || attempt >= triesMax || state === undefined || !conflicts.has(state))
        throw cause;
    }
  }
}

/**
 * A transaction that sees one organization's rows only, as far as the login has the role for it
 * (roles.ts). Every read and write of a request goes through here; the second wall behind the
 * `organization_id` in each query.
 */
export function inOrganization<T>(
  db: Database,
  organizationId: OrganizationId,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  return inTransaction(db, (transaction) => asOrganization(transaction, organizationId, work));
}

async function asOrganization<T>(
  transaction: Database,
  organizationId: OrganizationId,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  await sql`select set_config('carillon.organization_id', ${organizationId}, true)`.execute(transaction);
  return work(transaction);
}

/**
 * As `inOrganization`, for work that only reads: whatever it tries, it can write nothing. Its statements see what
 * was committed before each of them. What opens and closes the transaction goes with the read to the server and back
 * (pool-client.ts).
 */
export function readInOrganization<T>(
  db: Database,
  organizationId: OrganizationId,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return asOrganization(db, organizationId, work);
  return db
    .transaction()
    .setAccessMode('read only')
    .execute((transaction) => asOrganization(transaction, organizationId, work));
}

/**
 * As `inOrganization`, for questions of several statements: they all see the same moment, and none can write
 * anything, whatever it tries.
 */
export function inSnapshot<T>(
  db: Database,
  organizationId: OrganizationId,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((transaction) => inOrganization(transaction, organizationId, work));
}

/**
 * Runs work inside a transaction so that its failure undoes only this work: the transaction goes on,
 * and the error is thrown again.
 */
export async function inSavepoint<T>(db: Database, work: () => Promise<T>): Promise<T> {
  await sql`savepoint carillon_work`.execute(db);
  try {
    const result = await work();
    await sql`release savepoint carillon_work`.execute(db);
    return result;
  } catch (cause) {
    await sql`rollback to savepoint carillon_work`.execute(db);
    await sql`release savepoint carillon_work`.execute(db);
    throw cause;
  }
}
