import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { chatRetryScheduleMs, secretSetting, ttlSetting } from '../vendor-settings.ts';
import { checkSubscription } from './subscription.ts';
import { isPublicKey, newVapidKeys, publicKeyOf } from './vapid-keys.ts';

export const webPushSettings = Type.Object(
  {
    vapid_public_key: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 128 },
        description: 'Public key that browsers subscribe with, in base64url; made when left out',
      }),
    ),
    vapid_private_key: Type.Optional(
      secretSetting(64, 'Private key to it, in base64url; made when left out'),
    ),
    subject: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 320 },
        description: 'Whom push services may ask about the messages: mailto: or https:',
      }),
    ),
    ttl_seconds: ttlSetting(),
  },
  { additionalProperties: false },
);
export type WebPushSettings = Static<typeof webPushSettings>;

/** Messages to browsers, which a service worker of a site of yours shows. */
export const webPushDescription: KindDescription = {
  kind: 'web_push',
  title: 'Web push',
  settings: webPushSettings,
  contactPoint: Type.String({
    ...{ minLength: 1, maxLength: 2_048 },
    description: 'The subscription of a browser, as JSON text',
    examples: [
      '{"endpoint":"https://push.example.net/send/2f7Qd","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}',
    ],
  }),
  retryScheduleMs: chatRetryScheduleMs,
  // A browser shows a message of the same notification in the place of the one before.
  onUnknown: 'retry',
  // A quarter of them is what one service gets at once.
  slots: 64,
  digests: true,
  checkSettings: (settings) => [...checkKeys(settings), ...checkSubject(settings)],
  checkAddress: checkSubscription,
  newSettings: (randomBytes) => {
    const { publicKey, privateKey } = newVapidKeys(randomBytes);
    return { vapid_public_key: publicKey, vapid_private_key: privateKey };
  },
};

/** Who gives one key and leaves out the other gets a made one beside it, which does not fit. */
function checkKeys({
  vapid_public_key: given,
  vapid_private_key: secret,
}: Readonly<Record<string, unknown>>): FieldError[] {
  if (typeof given !== 'string' || typeof secret !== 'string') return [];
  const belongs = publicKeyOf(secret);
  if (belongs === undefined) {
    return [
      { pointer: '/vapid_private_key', detail: 'must be a private key of P-256: 32 bytes in base64url' },
    ];
  }
  if (given === belongs) return [];
  const detail = isPublicKey(given)
    ? 'does not belong to vapid_private_key; give both keys, or neither'
    : 'must be a public key of P-256: 65 bytes in base64url, which begin with B';
  return [{ pointer: '/vapid_public_key', detail }];
}

/** RFC 8292, section 2.1. */
function checkSubject({ subject }: Readonly<Record<string, unknown>>): FieldError[] {
  if (typeof subject !== 'string') return [];
  const { protocol } = URL.canParse(subject) ? new URL(subject) : { protocol: '' };
  if (protocol === 'https:' || /^mailto:[^@\s]+@[^@\s]+$/.test(subject)) return [];
  return [{ pointer: '/subject', detail: 'must be mailto: and an address, or begin with https://' }];
}
