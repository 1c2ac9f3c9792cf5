import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import {
  checkSid,
  checkTelephoneNumber,
  checkTwilioAccount,
  needSetting,
  telephoneNumber,
  twilioAccountSettings,
} from '../twilio/settings.ts';
import { checkForm, checkUrls, secretSetting } from '../vendor-settings.ts';

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
    ...twilioAccountSettings,
    messaging_service_sid: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Twilio: a Messaging Service (MG…), in the place of `from`',
      }),
    ),
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

/** Text messages to telephones, through Twilio or a gateway over HTTP. */
export const smsDescription: KindDescription = {
  kind: 'sms',
  title: 'Text message (SMS)',
  settings: smsSettings,
  contactPoint: telephoneNumber,
  // Under two hours: what is told by telephone is wanted now.
  retryScheduleMs: [10 * second, 1 * minute, 5 * minute, 20 * minute, 60 * minute],
  // Each message is charged, and a second one wakes its reader a second time.
  onUnknown: 'give_up',
  slots: 40,
  digests: true,
  checkSettings: (settings, context) => [
    ...(settings['provider'] === 'twilio'
      ? checkTwilio(settings)
      : needSetting(settings, 'gateway_url', 'gateway')),
    ...checkUrls(settings, ['base_url', 'gateway_url'], context),
    ...checkForm(settings, 'authorization', /^[\x20-\x7E]+$/, 'must be one line of ASCII characters'),
  ],
  checkAddress: checkTelephoneNumber,
};

function checkTwilio(settings: Readonly<Record<string, unknown>>): FieldError[] {
  const hasService = settings['messaging_service_sid'] !== undefined;
  return [
    ...checkTwilioAccount(settings),
    ...(hasService ? [] : needSetting(settings, 'from', 'twilio')),
    ...checkSid(settings, 'messaging_service_sid', 'MG'),
  ];
}
