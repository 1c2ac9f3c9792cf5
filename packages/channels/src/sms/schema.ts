import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { baseUrlSetting, checkForm, checkUrls, secretSetting } from '../vendor-settings.ts';

/** Where Twilio serves its API. */
export const twilioBaseUrl = 'https://api.twilio.com';

const field = (usual: string, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: usual, description }));

export const smsSettings = Type.Object(
  {
    provider: Type.Enum(['twilio', 'gateway'], {
      description: 'Who sends: Twilio, or any gateway that takes a post for each message',
    }),
    from: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'Sender: a number in E.164 or a name' }),
    ),
    segments_max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10,
        default: 3,
        description: 'Parts that a message may be charged as',
      }),
    ),
    account_sid: Type.Optional(Type.String({ maxLength: 64, description: 'Twilio: Account SID (AC…)' })),
    auth_token: Type.Optional(secretSetting(256, 'Twilio: Auth Token, or the secret of the API key')),
    api_key_sid: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Twilio: SID of an API key (SK…), where auth_token is its secret',
      }),
    ),
    messaging_service_sid: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Twilio: a Messaging Service (MG…), in the place of `from`',
      }),
    ),
    base_url: baseUrlSetting(twilioBaseUrl),
    gateway_url: Type.Optional(secretSetting(2_048, 'Gateway: where messages are posted; it may hold a key')),
    authorization: Type.Optional(secretSetting(1_024, 'Gateway: value of the header Authorization')),
    format: Type.Optional(
      Type.Enum(['json', 'form'], { default: 'json', description: 'Gateway: how the fields are written' }),
    ),
    to_field: field('to', 'Gateway: name of the field with the number'),
    text_field: field('text', 'Gateway: name of the field with the text'),
    from_field: field('from', 'Gateway: name of the field with the sender, if `from` is set'),
  },
  { additionalProperties: false },
);
export type SmsSettings = Static<typeof smsSettings>;

const second = 1_000;
const minute = 60 * second;

/** E.164: a plus, the country code, up to 15 digits in all. */
const numberForm = /^\+[1-9]\d{6,14}$/;

/** Text messages to telephones, through Twilio or a gateway over HTTP. */
export const smsDescription: KindDescription = {
  kind: 'sms',
  title: 'Text message (SMS)',
  settings: smsSettings,
  contactPoint: Type.String({
    ...{ minLength: 8, maxLength: 16, pattern: '^\\+[1-9][0-9]{6,14}$' },
    ...{ description: 'Telephone number in E.164', examples: ['+4915112345678'] },
  }),
  // Under two hours: what is told by telephone is wanted now.
  retryScheduleMs: [10 * second, 1 * minute, 5 * minute, 20 * minute, 60 * minute],
  // Each message is charged, and a second one wakes its reader a second time.
  onUnknown: 'give_up',
  slots: 10,
  digests: true,
  checkSettings: (settings, context) => [
    ...(settings['provider'] === 'twilio' ? checkTwilio(settings) : need(settings, 'gateway_url', 'gateway')),
    ...checkUrls(settings, ['base_url', 'gateway_url'], context),
    ...checkForm(settings, 'authorization', /^[\x20-\x7E]+$/, 'must be one line of ASCII characters'),
  ],
  checkAddress: (address) =>
    numberForm.test(address) ? undefined : 'must be a number in E.164: +, country code, number, digits only',
};

function checkTwilio(settings: Readonly<Record<string, unknown>>): FieldError[] {
  const sender = settings['messaging_service_sid'] === undefined ? need(settings, 'from', 'twilio') : [];
  return [
    ...need(settings, 'account_sid', 'twilio'),
    ...need(settings, 'auth_token', 'twilio'),
    ...sender,
    ...checkSid(settings, 'account_sid', 'AC'),
    ...checkSid(settings, 'api_key_sid', 'SK'),
    ...checkSid(settings, 'messaging_service_sid', 'MG'),
  ];
}

function checkSid(settings: Readonly<Record<string, unknown>>, name: string, prefix: string): FieldError[] {
  const form = new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);
  return checkForm(settings, name, form, `must be ${prefix} and 32 hexadecimal digits`);
}

function need(settings: Readonly<Record<string, unknown>>, name: string, provider: string): FieldError[] {
  if (settings[name] !== undefined) return [];
  return [{ pointer: `/${name}`, detail: `is required for the provider ${provider}` }];
}
