import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, recordOf, secondsMs, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { composeTelegram } from './compose.ts';
import { telegramBaseUrl, telegramSettings } from './schema.ts';

const readSettings = settingsReader(telegramSettings);

/** Sends with `sendMessage` of Telegram's Bot API. The wait that Telegram asks for in its answer is obeyed. */
export function createTelegramAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ message, target }) => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (target.address === undefined) return { refused: 'the recipient has no chat with the bot' };
    const { token, base_url: base = telegramBaseUrl } = settings;
    return {
      url: apiUrl(base, `/bot${encodeURIComponent(token).replace('%3A', ':')}/sendMessage`),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: target.address, ...composeTelegram(message, deps.publicUrl) }),
      secrets: [token],
      read: readWords,
    };
  });
}

/** What the Bot API says of a chat that is not there, or whose user is gone. */
const nobodyThere = /: (?:chat not found|user is deactivated)$/;

/** "Making requests" and `ResponseParameters` of the Bot API. */
function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of the Bot API' };
  const parameters = recordOf(body['parameters']);
  const chat = parameters['migrate_to_chat_id'];
  const moved = typeof chat === 'number' ? ` (the chat has the id ${chat} now)` : '';
  const id = recordOf(body['result'])['message_id'];
  const said = textOf(body['description']) ?? 'no reason given';
  return {
    ...(body['ok'] === true ? {} : { failed: 'reject' as const }),
    said: `${said}${moved}`,
    // Who blocked the bot may let it in again.
    ...(nobodyThere.test(said) ? { address: 'bad' as const } : {}),
    afterMs: secondsMs(parameters['retry_after']),
    providerId: typeof id === 'number' ? String(id) : undefined,
  };
}
