import type { DeliveryId } from '@carillon/core';
import { Webhook } from 'standardwebhooks';
import type { Adapter, AdapterDeps, Message, SendRequest } from '../adapter.ts';
import { outcomeOfAnswer } from '../http-outcome.ts';
import { createHttpDoor } from '../http.ts';
import { settingsReader } from '../settings-reader.ts';
import { coderBody, coderBodyBytesMax } from './coder-body.ts';
import { webhookSettings, type WebhookSettings } from './schema.ts';

/** In Carillon's own format. Receivers may refuse more (Standard Webhooks, "Payload size": under 20 kB). */
export const webhookBodyBytesMax = 20 * 1024;

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const readSettings = settingsReader(webhookSettings);

/**
 * Posts notifications as Standard Webhooks 1.0: the delivery id is the `webhook-id` of every try, the
 * body is the same bytes in every try, and it is signed with the secret and, during a rotation, with
 * the previous one too. In the format `coder` the body and `X-Message-Id` are Coder's, and the signature goes along.
 */
export function createWebhookAdapter(deps: AdapterDeps): Adapter {
  const door = createHttpDoor(deps);
  return {
    async send({ deliveryId, message, target, signal, traceparent }) {
      const settings = readSettings(target.settings);
      if (settings === undefined) return { outcome: 'reject', reason: 'channel settings are not valid' };
      const isCoder = settings.format === 'coder';
      const body = isCoder ? coderBody(deliveryId, message, deps.publicUrl) : webhookBody(message);
      const bytesMax = isCoder ? coderBodyBytesMax : webhookBodyBytesMax;
      if (Buffer.byteLength(body) > bytesMax) {
        return { outcome: 'reject', reason: `notification is larger than ${bytesMax} bytes` };
      }
      const headers = {
        ...signedHeaders(deliveryId, deps.clock.now(), body, settings),
        ...plainHeaders(deps.version, deliveryId, traceparent),
        ...(isCoder ? { 'x-message-id': deliveryId } : {}),
      };
      const answer = await door.post({ url: settings.url, headers, body, signal });
      return outcomeOfAnswer(answer, deps.clock.now());
    },
    stop: () => door.stop(),
  };
}

/**
 * Field by field, because a message that was kept between two tries comes back with its keys in
 * another order, and a receiver may compare bytes.
 */
function webhookBody({ notification }: Message): string {
  const { recipient, actions } = notification;
  return JSON.stringify({
    type: 'notification.created',
    timestamp: notification.created_at,
    data: {
      id: notification.id,
      organization_id: notification.organization_id,
      recipient: { id: recipient.id, external_id: recipient.external_id },
      title: notification.title,
      body: notification.body,
      category: notification.category,
      urgent: notification.urgent,
      url: notification.url,
      icon: notification.icon,
      actions: actions.map(({ label, url }) => ({ label, url })),
      data: notification.data,
      created_at: notification.created_at,
    },
  });
}

function signedHeaders(
  deliveryId: DeliveryId,
  now: Date,
  body: string,
  settings: WebhookSettings,
): Record<string, string> {
  const secrets = [settings.secret, settings.previous_secret].filter((secret) => secret !== undefined);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(deliveryId, now, body));
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

function plainHeaders(
  version: string,
  deliveryId: DeliveryId,
  traceparent: SendRequest['traceparent'],
): Record<string, string> {
  const isTraced = traceparent !== undefined && traceparentForm.test(traceparent);
  return {
    'content-type': 'application/json',
    'user-agent': `Carillon/${version}`,
    'x-carillon-delivery': deliveryId,
    ...(isTraced ? { traceparent } : {}),
  };
}
