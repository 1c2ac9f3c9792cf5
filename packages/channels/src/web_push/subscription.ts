import { parseJson, recordOf, textOf } from '../json-values.ts';
import { bytesOf, isPublicKey } from './vapid-keys.ts';

/** What a browser gives to those who may reach it (Push API, `PushSubscription.toJSON`). */
export interface Subscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

const form = 'must be the JSON text of a PushSubscription';
/** A service of Google that took no Web Push and was switched off; it is known by a key of its own kind. */
const switchedOff = 'https://android.googleapis.com/gcm/send';

/** Reads a subscription, or says what of it is wrong. */
export function readSubscription(text: string): Subscription | { wrong: string } {
  const subscription = recordOf(parseJson(text));
  const endpoint = textOf(subscription['endpoint']);
  if (endpoint === undefined) return { wrong: `${form}: {"endpoint": "https://…", "keys": {…}}` };
  if (!URL.canParse(endpoint) || endpoint.startsWith(switchedOff)) {
    return { wrong: `${form}: its endpoint is no address of a push service` };
  }
  const keys = recordOf(subscription['keys']);
  const p256dh = textOf(keys['p256dh']);
  if (p256dh === undefined || !isPublicKey(p256dh)) {
    return { wrong: `${form}: keys.p256dh is no public key of P-256 in base64url` };
  }
  const auth = textOf(keys['auth']);
  // RFC 8291, section 3.2: sixteen bytes.
  if (auth === undefined || bytesOf(auth)?.length !== 16) {
    return { wrong: `${form}: keys.auth is not 16 bytes in base64url` };
  }
  return { endpoint, keys: { p256dh, auth } };
}

/** What is wrong with a subscription that somebody hands in; undefined where nothing is. */
export function checkSubscription(text: string): string | undefined {
  const subscription = readSubscription(text);
  if ('wrong' in subscription) return subscription.wrong;
  return new URL(subscription.endpoint).protocol === 'https:'
    ? undefined
    : `${form}: its endpoint must begin with https://`;
}
