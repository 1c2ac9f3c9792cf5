import { sql } from 'kysely';
import type { OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';

export interface IdempotencyKey {
  organizationId: OrganizationId;
  /** The user, or the token of an operator without one: keys of different callers never meet. */
  callerId: string;
  route: string;
  key: string;
}

/** What is kept of a request that succeeded: never its body, never a secret. */
export interface StoredRequest {
  requestId: string;
  bodyHash: string;
  ids: string[];
  details: unknown;
}

export async function loadStoredRequest(
  db: Database,
  key: IdempotencyKey,
): Promise<StoredRequest | undefined> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select(['request_id', 'body_hash', 'ids', 'details'])
    .where('organization_id', '=', key.organizationId)
    .where('caller_id', '=', key.callerId)
    .where('route', '=', key.route)
    .where('key', '=', key.key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { requestId: row.request_id, bodyHash: row.body_hash, ids: row.ids, details: row.details };
}

/**
 * Takes a key inside the caller's transaction; waits for another transaction that holds it. False
 * when it was taken before: then nothing may be written.
 */
export async function takeIdempotencyKey(
  db: Database,
  key: IdempotencyKey,
  request: { requestId: string; bodyHash: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into idempotency_keys (organization_id, caller_id, route, key, body_hash, request_id)
    values (${key.organizationId}, ${key.callerId}, ${key.route}, ${key.key}, ${request.bodyHash},
      ${request.requestId})
    on conflict do nothing returning 1
  `.execute(db);
  return rows.length > 0;
}

/** Notes what the request made, in the same transaction. */
export async function completeIdempotencyKey(
  db: Database,
  key: IdempotencyKey,
  result: { ids: string[]; details: unknown },
): Promise<void> {
  await sql`
    update idempotency_keys set ids = ${result.ids}::uuid[], details = ${JSON.stringify(result.details ?? null)}::jsonb
    where organization_id = ${key.organizationId} and caller_id = ${key.callerId} and route = ${key.route}
      and key = ${key.key}
  `.execute(db);
}

/** Keys are kept for a day at least. Answers how many went. */
export async function deleteOldIdempotencyKeys(db: Database, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys where created_at < carillon_now() - interval '24 hours' limit ${limit}))
  `.execute(db);
  return Number(numAffectedRows ?? 0n);
}
