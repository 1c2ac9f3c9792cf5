import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import {
  checkTelephoneNumber,
  checkTwilioAccount,
  needSetting,
  telephoneNumber,
  twilioAccountSettings,
} from '../twilio/settings.ts';
import { checkForm, checkUrls } from '../vendor-settings.ts';
import { languageUsual, spokenLanguages } from './compose.ts';

export const phoneCallSettings = Type.Object(
  {
    ...twilioAccountSettings,
    from: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'Calling number in E.164' })),
    language: Type.Optional(
      Type.Enum([...spokenLanguages], {
        default: languageUsual,
        description: 'Spoken to who has no locale, or one that is not spoken',
      }),
    ),
    ring_seconds: Type.Optional(
      Type.Integer({
        ...{ minimum: 5, maximum: 120, default: 30 },
        description: 'How long it rings before the call counts as not answered',
      }),
    ),
  },
  { additionalProperties: false },
);

const second = 1_000;
const minute = 60 * second;

/** Spoken messages to telephones, through Twilio. */
export const phoneCallDescription: KindDescription = {
  kind: 'phone_call',
  title: 'Telephone call',
  settings: phoneCallSettings,
  contactPoint: telephoneNumber,
  // Half an hour: a call about what was urgent once wakes somebody for nothing.
  retryScheduleMs: [10 * second, 1 * minute, 5 * minute, 20 * minute],
  // The telephone may have rung: a second call at night is worse than a delivery that a person looks at.
  onUnknown: 'give_up',
  slots: 5,
  digests: true,
  readsDetails: () => true,
  checkSettings: (settings, context) => [
    ...checkTwilioAccount(settings),
    ...needSetting(settings, 'from', 'twilio'),
    ...checkForm(settings, 'from', /^\+[1-9]\d{6,14}$/, 'must be a number in E.164'),
    ...checkUrls(settings, ['base_url'], context),
  ],
  checkAddress: checkTelephoneNumber,
};
