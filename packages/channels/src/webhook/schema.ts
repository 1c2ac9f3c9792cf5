import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { checkOutgoingUrl } from '../outgoing-url.ts';
import { isWebhookSecret, newWebhookSecret } from './secret.ts';

export const webhookSettings = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 2_048, description: 'Where notifications are posted to' }),
    format: Type.Optional(
      Type.Enum(['carillon', 'coder'], {
        default: 'carillon',
        description:
          "What is posted: Carillon's own body, or the one that Coder posts, for receivers written for Coder",
      }),
    ),
    secret: Type.String({
      maxLength: 128,
      writeOnly: true,
      description: 'Signing secret: whsec_ and 24 to 64 bytes in base64; made when left out',
    }),
    previous_secret: Type.Optional(
      Type.String({
        maxLength: 128,
        writeOnly: true,
        description: 'Signs as well while receivers change over to a new secret',
      }),
    ),
  },
  { additionalProperties: false },
);
export type WebhookSettings = Static<typeof webhookSettings>;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Signed posts to one endpoint. The channel is the whole target, so users need no contact point. */
export const webhookDescription: KindDescription = {
  kind: 'webhook',
  title: 'Webhook',
  settings: webhookSettings,
  contactPoint: undefined,
  // The ten tries of the Standard Webhooks specification ("Retry schedule"), about three days in all.
  retryScheduleMs: [
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  // Receivers tell a repetition by its webhook-id.
  onUnknown: 'retry',
  // A quarter of them, which one endpoint gets, keeps its connections busy and fills statements; it is also what a
  // crash may double there.
  slots: 200,
  digests: false,
  readsDetails: (settings) => settings['format'] === 'coder',
  checkSettings(settings, { egressAllow }) {
    const errors: FieldError[] = [];
    const url = settings['url'];
    const refused = typeof url === 'string' ? checkOutgoingUrl(url, egressAllow) : 'is required';
    if (refused !== undefined) errors.push({ pointer: '/url', detail: refused });
    for (const name of ['secret', 'previous_secret']) {
      const secret = settings[name];
      if (typeof secret !== 'string' || isWebhookSecret(secret)) continue;
      errors.push({ pointer: `/${name}`, detail: 'must be whsec_ followed by 24 to 64 bytes in base64' });
    }
    return errors;
  },
  newSettings: (randomBytes) => ({ secret: newWebhookSecret(randomBytes) }),
};
