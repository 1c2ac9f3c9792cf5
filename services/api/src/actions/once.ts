import type { OrganizationId } from '@carillon/core';
import {
  completeIdempotencyKey,
  inOrganization,
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

/**
 * Runs a write of one organization in a transaction, once per idempotency key: a repeat does not write
 * but gives the answer again through `again`. Without a key it just runs.
 * Throws InvalidError when the key was used for another request.
 */
export async function once<T>(
  deps: Pick<ApiDeps, 'db' | 'newId'>,
  caller: { organizationId: OrganizationId; id: string },
  key: RequestKey | undefined,
  work: {
    write(db: Database): Promise<Made<T>>;
    again(db: Database, stored: { ids: string[]; details: unknown }): Promise<T>;
  },
): Promise<{ result: T; replayed: boolean }> {
  const { organizationId } = caller;
  return inOrganization(deps.db, organizationId, async (db) => {
    if (key === undefined) return { result: (await work.write(db)).result, replayed: false };
    const place = { organizationId, callerId: caller.id, route: key.route, key: key.key };
    const taken = await takeIdempotencyKey(db, place, { requestId: deps.newId(), bodyHash: key.bodyHash });
    if (!taken) {
      const stored = await loadStoredRequest(db, place);
      checkStored(stored, key.bodyHash);
      return { result: await work.again(db, stored), replayed: true };
    }
    const made = await work.write(db);
    await completeIdempotencyKey(db, place, { ids: made.ids, details: made.details });
    return { result: made.result, replayed: false };
  });
}
