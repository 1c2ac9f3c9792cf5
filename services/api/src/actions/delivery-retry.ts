import { ConflictError, NotFoundError, type DeliveryId, type DeliveryState } from '@carillon/core';
import { getDelivery, inOrganization, type DeliveryRecord } from '@carillon/db';
import {
  getDeliveryContent,
  lockForRetry,
  retryDelivery,
  type DeliveryContentRecord,
  type RetryCandidate,
} from '@carillon/db/operation';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { once, type OnceResult } from './once.ts';

/** What a caller accepts to happen. */
export interface RetryConsent {
  /** That it arrives twice. */
  confirm: boolean;
  /** That it arrives although it has expired. */
  includeExpired: boolean;
}

/** Makes one delivery due now. Throws NotFoundError, and ConflictError that says what stands against it. */
export async function retryOne(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  id: DeliveryId,
  { consent, key }: { consent: RetryConsent; key: RequestKey | undefined },
): Promise<OnceResult<DeliveryRecord>> {
  const { organizationId } = caller.user;
  const done = await once<DeliveryRecord>(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      check(await lockForRetry(db, organizationId, id), consent);
      await retryDelivery(db, organizationId, id);
      return { result: await getDelivery(db, organizationId, id), ids: [id] };
    },
    again: (db) => getDelivery(db, organizationId, id),
  });
  if (!done.replayed) {
    deps.log.info({
      ...{ event: 'delivery.replayed', deliveryId: id, organizationId, callerId: caller.id },
      ...{ notificationId: done.result.notification_id, attemptsMade: done.result.attempts_made },
    });
  }
  return done;
}

/** Why a state cannot be tried again; undefined for those that can. */
const refusals: Record<DeliveryState, string | undefined> = {
  dead: undefined,
  unknown: undefined,
  expired: undefined,
  pending: 'The delivery is due or waits already',
  sending: 'The delivery is being sent at this moment',
  sent: 'The delivery was sent; send a new notification instead',
  suppressed: 'It was decided against this delivery; `reason` says why. Send a new notification instead',
  cancelled: 'The delivery was cancelled; send a new notification instead',
  digested: 'The delivery was told together with others in one message',
};

function check({ state, obstacle }: RetryCandidate, consent: RetryConsent): void {
  const refusal = refusals[state];
  if (refusal !== undefined) throw new ConflictError('delivery.not_retryable', refusal);
  if (obstacle === 'deleted') {
    throw new ConflictError('delivery.not_retryable', 'The notification or its recipient was deleted');
  }
  if (obstacle === 'cancelled') {
    throw new ConflictError('delivery.not_retryable', 'The notification was cancelled');
  }
  if (obstacle === 'expired' && !consent.includeExpired) {
    throw new ConflictError('delivery.expired', 'The notification has expired', {
      errors: [{ pointer: '/include_expired', detail: 'must be true to send what has expired' }],
    });
  }
  if (state === 'unknown' && !consent.confirm) {
    throw new ConflictError('delivery.confirmation_required', 'It may have arrived, and would arrive twice', {
      errors: [{ pointer: '/confirm', detail: 'must be true to send what may have arrived' }],
    });
  }
}

/** The message that was kept of a delivery; throws NotFoundError, which tells whether there will be one. */
export async function getContent(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  id: DeliveryId,
): Promise<unknown> {
  const row = await inOrganization(deps.db, user.organizationId, (db) =>
    getDeliveryContent(db, user.organizationId, id),
  );
  if (row.message !== null) return row.message;
  throw isRemoved(row)
    ? new NotFoundError('delivery.content_removed', 'The content was removed with its notification')
    : new NotFoundError('delivery.not_rendered', 'No message was rendered for this delivery yet');
}

/** A delivery that ended while it waited gave its message back, if it had one. */
function isRemoved({ deleted, state }: DeliveryContentRecord): boolean {
  return deleted || state === 'cancelled' || state === 'expired' || state === 'digested';
}
