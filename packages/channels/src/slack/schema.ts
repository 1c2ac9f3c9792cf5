import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import {
  baseUrlSetting,
  chatRetryScheduleMs,
  checkForm,
  checkUrls,
  secretSetting,
} from '../vendor-settings.ts';

/** Where Slack serves its Web API, and where its incoming webhooks are. */
export const slackBaseUrl = 'https://slack.com/api';
export const slackHooksUrl = 'https://hooks.slack.com';

export const slackSettings = Type.Object(
  {
    token: Type.Optional(
      secretSetting(
        512,
        'Bot token of the app (xoxb-…); needed for addresses that are ids of members or channels',
      ),
    ),
    signing_secret: Type.Optional(
      secretSetting(
        128,
        'Signing secret of the app: messages then have a button that acknowledges, and presses are checked by it',
      ),
    ),
    base_url: baseUrlSetting(slackBaseUrl),
    hooks_url: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_024,
        default: slackHooksUrl,
        description: 'How the addresses of incoming webhooks begin',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Members (U, W), channels (C), private ones (G) and direct messages (D). */
const idForm = /^[UWCGD][A-Z0-9]{6,20}$/;
const hookForm = /^https?:\/\/[^\s?#]+\/(?:services|workflows|triggers)\/[\w/-]+$/;

/** Whether an address is an incoming webhook, and no id. */
export function isSlackHook(address: string): boolean {
  return hookForm.test(address);
}

/** Messages of a Slack app to people and channels. */
export const slackDescription: KindDescription = {
  kind: 'slack',
  title: 'Slack',
  settings: slackSettings,
  contactPoint: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'Id of a member or channel, or an incoming webhook',
    examples: [
      'U012AB3CD',
      'C024BE91L',
      `${slackHooksUrl}/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX`,
    ],
  }),
  retryScheduleMs: chatRetryScheduleMs,
  onUnknown: 'retry',
  // One message a second for a conversation, and several hundred a minute for all together (Web API, "Rate limits").
  rate: () => ({ per_second: 5, burst: 10 }),
  slots: 40,
  digests: true,
  checkSettings: (settings, context) => [
    ...checkForm(
      settings,
      'token',
      /^xox[\w.-]{8,}$/,
      'must be the bot token of a Slack app, which begins with xoxb-',
    ),
    ...checkUrls(settings, ['base_url', 'hooks_url'], context),
  ],
  checkAddress: (address) =>
    idForm.test(address) || isSlackHook(address)
      ? undefined
      : 'must be the id of a member or channel (U…, C…), or the URL of an incoming webhook',
};
