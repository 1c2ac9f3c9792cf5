import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { composeNtfy } from './compose.ts';
import { ntfyBaseUrl, ntfySettings } from './schema.ts';

const readSettings = settingsReader(ntfySettings);

/** Publishes to a topic of an ntfy server. The delivery is its sequence id: a repetition takes the place of the first. */
export function createNtfyAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ deliveryId, message, target }) => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (target.address === undefined) return { refused: 'the recipient has no topic' };
    const { token, base_url: base = ntfyBaseUrl } = settings;
    const text = composeNtfy(message, deps.publicUrl);
    return {
      url: apiUrl(base, '/'),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ topic: target.address, sequence_id: deliveryId, ...text }),
      secrets: token === undefined ? [] : [token],
      read: readWords,
    };
  });
}

function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const id = textOf(body?.['id']);
  if (id !== undefined) return { providerId: id };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of ntfy' };
  const code = typeof body['code'] === 'number' ? ` (code ${body['code']})` : '';
  return { failed: 'reject', said: `${textOf(body['error']) ?? 'no reason given'}${code}` };
}
