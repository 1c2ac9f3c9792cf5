import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { Adapter, AdapterDeps, SendRequest, SendResult } from '../adapter.ts';
import { createHttpDoor } from '../http.ts';
import { settingsReader } from '../settings-reader.ts';
import { callVendor, textOf, type VendorWords } from '../vendor-call.ts';
import { ttlSecondsUsual } from '../vendor-settings.ts';
import { composeWebPush } from './compose.ts';
import { webPushSettings, type WebPushSettings } from './schema.ts';
import { readSubscription, type Subscription } from './subscription.ts';
import { publicKeyOf } from './vapid-keys.ts';

const readSettings = settingsReader(webPushSettings);

/**
 * Sends to browsers: encrypted for the one browser (RFC 8291), signed with the channel's keys (RFC 8292). The library
 * makes the request, and it goes out through the guarded client. A subscription that has ended is told as `gone`.
 */
export function createWebPushAdapter(deps: AdapterDeps): Adapter {
  const door = createHttpDoor(deps);
  return {
    async send(request) {
      const settings = readSettings(request.target.settings);
      if (settings === undefined) return { outcome: 'reject', reason: 'channel settings are not valid' };
      const subscription = readSubscription(request.target.address ?? '');
      if ('wrong' in subscription) return { outcome: 'reject', reason: 'the recipient has no subscription' };
      const call = makeCall(deps, settings, subscription, request);
      return 'refused' in call
        ? { outcome: 'reject', reason: call.refused }
        : withAddress(await callVendor(deps, door, call, request));
    },
    stop: () => door.stop(),
  };
}

function makeCall(
  deps: AdapterDeps,
  settings: WebPushSettings,
  subscription: Subscription,
  { message }: Pick<SendRequest, 'message'>,
) {
  const { vapid_private_key: privateKey } = settings;
  const publicKey = privateKey === undefined ? undefined : publicKeyOf(privateKey);
  if (privateKey === undefined || publicKey === undefined) return { refused: 'the channel has no keys' };
  const payload = composeWebPush(message, deps.publicUrl);
  if (payload === undefined) return { refused: 'nothing of the message fits' };
  const { headers, body, endpoint } = webPush.generateRequestDetails(subscription, payload, {
    vapidDetails: { subject: settings.subject ?? subjectOf(deps), publicKey, privateKey },
    contentEncoding: 'aes128gcm',
    TTL: settings.ttl_seconds ?? ttlSecondsUsual,
    urgency: message.notification.urgent ? 'high' : 'normal',
    topic: topicOf(message),
  });
  return {
    url: endpoint,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    secrets: [privateKey, endpoint, new URL(endpoint).pathname],
    read: readWords,
  };
}

/** Push services ask for a way to whoever sends; a site that is served without TLS is none. */
function subjectOf({ publicUrl, mailFrom }: Pick<AdapterDeps, 'publicUrl' | 'mailFrom'>): string {
  if (publicUrl.startsWith('https://')) return publicUrl;
  return `mailto:${/<([^<>]+)>\s*$/.exec(mailFrom)?.[1] ?? mailFrom.trim()}`;
}

/** Of messages with one topic a push service keeps the last (RFC 8030, section 5.4): at most 32 characters of base64url. */
function topicOf({ notification }: SendRequest['message']): string {
  return createHash('sha256').update(notification.id).digest('base64url').slice(0, 32);
}

/** Push services have no words in common; most say some in a member of this name. */
function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  return { said: textOf(body?.['message']) ?? textOf(body?.['reason']) };
}

/** RFC 8030, section 7.3: a subscription that has ended is not found, or gone. */
function withAddress(result: SendResult): SendResult {
  if (result.outcome !== 'reject') return result;
  const isGone = result.statusCode === 404 || result.statusCode === 410;
  return isGone ? { ...result, address: 'gone' } : result;
}
