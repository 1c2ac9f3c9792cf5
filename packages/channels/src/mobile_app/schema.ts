import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { checkOutgoingUrl } from '../outgoing-url.ts';
import {
  baseUrlSetting,
  chatRetryScheduleMs,
  checkForm,
  checkUrls,
  secretSetting,
  ttlSetting,
} from '../vendor-settings.ts';
import { parseDevice } from './device.ts';
import { keyTypeOf, readServiceAccount } from './service-account.ts';

/** Where Google and Apple take messages. */
export const fcmBaseUrl = 'https://fcm.googleapis.com';
export const apnsBaseUrl = 'https://api.push.apple.com';
export const mobileAppSettings = Type.Object(
  {
    fcm_service_account: Type.Optional(
      secretSetting(8_192, 'FCM: the JSON key file of a service account that may send messages'),
    ),
    fcm_base_url: baseUrlSetting(fcmBaseUrl),
    fcm_token_url: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 1_024 },
        description: 'FCM: where access tokens are given out; as in the key file when left out',
      }),
    ),
    android_channel: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 128 },
        description: "FCM: id of a notification channel that the app has made; the app's own when left out",
      }),
    ),
    apns_key: Type.Optional(
      secretSetting(4_096, 'APNs: the signing key (.p8), with its first and last line'),
    ),
    apns_key_id: Type.Optional(Type.String({ maxLength: 10, description: 'APNs: id of the key' })),
    apns_team_id: Type.Optional(Type.String({ maxLength: 10, description: 'APNs: id of the team' })),
    apns_topic: Type.Optional(Type.String({ maxLength: 255, description: 'APNs: bundle id of the app' })),
    apns_base_url: baseUrlSetting(apnsBaseUrl),
    ttl_seconds: ttlSetting(),
  },
  { additionalProperties: false },
);
export type MobileAppSettings = Static<typeof mobileAppSettings>;

/** What both kinds of the app have in common. */
export const devices: Omit<KindDescription, 'kind' | 'title' | 'retryScheduleMs'> = {
  settings: mobileAppSettings,
  contactPoint: Type.String({
    ...{ minLength: 1, maxLength: 2_048 },
    description:
      'Device: fcm: and the registration token, or apns: and the device token in hexadecimal digits',
    examples: ['fcm:bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1', `apns:${'00fc13ad'.repeat(8)}`],
  }),
  // A device shows a message of the same notification in the place of the one before.
  onUnknown: 'retry',
  // A quarter of them is what one service gets at once, over APNs each on a connection of its own.
  slots: 64,
  digests: true,
  checkSettings: (settings, context) => [
    ...checkServices(settings),
    ...checkServiceAccount(settings, context.egressAllow),
    ...checkApnsKey(settings),
    ...checkForm(settings, 'apns_topic', /^[\w.-]+$/, 'must be the bundle id of the app'),
    ...checkUrls(settings, ['fcm_base_url', 'fcm_token_url', 'apns_base_url'], context),
  ],
  checkAddress: (address) =>
    parseDevice(address) === undefined
      ? 'must be fcm: and a registration token, or apns: and a device token in hexadecimal digits'
      : undefined,
};

/** Messages to the devices of a person through an app of your own. */
export const mobileAppDescription: KindDescription = {
  ...devices,
  kind: 'mobile_app',
  title: 'Mobile app',
  retryScheduleMs: chatRetryScheduleMs,
};

const apnsNames = ['apns_key', 'apns_key_id', 'apns_team_id', 'apns_topic'] as const;

function checkServices(settings: Readonly<Record<string, unknown>>): FieldError[] {
  const missing = apnsNames.filter((name) => settings[name] === undefined);
  if (missing.length === apnsNames.length) {
    if (settings['fcm_service_account'] !== undefined) return [];
    return [
      { pointer: '/fcm_service_account', detail: `is required, or else ${apnsNames.join(', ')}, or both` },
    ];
  }
  return missing.map((name) => ({ pointer: `/${name}`, detail: 'is required for APNs' }));
}

function checkServiceAccount(
  settings: Readonly<Record<string, unknown>>,
  egressAllow: readonly string[],
): FieldError[] {
  const text = settings['fcm_service_account'];
  if (typeof text !== 'string') return [];
  const account = readServiceAccount(text);
  const refused = 'wrong' in account ? account.wrong : checkTokenUrl(account.tokenUrl, egressAllow);
  return refused === undefined ? [] : [{ pointer: '/fcm_service_account', detail: refused }];
}

function checkTokenUrl(url: string, egressAllow: readonly string[]): string | undefined {
  const refused = checkOutgoingUrl(url, egressAllow);
  return refused === undefined ? undefined : `has a token_uri that ${refused}`;
}

function checkApnsKey(settings: Readonly<Record<string, unknown>>): FieldError[] {
  const { apns_key: key } = settings;
  const isKey = typeof key !== 'string' || keyTypeOf(key) === 'ec';
  const detail = 'must be the whole .p8 file of a key for APNs, from its first line to its last';
  const id = /^[A-Z0-9]{10}$/;
  return [
    ...(isKey ? [] : [{ pointer: '/apns_key', detail }]),
    ...checkForm(settings, 'apns_key_id', id, 'must be 10 capital letters or digits'),
    ...checkForm(settings, 'apns_team_id', id, 'must be 10 capital letters or digits'),
  ];
}
