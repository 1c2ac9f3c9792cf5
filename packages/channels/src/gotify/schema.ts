import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { chatRetryScheduleMs, checkForm, checkUrls, secretSetting } from '../vendor-settings.ts';

export const gotifySettings = Type.Object(
  {
    base_url: Type.String({ minLength: 1, maxLength: 1_024, description: 'The Gotify server' }),
    token: secretSetting(256, 'Token of an application of the server'),
  },
  { additionalProperties: false },
);

/** Messages of one application of a Gotify server to the user it belongs to. The channel is the whole target. */
export const gotifyDescription: KindDescription = {
  kind: 'gotify',
  title: 'Gotify',
  settings: gotifySettings,
  contactPoint: undefined,
  retryScheduleMs: chatRetryScheduleMs,
  onUnknown: 'retry',
  slots: 40,
  digests: false,
  checkSettings: (settings, context) => [
    ...checkUrls(settings, ['base_url'], context),
    ...checkForm(settings, 'token', /^[\w.-]+$/, 'must be the token of an application'),
  ],
};
