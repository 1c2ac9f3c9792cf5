import {
  ConflictError,
  InvalidError,
  type FieldError,
  type OrganizationId,
  type TriggerId,
} from '@carillon/core';
import { listAccepted, loadStoredRequest, type AcceptIdempotency, type StoredRequest } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { AcceptResult, TriggerResult } from './accept.ts';

/** What is kept of a trigger besides its rows. */
type TriggerDetails =
  | { outcome: 'accepted'; id: TriggerId; deduplicated: number; rejected: FieldError[] }
  | Extract<TriggerResult, { outcome: 'refused' }>;

/**
 * Makes the answer of an earlier create again, from its rows. `requestId` tells a flush that was tried
 * again after an unknown outcome from another call with the same key.
 * Throws InvalidError when the key was used for another request.
 */
export async function replayAccepted(
  deps: Pick<ApiDeps, 'system'>,
  organizationId: OrganizationId,
  key: Omit<AcceptIdempotency, 'details'>,
  requestId: string,
): Promise<AcceptResult> {
  const stored = await loadStoredRequest(deps.system, { organizationId, ...key });
  checkStored(stored, key.bodyHash);
  const rows = await listAccepted(deps.system, organizationId, stored.ids);
  const details = stored.details as TriggerDetails[];
  const triggers = details.map((one): TriggerResult => {
    if (one.outcome === 'refused') return one;
    const notifications = rows
      .filter((row) => row.triggerId === one.id)
      .map(({ id, recipientId }) => ({ id, recipientId }));
    return { ...one, notifications };
  });
  return { triggers, replayed: stored.requestId !== requestId };
}

/** Throws when there is nothing to give again, or it belongs to another request. */
export function checkStored(
  stored: StoredRequest | undefined,
  bodyHash: string,
): asserts stored is StoredRequest {
  if (stored === undefined) {
    // The winner rolled back between our insert and this read.
    throw new ConflictError('idempotency.in_progress', 'The first call with this key is still running', {
      retryAfterMs: 1_000,
    });
  }
  if (stored.bodyHash !== bodyHash) {
    throw new InvalidError(
      'idempotency.key_reused',
      'This Idempotency-Key was used for another request within 24 hours',
    );
  }
}
