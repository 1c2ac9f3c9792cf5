import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AdapterDeps, SendRequest, SendResult } from '../adapter.ts';
import type { HttpDoor } from '../http.ts';
import { callVendor, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl, ttlSecondsUsual } from '../vendor-settings.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import { apnsHeaders, composeApns } from './compose.ts';
import { apnsBaseUrl, type MobileAppSettings } from './schema.ts';
import { keyTypeOf } from './service-account.ts';

export interface ApnsDeps {
  deps: Pick<AdapterDeps, 'clock' | 'version' | 'publicUrl'>;
  /** Speaks HTTP/2: APNs takes nothing else. */
  door: HttpDoor;
  tokens: BearerTokens;
  /** Whether devices are asked to break their silence. */
  critical: boolean;
}

type Request = Pick<SendRequest, 'deliveryId' | 'message' | 'signal'>;

interface SigningKey {
  pem: string;
  keyId: string;
  teamId: string;
}

/** Apple refuses tokens that are older than an hour, and new ones more often than every 20 minutes. */
const tokenLifeMs = 60 * 60 * 1_000;

/** Sends to a device over APNs, with a token of the channel's key. One that Apple calls expired is replaced once. */
export async function sendByApns(
  apns: ApnsDeps,
  settings: MobileAppSettings,
  deviceToken: string,
  request: Request,
): Promise<SendResult> {
  const { apns_key: pem, apns_key_id: keyId, apns_team_id: teamId, apns_topic: topic } = settings;
  if (pem === undefined || keyId === undefined || teamId === undefined || topic === undefined) {
    return { outcome: 'reject', reason: 'the channel has no key for APNs' };
  }
  if (keyTypeOf(pem) !== 'ec') return { outcome: 'reject', reason: 'apns_key cannot be read' };
  const { deps, door, tokens, critical } = apns;
  const body = composeApns(request.message, { publicUrl: deps.publicUrl, critical });
  if (body === undefined) return { outcome: 'reject', reason: 'nothing of the message fits' };
  const key = { pem, keyId, teamId };
  const send = async (): Promise<{ result: SendResult; isExpired: boolean }> => {
    const now = deps.clock.now();
    const token = await getToken(tokens, key, now);
    let isExpired = false;
    const read = (answer: Readonly<Record<string, unknown>> | undefined): VendorWords => {
      isExpired = answer?.['reason'] === 'ExpiredProviderToken';
      return readAnswer(answer);
    };
    const headers = {
      ...apnsHeaders(request.message, { ttlSeconds: settings.ttl_seconds ?? ttlSecondsUsual, now }),
      ...{ 'content-type': 'application/json', authorization: `bearer ${token}` },
      ...{ 'apns-topic': topic, 'apns-id': request.deliveryId },
    };
    const url = apiUrl(settings.apns_base_url ?? apnsBaseUrl, `/3/device/${deviceToken}`);
    const call = { url, headers, body, secrets: [token, deviceToken], read };
    return { result: await callVendor(deps, door, call, request), isExpired };
  };
  const first = await send();
  if (!first.isExpired) return first.result;
  tokens.forget(keyOf(key));
  return (await send()).result;
}

/** "Establishing a token-based connection to APNs". */
async function getToken(tokens: BearerTokens, key: SigningKey, now: Date): Promise<string> {
  const kept = tokens.find(keyOf(key), now);
  if (kept !== undefined) return kept;
  const value = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key.keyId })
    .setIssuer(key.teamId)
    .setIssuedAt(Math.floor(now.getTime() / 1_000))
    .sign(createPrivateKey(key.pem));
  tokens.keep(keyOf(key), { value, expiresAt: new Date(now.getTime() + tokenLifeMs) });
  return value;
}

/** "Handling notification responses from APNs": what says something of the device. */
const deviceErrors: Readonly<Record<string, 'bad' | 'gone'>> = {
  Unregistered: 'gone',
  ExpiredToken: 'gone',
  BadDeviceToken: 'bad',
  DeviceTokenNotForTopic: 'bad',
};

/** What was taken has an empty answer. */
function readAnswer(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const reason = textOf(body?.['reason']);
  return reason === undefined ? {} : { said: reason, address: deviceErrors[reason] };
}

function keyOf({ keyId, teamId, pem }: SigningKey): string {
  return [teamId, keyId, pem].join(' ');
}
