import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { chatRetryScheduleMs, checkForm, checkUrls, secretSetting } from '../vendor-settings.ts';

export const discordSettings = Type.Object(
  {
    url: secretSetting(1_024, 'Address of the webhook, as Discord shows it; whoever has it can post with it'),
    username: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description: "Name to post under; the webhook's own when left out",
      }),
    ),
  },
  { additionalProperties: false },
);

/** Discord's own host is not asked for, so that a proxy of one's own can stand before it. */
const hookForm = /^https?:\/\/[^\s?#]+\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+(?:\?thread_id=\d+)?$/;

/** Posts of a webhook to one channel of a Discord server. The channel is the whole target. */
export const discordDescription: KindDescription = {
  kind: 'discord',
  title: 'Discord',
  settings: discordSettings,
  contactPoint: undefined,
  retryScheduleMs: chatRetryScheduleMs,
  onUnknown: 'retry',
  // A webhook may post about five messages in two seconds, and thirty in a minute.
  rate: () => ({ per_second: 0.5, burst: 5 }),
  slots: 20,
  digests: false,
  checkSettings: (settings, context) => [
    ...checkForm(
      settings,
      'url',
      hookForm,
      'must be the address of a webhook: https://…/api/webhooks/<id>/<token>',
    ),
    ...checkUrls(settings, ['url'], context),
  ],
};
