import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { composeGotify } from './compose.ts';
import { gotifySettings } from './schema.ts';

const readSettings = settingsReader(gotifySettings);

/** Sends with `POST /message` of a Gotify server. */
export function createGotifyAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ message, target }) => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    const { base_url: base, token } = settings;
    return {
      url: apiUrl(base, '/message'),
      // In a header, because addresses stand in logs of proxies.
      headers: { 'content-type': 'application/json', 'x-gotify-key': token },
      body: JSON.stringify(composeGotify(message, deps.publicUrl)),
      secrets: [token],
      read: readWords,
    };
  });
}

function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const id = body?.['id'];
  if (typeof id === 'number') return { providerId: String(id) };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of Gotify' };
  return {
    failed: 'reject',
    said: textOf(body['errorDescription']) ?? textOf(body['error']) ?? 'no reason given',
  };
}
