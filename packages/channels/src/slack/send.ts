import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { composeSlack } from './compose.ts';
import { isSlackHook, slackBaseUrl, slackHooksUrl, slackSettings } from './schema.ts';

const readSettings = settingsReader(slackSettings);

/** Errors of the Web API that pass by themselves; 429 comes with a status of its own. */
const passingErrors = new Set([
  ...['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable'],
  ...['request_timeout', 'team_added_to_org', 'accesslimited'],
]);

/** Posts to members and channels with `chat.postMessage`, and to incoming webhooks. */
export function createSlackAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ message, deliveryId, target: { settings: stored, address } }) => {
    const settings = readSettings(stored);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (address === undefined) return { refused: 'the recipient has no address in Slack' };
    const { token, base_url: base = slackBaseUrl, hooks_url: hooks = slackHooksUrl } = settings;
    const pressesOf = settings.signing_secret === undefined ? undefined : deliveryId;
    const text = composeSlack(message, deps.publicUrl, pressesOf);
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    if (isSlackHook(address)) {
      if (!address.startsWith(apiUrl(hooks, '/')))
        return { refused: `the webhook does not begin with ${hooks}` };
      return {
        ...{ url: address, headers, body: JSON.stringify(text), read: readHookWords },
        secrets: [address, new URL(address).pathname],
      };
    }
    if (token === undefined)
      return { refused: 'the channel has no token, which ids of members and channels need' };
    return {
      url: apiUrl(base, '/chat.postMessage'),
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: JSON.stringify({ channel: address, ...text }),
      secrets: [token],
      read: readWords,
    };
  });
}

/** The Web API says what went wrong with the status 200. */
function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  if (typeof body?.['ok'] !== 'boolean') return { failed: 'retry', said: 'the answer is not one of Slack' };
  if (body['ok']) return { providerId: textOf(body['ts']) };
  const error = textOf(body['error']) ?? 'no reason given';
  return { failed: passingErrors.has(error) ? 'retry' : 'reject', said: error };
}

/** An incoming webhook answers `ok`, or one word with a status that says the rest. */
function readHookWords(_body: unknown, text: string): VendorWords {
  if (text.trim() === 'ok') return {};
  return /^[a-z_]{1,64}$/.test(text.trim())
    ? { failed: 'reject', said: text.trim() }
    : { failed: 'retry', said: 'the answer is not one of Slack' };
}
