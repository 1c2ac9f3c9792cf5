import { generateKeyPairSync } from 'node:crypto';
import {
  buildAdapterDeps,
  buildMessage,
  httpStatuses,
  pollUntil,
  startWebhookReceiver,
  type AdapterHarness,
  type AdapterStage,
  type WebhookAnswer,
  type WebhookArrival,
  type WebhookReceiver,
} from '@carillon/testkit';
import type { Adapter, AdapterDeps, Target } from '../src/adapter.ts';
import type { DeviceOptions } from '../src/mobile_app/send.ts';
import { startApnsServer, type ApnsAnswer } from './apns-server.ts';
import { readJwt } from './jwt.ts';
import { json, type Vendor } from './vendor-harness.ts';

const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const google = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = (key: typeof apple.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const accessToken = 'ya29.c.Kp8B-7dQ';
export const fcmToken = 'bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1';
export const appleToken = '00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0';

const provider = {
  key: apple.publicKey,
  ...{ keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', topic: 'org.example.carillon' },
};

/** Settings for APNs at this address. */
export const apnsSettings = (baseUrl?: string) => ({
  ...{ apns_key: pemOf(apple.privateKey), apns_key_id: provider.keyId, apns_team_id: provider.teamId },
  ...{ apns_topic: provider.topic, ...(baseUrl === undefined ? {} : { apns_base_url: baseUrl }) },
});

/** The key file of a service account, as the Firebase console gives it. */
export const serviceAccount = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    ...{ type: 'service_account', project_id: 'carillon-test', private_key_id: '0f3c9d' },
    ...{ private_key: pemOf(google.privateKey), client_email: 'push@carillon-test.example.org' },
    ...{ token_uri: 'https://oauth2.googleapis.com/token', ...changes },
  });

/** Lines of keys: no reason may show one. */
export const keyLines = [apple, google].map(({ privateKey }) => pemOf(privateKey).split('\n')[1] ?? '');

/** A token endpoint, which gives out `accessToken` for an assertion that is Google's to take. */
export async function startTokenEndpoint(): Promise<
  WebhookReceiver & { take: (call: WebhookArrival) => WebhookAnswer }
> {
  const receiver = await startWebhookReceiver();
  const take = (call: WebhookArrival): WebhookAnswer => {
    const wrong = checkAssertion(call, `http://127.0.0.1:${receiver.port}/token`);
    if (wrong !== undefined) return json(400, { error: 'invalid_grant', error_description: wrong });
    return json(200, { access_token: accessToken, expires_in: 3_599, token_type: 'Bearer' });
  };
  receiver.answerWith(take);
  return Object.assign(receiver, { take });
}

/** "Using OAuth 2.0 for server to server applications". */
function checkAssertion({ path, body }: WebhookArrival, audience: string): string | undefined {
  const form = new URLSearchParams(body);
  if (path !== '/token' || form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return 'form';
  const jwt = readJwt(form.get('assertion') ?? '', google.publicKey);
  if (jwt === undefined) return 'Invalid JWT Signature.';
  const { header, claims } = jwt;
  if (header['alg'] !== 'RS256' || header['kid'] !== '0f3c9d') return 'Invalid JWT header.';
  const { iss, aud, scope, iat, exp } = claims;
  if (iss !== 'push@carillon-test.example.org' || aud !== audience) return 'Invalid issuer or audience.';
  if (Number(exp) - Number(iat) > 3_600) return 'Invalid JWT: Token must be a short-lived token.';
  return scope === 'https://www.googleapis.com/auth/firebase.messaging' ? undefined : 'Invalid scope.';
}

/** FCM's HTTP v1 API; `tokenUrl` tells where its tokens come from. */
export function fcmVendor(create: (deps: AdapterDeps) => Adapter, tokenUrl: () => string): Vendor {
  return {
    create,
    target: (baseUrl): Target => ({
      settings: { fcm_service_account: serviceAccount(), fcm_base_url: baseUrl, fcm_token_url: tokenUrl() },
      address: `fcm:${fcmToken}`,
    }),
    check: checkMessage,
    taken: {
      status: 200,
      body: { name: 'projects/carillon-test/messages/0:1500415314455276%31bd1c9631bd1c96' },
    },
    refused: fcmError,
    waits: [],
    secrets: [accessToken, fcmToken, ...keyLines],
  };
}

/** An error of Google's APIs, with FCM's own code where there is one. */
export const fcmError = (code: number, message: string, status = 'INVALID_ARGUMENT', errorCode?: string) => ({
  error: {
    ...{ code, message, status },
    details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }],
  },
});

/** "Method: projects.messages.send". */
function checkMessage({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== '/v1/projects/carillon-test/messages:send') return 'no such method';
  if (headers['authorization'] !== `Bearer ${accessToken}`) return 'unauthenticated';
  const { message, ...others } = JSON.parse(body);
  if (Object.keys(others).length > 0 || message.token !== fcmToken) return 'invalid registration token';
  return checkContent(message);
}

function checkContent({ notification, data, android }: FcmMessage): string | undefined {
  if (Object.values(data).some((value) => typeof value !== 'string')) return 'data must be strings';
  if (Object.keys(data).some((name) => /^(from|message_type|google.*|gcm.*)$/.test(name))) return 'reserved';
  if (Buffer.byteLength(JSON.stringify({ notification, data })) > 4_096) return 'message is too big';
  if (!['HIGH', 'NORMAL'].includes(android.priority) || !/^\d+s$/.test(android.ttl)) return 'android config';
  return typeof notification.body === 'string' && notification.body !== '' ? undefined : 'nothing to show';
}

interface FcmMessage {
  notification: { body?: unknown };
  data: Record<string, unknown>;
  android: { priority: string; ttl: string };
}

/** One APNs and an adapter that trusts it. */
export async function startApnsStage(
  create: (deps: AdapterDeps, options: DeviceOptions) => Adapter,
  changes: Partial<AdapterDeps> = {},
) {
  const server = await startApnsServer(provider);
  const adapter = create(buildAdapterDeps(changes), { ca: server.ca });
  const target: Target = { settings: apnsSettings(server.baseUrl), address: `apns:${appleToken}` };
  return { server, adapter, target };
}

/** What the battery asks of a kind over APNs. */
export function apnsHarness(
  create: (deps: AdapterDeps, options: DeviceOptions) => Adapter,
): AdapterHarness<ApnsAnswer> {
  const named = (status: number) => ({ name: `status ${status}`, answer: { status, reason: 'Whatever' } });
  return {
    async stage(): Promise<AdapterStage<ApnsAnswer>> {
      const { server, adapter, target } = await startApnsStage(create);
      return {
        ...{ adapter, request: { message: buildMessage(), target } },
        answerWith: (answer) => server.answerWith(answer),
        arrivedKeys: () => server.arrivals.map(({ headers }) => headers['apns-id'] ?? ''),
        reached: async (count) => void (await pollUntil(() => server.arrivals.length >= count)),
        stop: () => server.stop(),
      };
    },
    sent: [{ name: 'a request of the published shape', answer: 'taken' }],
    rejected: httpStatuses.rejected.map(named),
    retried: [
      ...httpStatuses.retried.map(named),
      { name: 'status 503 of something else', answer: { status: 503, body: '<html>' } },
      { name: 'a stream that is cancelled', answer: 'cancel' },
      { name: 'a connection that goes away', answer: 'goaway' },
    ],
    retriedAfter: [
      {
        name: 'status 429 with seconds',
        answer: { status: 429, reason: 'TooManyRequests', retryAfter: '120' },
        afterMs: 120_000,
      },
    ],
    silent: 'never',
    oversized: [{ name: 'a body of 1 GB', answer: { status: 200, bytes: 1024 ** 3 } }],
    tooLarge: undefined,
    secrets: [appleToken, ...keyLines],
  };
}
