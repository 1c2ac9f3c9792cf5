import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { chatRetryScheduleMs, checkUrls, secretSetting } from '../vendor-settings.ts';

export const msteamsSettings = Type.Object(
  {
    url: secretSetting(2_048, 'Address of the workflow, as Teams shows it; whoever has it can post with it'),
  },
  { additionalProperties: false },
);

/** Cards that a workflow of Microsoft Teams posts to one chat or channel. The channel is the whole target. */
export const msteamsDescription: KindDescription = {
  kind: 'msteams',
  title: 'Microsoft Teams',
  settings: msteamsSettings,
  contactPoint: undefined,
  retryScheduleMs: chatRetryScheduleMs,
  onUnknown: 'retry',
  // Teams takes four requests a second from one webhook.
  rate: () => ({ per_second: 4, burst: 4 }),
  slots: 16,
  digests: false,
  checkSettings: (settings, context) => checkUrls(settings, ['url'], context),
};
