import type { OrganizationId } from '@carillon/core';
import {
  completeIdempotencyKey,
  inOrganization,
  inTransaction,
  loadStoredRequest,
  takeIdempotencyKey,
  type Database,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { checkStored } from './replay.ts';

/** What a write made, and what its repeat needs to give the same answer from rows. */
export interface Made<T> {
  result: T;
  ids: string[];
  details?: unknown;
}

/** How to write, and how to give the answer of an earlier write again. */
export interface OnceWork<T> {
  write(db: Database): Promise<Made<T>>;
  again(db: Database, stored: { ids: string[]; details: unknown }): Promise<T>;
}

/** A result, and whether it is the answer of an earlier call. */
export interface OnceResult<T> {
  result: T;
  replayed: boolean;
}

/**
 * Runs a write of one organization in a transaction, once per idempotency key: a repeat does not write
 * but gives the answer again through `again`. Without a key it just runs.
 * Throws InvalidError when the key was used for another request.
 */
export async function once<T>(
  deps: Pick<ApiDeps, 'db' | 'newId'>,
  caller: { organizationId: OrganizationId; id: string },
  key: RequestKey | undefined,
  work: OnceWork<T>,
): Promise<OnceResult<T>> {
  return inOrganization(deps.db, caller.organizationId, (db) => onceIn(deps, db, caller, key, work));
}

/** Keys of operators belong to no organization; no organization has this id (RFC 9562, section 5.9). */
const nobodys = '00000000-0000-0000-0000-000000000000' as OrganizationId;

/** As `once`, for an operator's write that is of no one organization. */
export async function onceAsOperator<T>(
  deps: Pick<ApiDeps, 'system' | 'newId'>,
  callerId: string,
  key: RequestKey | undefined,
  work: OnceWork<T>,
): Promise<OnceResult<T>> {
  const caller = { organizationId: nobodys, id: callerId };
  return inTransaction(deps.system, (db) => onceIn(deps, db, caller, key, work));
}

async function onceIn<T>(
  deps: Pick<ApiDeps, 'newId'>,
  db: Database,
  caller: { organizationId: OrganizationId; id: string },
  key: RequestKey | undefined,
  work: OnceWork<T>,
): Promise<OnceResult<T>> {
  if (key === undefined) return { result: (await work.write(db)).result, replayed: false };
  const place = {
    ...{ organizationId: caller.organizationId, callerId: caller.id },
    ...{ route: key.route, key: key.key },
  };
  const taken = await takeIdempotencyKey(db, place, { requestId: deps.newId(), bodyHash: key.bodyHash });
  if (!taken) {
    const stored = await loadStoredRequest(db, place);
    checkStored(stored, key.bodyHash);
    return { result: await work.again(db, stored), replayed: true };
  }
  const made = await work.write(db);
  await completeIdempotencyKey(db, place, { ids: made.ids, details: made.details });
  return { result: made.result, replayed: false };
}
