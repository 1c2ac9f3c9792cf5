import type { Message } from '@carillon/channels';
import type { DeliveryOutcome, DigestStart, SendableDelivery } from '@carillon/db';
import type { ReadySend } from './prepare.ts';

/** A delivery whose attempt is open under our lease: all that is missing is the send. */
export interface BegunDelivery {
  delivery: SendableDelivery;
  message: Message;
  attemptNumber: number;
}

/** How an attempt ends that was opened and never entered its adapter. */
export function notSent({ delivery, attemptNumber }: BegunDelivery): DeliveryOutcome {
  return {
    ...{ deliveryId: delivery.id, leaseToken: delivery.leaseToken, state: 'pending', reason: 'retry' },
    delayMs: 0,
    attempt: {
      ...{ number: attemptNumber, outcome: 'retry', reason: 'the worker could not begin the send' },
      ...{ statusCode: undefined, providerId: undefined },
    },
  };
}

/** Of those whose message tells of others too. */
export function toDigestStarts(turns: readonly ReadySend[]): DigestStart[] {
  return turns
    .filter(({ members }) => members.length > 0)
    .map(({ delivery, members }) => ({
      carrierId: delivery.id,
      members: members.map(({ id, leaseToken }) => ({ id, leaseToken })),
    }));
}
