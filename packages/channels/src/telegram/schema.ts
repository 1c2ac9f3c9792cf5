import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';
import {
  baseUrlSetting,
  chatRetryScheduleMs,
  checkForm,
  checkUrls,
  secretSetting,
} from '../vendor-settings.ts';

/** Where Telegram serves its Bot API. */
export const telegramBaseUrl = 'https://api.telegram.org';

export const telegramSettings = Type.Object(
  {
    token: secretSetting(256, 'Token of the bot, as @BotFather gave it: digits, a colon and letters'),
    base_url: baseUrlSetting(telegramBaseUrl),
  },
  { additionalProperties: false },
);

const tokenForm = /^\d{3,20}:[\w-]{20,128}$/;
/** Ids of chats are integers, negative ones of groups; public channels have a name (Bot API, "sendMessage"). */
const chatForm = /^(?:-?[1-9]\d{0,18}|@[A-Za-z]\w{3,31})$/;

/** Messages of a Telegram bot to a person, a group or a channel. */
export const telegramDescription: KindDescription = {
  kind: 'telegram',
  title: 'Telegram',
  settings: telegramSettings,
  contactPoint: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'Id of the chat with the bot, or @name of a public channel',
    examples: ['123456789', '-1001234567890', '@example_status'],
  }),
  retryScheduleMs: chatRetryScheduleMs,
  // A second message is better than none.
  onUnknown: 'retry',
  // A bot may send about 30 messages a second in all (Telegram's Bots FAQ, "Broadcasting to users").
  rate: () => ({ per_second: 30, burst: 30 }),
  slots: 40,
  digests: true,
  checkSettings: (settings, context) => [
    ...checkForm(
      settings,
      'token',
      tokenForm,
      'must be the token that @BotFather gave: digits, a colon and letters',
    ),
    ...checkUrls(settings, ['base_url'], context),
  ],
  checkAddress: (address) =>
    chatForm.test(address)
      ? undefined
      : 'must be the id of a chat (an integer) or the @name of a public channel',
};
