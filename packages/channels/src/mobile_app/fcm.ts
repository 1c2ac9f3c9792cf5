import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AdapterDeps, SendRequest, SendResult } from '../adapter.ts';
import type { HttpDoor } from '../http.ts';
import { callVendor, recordOf, textOf, type VendorWords } from '../vendor-call.ts';
import { apiUrl, ttlSecondsUsual } from '../vendor-settings.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import { composeFcm } from './compose.ts';
import { fcmBaseUrl, type MobileAppSettings } from './schema.ts';
import { readServiceAccount, type ServiceAccount } from './service-account.ts';

export interface FcmDeps {
  deps: Pick<AdapterDeps, 'clock' | 'version' | 'publicUrl'>;
  door: HttpDoor;
  tokens: BearerTokens;
  /** Whether devices are asked to break their silence. */
  critical: boolean;
}

type Request = Pick<SendRequest, 'deliveryId' | 'message' | 'signal'>;
type Token = { token: string; isNew: boolean } | { failed: SendResult };

const messagingScope = 'https://www.googleapis.com/auth/firebase.messaging';
const jwtSeconds = 3_600;
const authority = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Sends to a device by `messages:send` of FCM's HTTP v1 API, as the channel's service account. A token of access that
 * is refused although it should be good is replaced once.
 */
export async function sendByFcm(
  fcm: FcmDeps,
  settings: MobileAppSettings,
  deviceToken: string,
  request: Request,
): Promise<SendResult> {
  if (settings.fcm_service_account === undefined) {
    return { outcome: 'reject', reason: 'the channel has no service account for FCM' };
  }
  const account = readServiceAccount(settings.fcm_service_account);
  if ('wrong' in account) return { outcome: 'reject', reason: 'fcm_service_account cannot be read' };
  const tokenUrl = settings.fcm_token_url ?? account.tokenUrl;
  const first = await getToken(fcm, { ...account, tokenUrl }, request);
  if ('failed' in first) return first.failed;
  const result = await sendMessage(
    fcm,
    settings,
    { account, deviceToken, accessToken: first.token },
    request,
  );
  if (!('statusCode' in result) || result.statusCode !== 401) return result;
  fcm.tokens.forget(keyOf({ ...account, tokenUrl }));
  if (first.isNew) return result;
  const second = await getToken(fcm, { ...account, tokenUrl }, request);
  if ('failed' in second) return second.failed;
  return sendMessage(fcm, settings, { account, deviceToken, accessToken: second.token }, request);
}

/** "Using OAuth 2.0 for server to server applications": a signed assertion is given in for a token of an hour. */
async function getToken(
  { deps, door, tokens }: FcmDeps,
  account: ServiceAccount,
  request: Request,
): Promise<Token> {
  const key = keyOf(account);
  const now = deps.clock.now();
  const kept = tokens.find(key, now);
  if (kept !== undefined) return { token: kept, isNew: false };
  let made: string | undefined;
  const failed = await callVendor(
    deps,
    door,
    {
      url: account.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: authority,
        assertion: await assertionOf(account, now),
      }).toString(),
      secrets: [],
      read(body) {
        made = textOf(body?.['access_token']);
        if (made === undefined) return refusalOfToken(body);
        const seconds = body?.['expires_in'];
        const lifeMs = (typeof seconds === 'number' ? seconds : jwtSeconds) * 1_000;
        tokens.keep(key, { value: made, expiresAt: new Date(now.getTime() + lifeMs) });
        return {};
      },
    },
    request,
  );
  return made === undefined || failed.outcome !== 'sent' ? { failed } : { token: made, isNew: true };
}

async function assertionOf(account: ServiceAccount, now: Date): Promise<string> {
  const header = account.privateKeyId === undefined ? {} : { kid: account.privateKeyId };
  const issuedAt = Math.floor(now.getTime() / 1_000);
  return new SignJWT({ scope: messagingScope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...header })
    .setIssuer(account.clientEmail)
    .setAudience(account.tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + jwtSeconds)
    .sign(createPrivateKey(account.privateKey));
}

function refusalOfToken(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of a token endpoint' };
  const words = [textOf(body['error']), textOf(body['error_description'])].filter(
    (word) => word !== undefined,
  );
  return { failed: 'reject', said: `no access token was given: ${words.join(': ') || 'no reason given'}` };
}

async function sendMessage(
  { deps, door, critical }: FcmDeps,
  settings: MobileAppSettings,
  call: { account: ServiceAccount; deviceToken: string; accessToken: string },
  request: Request,
): Promise<SendResult> {
  const { account, deviceToken, accessToken } = call;
  const body = composeFcm(request.message, deviceToken, {
    ...{ critical, publicUrl: deps.publicUrl, now: deps.clock.now() },
    ttlSeconds: settings.ttl_seconds ?? ttlSecondsUsual,
    androidChannel: settings.android_channel,
  });
  if (body === undefined) return { outcome: 'reject', reason: 'nothing of the message fits' };
  const project = encodeURIComponent(account.projectId).replaceAll('%3A', ':');
  return callVendor(
    deps,
    door,
    {
      url: apiUrl(settings.fcm_base_url ?? fcmBaseUrl, `/v1/projects/${project}/messages:send`),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      ...{ body, secrets: [accessToken, deviceToken], read: readAnswer },
    },
    request,
  );
}

/** "ErrorCode" of the reference: only these say something of the device. */
const deviceErrors: Readonly<Record<string, 'bad' | 'gone'>> = {
  UNREGISTERED: 'gone',
  SENDER_ID_MISMATCH: 'bad',
};

function readAnswer(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const name = textOf(body?.['name']);
  if (name !== undefined) return { providerId: name };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of FCM' };
  const error = recordOf(body['error']);
  const details = Array.isArray(error['details']) ? error['details'] : [];
  const codes = details.flatMap((detail) => textOf(recordOf(detail)['errorCode']) ?? []);
  const [code = textOf(error['status'])] = codes;
  const said = textOf(error['message']) ?? 'no reason given';
  return {
    failed: 'reject',
    said: code === undefined ? said : `${said} (${code})`,
    address: codes.map((one) => deviceErrors[one]).find((state) => state !== undefined),
  };
}

function keyOf({ clientEmail, privateKeyId, tokenUrl }: ServiceAccount): string {
  return [clientEmail, privateKeyId, tokenUrl].join(' ');
}
