import type { FieldError } from '@carillon/core';
import Type from 'typebox';
import { baseUrlSetting, checkForm, secretSetting } from '../vendor-settings.ts';

/** Where Twilio serves its API. */
export const twilioBaseUrl = 'https://api.twilio.com';

/** What every kind that goes through Twilio is told of the account. */
export const twilioAccountSettings = {
  account_sid: Type.Optional(Type.String({ maxLength: 64, description: 'Twilio: Account SID (AC…)' })),
  auth_token: Type.Optional(secretSetting(256, 'Twilio: Auth Token, or the secret of the API key')),
  api_key_sid: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'Twilio: SID of an API key (SK…), where auth_token is its secret',
    }),
  ),
  signing_token: Type.Optional(
    secretSetting(
      256,
      'Twilio: Auth Token of the account, which signs its callbacks; needed for them beside an API key only',
    ),
  ),
  base_url: baseUrlSetting(twilioBaseUrl),
};

/** What is wrong with the account. */
export function checkTwilioAccount(settings: Readonly<Record<string, unknown>>): FieldError[] {
  return [
    ...needSetting(settings, 'account_sid', 'twilio'),
    ...needSetting(settings, 'auth_token', 'twilio'),
    ...checkSid(settings, 'account_sid', 'AC'),
    ...checkSid(settings, 'api_key_sid', 'SK'),
  ];
}

export function checkSid(
  settings: Readonly<Record<string, unknown>>,
  name: string,
  prefix: string,
): FieldError[] {
  const form = new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);
  return checkForm(settings, name, form, `must be ${prefix} and 32 hexadecimal digits`);
}

export function needSetting(
  settings: Readonly<Record<string, unknown>>,
  name: string,
  provider: string,
): FieldError[] {
  if (settings[name] !== undefined) return [];
  return [{ pointer: `/${name}`, detail: `is required for the provider ${provider}` }];
}

/** E.164: a plus, the country code, up to 15 digits in all. */
const numberForm = /^\+[1-9]\d{6,14}$/;

/** The address of somebody with a telephone. */
export const telephoneNumber = Type.String({
  ...{ minLength: 8, maxLength: 16, pattern: '^\\+[1-9][0-9]{6,14}$' },
  ...{ description: 'Telephone number in E.164', examples: ['+4915112345678'] },
});

export function checkTelephoneNumber(address: string): string | undefined {
  return numberForm.test(address)
    ? undefined
    : 'must be a number in E.164: +, country code, number, digits only';
}
