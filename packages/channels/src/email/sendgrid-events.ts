import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import {
  asDeliveryId,
  refused,
  type InboundEvent,
  type InboundReading,
  type InboundRequest,
} from '../inbound.ts';
import { parseJson, recordOf, textOf } from '../json-values.ts';
import { sendGridArgument } from './event-settings.ts';

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';

/**
 * Posts of SendGrid's event webhook with the signature switched on: ECDSA over the time and the body ("Getting started
 * with the event webhook security features").
 */
export function readSendGrid(
  { headers, body }: InboundRequest,
  { events_key: key }: { events_key?: string },
): InboundReading {
  const publicKey = key === undefined ? undefined : readKey(key);
  if (publicKey === undefined) {
    return refused('not_set_up', 'events_key of the channel is no verification key of SendGrid');
  }
  const [signature, timestamp] = [headers[signatureHeader], headers[timestampHeader]];
  if (signature === undefined || timestamp === undefined) {
    return refused(
      'unsigned',
      'X-Twilio-Email-Event-Webhook-Signature and -Timestamp are needed: switch on "Signed Event Webhook" in SendGrid',
    );
  }
  const signed = Buffer.from(timestamp + body, 'utf8');
  if (!verify('sha256', signed, publicKey, Buffer.from(signature, 'base64'))) {
    return refused(
      'forged',
      'The signature does not fit: compare events_key with the verification key in SendGrid',
    );
  }
  const events = parseJson(body);
  if (!Array.isArray(events)) return refused('malformed', 'The body is no JSON array of events');
  return { outcome: 'read', events: events.flatMap((event) => toEvent(recordOf(event))) };
}

function readKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    return undefined;
  }
}

function toEvent(event: Readonly<Record<string, unknown>>): InboundEvent[] {
  const deliveryId =
    asDeliveryId(textOf(event[sendGridArgument])) ?? asDeliveryId(messageIdOf(textOf(event['smtp-id'])));
  const told = deliveryId === undefined ? undefined : feedbackOf(event);
  return deliveryId === undefined || told === undefined ? [] : [{ type: 'feedback', deliveryId, ...told }];
}

/** Our own Message-ID begins with the delivery. */
function messageIdOf(header: string | undefined): string | undefined {
  return /^<?([0-9a-f-]{36})@/i.exec(header ?? '')?.[1];
}

type Told = Omit<Extract<InboundEvent, { type: 'feedback' }>, 'type' | 'deliveryId'>;

/** Why SendGrid did not even try: it knows the address to be bad, or that its owner complained. */
const droppedForGood = /^(?:bounced address|invalid|spam reporting address)/i;

function feedbackOf(event: Readonly<Record<string, unknown>>): Told | undefined {
  const providerId = textOf(event['sg_message_id']);
  const address = textOf(event['email']);
  const reason = textOf(event['reason']);
  switch (event['event']) {
    case 'delivered':
      return { feedback: 'delivered', providerId };
    case 'open':
      // Some mail programs load every picture as soon as a mail comes, whether or not anybody looks at it.
      return event['sg_machine_open'] === true ? undefined : { feedback: 'opened', providerId };
    case 'click':
      return { feedback: 'opened', providerId };
    case 'bounce': {
      const isForGood = event['type'] !== 'blocked';
      return { feedback: 'bounced', reason, providerId, badAddress: isForGood ? address : undefined };
    }
    case 'dropped': {
      const isForGood = droppedForGood.test(reason ?? '');
      return { feedback: 'bounced', reason, providerId, badAddress: isForGood ? address : undefined };
    }
    case 'spamreport':
      return { feedback: 'bounced', reason: spamReason, providerId, badAddress: address };
    default:
      return undefined;
  }
}

/** What is told of who reports a mail as spam: nothing more may be sent there. */
export const spamReason = 'its reader reported it as spam';
