import type { DeliveryId } from '@carillon/core';
import {
  asDeliveryId,
  type InboundEvent,
  type InboundReading,
  type InboundRequest,
  type InboundSurroundings,
} from '../inbound.ts';
import { parseJson, recordOf, textOf } from '../json-values.ts';
import { spamReason } from './sendgrid-events.ts';
import { readSns } from './sns.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Events of Amazon SES that come through a topic of SNS: those of a configuration set, and those of an identity. */
export async function readSes(
  { body }: InboundRequest,
  settings: { events_topic?: string; events_url?: string },
  surroundings: InboundSurroundings,
): Promise<InboundReading> {
  const message = await readSns(body, settings, surroundings);
  if (message === undefined) return { outcome: 'read', events: [] };
  if ('outcome' in message) return message;
  if (message.type === 'confirmation') return { outcome: 'read', events: [], confirmUrl: message.url };
  // SES itself sends a line of text when a topic is named for it.
  const event = recordOf(parseJson(message.text));
  const mail = recordOf(event['mail']);
  const deliveryId = deliveryOf(mail);
  const told = deliveryId === undefined ? undefined : feedbackOf(event, textOf(mail['messageId']));
  return {
    outcome: 'read',
    events: deliveryId === undefined || told === undefined ? [] : [{ type: 'feedback', deliveryId, ...told }],
  };
}

/** By our header; else by the Message-ID that we gave, which begins with the delivery. */
function deliveryOf(mail: Fields): DeliveryId | undefined {
  const headers: unknown[] = Array.isArray(mail['headers']) ? mail['headers'] : [];
  const ours = headers
    .map(recordOf)
    .find((header) => textOf(header['name'])?.toLowerCase() === 'x-carillon-delivery');
  const messageId = textOf(recordOf(mail['commonHeaders'])['messageId']) ?? '';
  return asDeliveryId(textOf(ours?.['value'])) ?? asDeliveryId(/^<?([0-9a-f-]{36})@/i.exec(messageId)?.[1]);
}

type Told = Omit<Extract<InboundEvent, { type: 'feedback' }>, 'type' | 'deliveryId'>;

function feedbackOf(event: Fields, providerId: string | undefined): Told | undefined {
  switch (event['eventType'] ?? event['notificationType']) {
    case 'Delivery':
      return { feedback: 'delivered', providerId };
    case 'Open':
    case 'Click':
      return { feedback: 'opened', providerId };
    case 'Bounce':
      return { ...bounceOf(recordOf(event['bounce'])), providerId };
    case 'Complaint':
      return { ...complaintOf(recordOf(event['complaint'])), providerId };
    case 'Reject':
      return { feedback: 'bounced', reason: textOf(recordOf(event['reject'])['reason']), providerId };
    default:
      return undefined;
  }
}

function bounceOf(bounce: Fields): Told {
  const recipient = firstOf(bounce['bouncedRecipients']);
  const kind = [textOf(bounce['bounceType']), textOf(bounce['bounceSubType'])].filter(Boolean).join(', ');
  const words = textOf(recipient['diagnosticCode']) ?? textOf(recipient['status']);
  const reason = words === undefined ? kind : `${words} (${kind})`;
  const isForGood = bounce['bounceType'] === 'Permanent';
  return {
    feedback: 'bounced',
    reason,
    badAddress: isForGood ? textOf(recipient['emailAddress']) : undefined,
  };
}

function complaintOf(complaint: Fields): Told {
  // Somebody took it out of the junk folder.
  if (complaint['complaintFeedbackType'] === 'not-spam') return { feedback: 'delivered' };
  const address = textOf(firstOf(complaint['complainedRecipients'])['emailAddress']);
  return { feedback: 'bounced', reason: spamReason, badAddress: address };
}

function firstOf(list: unknown): Fields {
  return recordOf(Array.isArray(list) ? list[0] : undefined);
}
