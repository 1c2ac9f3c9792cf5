import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, secondsMs, textOf, type VendorWords } from '../vendor-call.ts';
import { composeDiscord } from './compose.ts';
import { discordSettings } from './schema.ts';

const readSettings = settingsReader(discordSettings);

/** Posts with "Execute Webhook" of Discord, which answers when the message is stored. Nobody is mentioned. */
export function createDiscordAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ message, target }) => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    const { url, username } = settings;
    const text = composeDiscord(message, deps.publicUrl);
    return {
      url: `${url}${url.includes('?') ? '&' : '?'}wait=true`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...(username === undefined ? {} : { username }), ...text }),
      secrets: [url, url.replace(/\?.*$/, '').split('/').at(-1) ?? url],
      read: readWords,
    };
  });
}

/** A message has an id; an error has words, and a wait in seconds where it is one of pace ("Rate Limits"). */
function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const id = textOf(body?.['id']);
  if (id !== undefined) return { providerId: id };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of Discord' };
  const code = typeof body['code'] === 'number' ? ` (code ${body['code']})` : '';
  return {
    ...{ failed: 'reject', said: `${textOf(body['message']) ?? 'no reason given'}${code}` },
    afterMs: secondsMs(body['retry_after']),
  };
}
