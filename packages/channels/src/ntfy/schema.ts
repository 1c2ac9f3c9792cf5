import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import {
  baseUrlSetting,
  chatRetryScheduleMs,
  checkForm,
  checkUrls,
  secretSetting,
} from '../vendor-settings.ts';

/** The public server of ntfy. */
export const ntfyBaseUrl = 'https://ntfy.sh';

export const ntfySettings = Type.Object(
  {
    base_url: baseUrlSetting(ntfyBaseUrl),
    token: Type.Optional(secretSetting(256, 'Access token (tk_…), where topics are protected')),
  },
  { additionalProperties: false },
);

/** Messages to topics of an ntfy server, to which telephones and browsers subscribe. */
export const ntfyDescription: KindDescription = {
  kind: 'ntfy',
  title: 'ntfy',
  settings: ntfySettings,
  contactPoint: Type.String({
    ...{ minLength: 1, maxLength: 64, pattern: '^[-_A-Za-z0-9]{1,64}$' },
    ...{ description: 'Topic: letters, digits, _ and -', examples: ['ada-alerts-7f3k2'] },
  }),
  retryScheduleMs: chatRetryScheduleMs,
  // The server shows a second message with the same sequence id in the place of the first.
  onUnknown: 'retry',
  // The public server takes sixty at once and then one each five seconds; one of one's own asks for nothing.
  rate: ({ base_url: baseUrl }) =>
    baseUrl === undefined || baseUrl === ntfyBaseUrl ? { per_second: 0.2, burst: 60 } : undefined,
  slots: 40,
  digests: true,
  checkSettings: (settings, context) => [
    ...checkUrls(settings, ['base_url'], context),
    ...checkForm(settings, 'token', /^[\w.~+/=-]+$/, 'must be an access token, which begins with tk_'),
  ],
};
