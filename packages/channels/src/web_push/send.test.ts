import { createECDH, createPublicKey, randomBytes } from 'node:crypto';
import {
  adapterBattery,
  buildAdapterDeps,
  buildMessage,
  startWebhookReceiver,
  type WebhookArrival,
} from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { readJwt } from '../../test/jwt.ts';
import { decryptPush } from '../../test/push-decryption.ts';
import {
  json,
  startVendor,
  vendorHarness,
  type Vendor,
  type VendorAnswering,
} from '../../test/vendor-harness.ts';
import type { Message } from '../adapter.ts';
import { fillSettings, validateAddress, validateSettings } from '../validate.ts';
import { createWebPushAdapter } from './send.ts';
import { isPublicKey, newVapidKeys, publicKeyOf } from './vapid-keys.ts';

/** RFC 8291, appendix A. */
const browser = {
  publicKey: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};
const exampleBody =
  'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';

const keys = newVapidKeys(randomBytes);
const settings = { vapid_public_key: keys.publicKey, vapid_private_key: keys.privateKey };
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const pathOfBrowser = '/send/2f7QdK9rZ';

const subscriptionAt = (endpoint: string): string =>
  JSON.stringify({
    endpoint,
    expirationTime: null,
    keys: { p256dh: browser.publicKey, auth: browser.auth },
  });

/** A push service: RFC 8030, with the signature of RFC 8292 and the limit that every service must take. */
function checkCall({ method, path, headers, bytes }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== pathOfBrowser) return 'no such subscription';
  if (headers['content-encoding'] !== 'aes128gcm' || bytes.length > 4_096) return 'invalid body';
  if (!/^\d+$/.test(headers['ttl'] ?? '')) return 'TTL is missing';
  if (!['very-low', 'low', 'normal', 'high'].includes(headers['urgency'] ?? 'normal')) return 'urgency';
  if (!/^[\w-]{1,32}$/.test(headers['topic'] ?? '-')) return 'topic';
  return checkVapid(headers) ?? checkText(bytes);
}

function checkVapid({ authorization = '', host }: Readonly<Record<string, string>>): string | undefined {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  if (key !== keys.publicKey) return 'subscribed with another key';
  const [x, y] = [Buffer.from(key, 'base64url').subarray(1, 33), Buffer.from(key, 'base64url').subarray(33)];
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  const jwt = readJwt(token, createPublicKey({ key: jwk, format: 'jwk' }));
  const { aud, exp, sub } = jwt?.claims ?? {};
  const hoursLeft = (Number(exp) - Date.now() / 1_000) / 3_600;
  if (aud !== `http://${host}` || !(hoursLeft > 0 && hoursLeft <= 24)) return 'token of somebody else';
  return sub === 'https://carillon.example.org' ? undefined : 'sub is missing';
}

function checkText(bytes: Buffer): string | undefined {
  const { title, body } = JSON.parse(decryptPush(bytes, browser));
  return typeof title === 'string' && typeof body === 'string' ? undefined : 'nothing to show';
}

const pushService: Vendor = {
  create: createWebPushAdapter,
  target: (baseUrl) => ({ settings, address: subscriptionAt(`${baseUrl}${pathOfBrowser}`) }),
  check: checkCall,
  taken: { status: 201, body: '' },
  refused: (status, message) => ({ code: status, errno: 999, error: 'no', message }),
  waits: [],
  statusIsAll: true,
  secrets: [keys.privateKey, pathOfBrowser],
};

async function sendOne(message: Message, answer: VendorAnswering = 'taken', changes = {}) {
  const stage = await startVendor(pushService);
  stage.answerWith(answer);
  const adapter = createWebPushAdapter(buildAdapterDeps());
  const target = { ...stage.target, settings: { ...settings, ...changes } };
  const signal = AbortSignal.timeout(10_000);
  const result = await adapter.send({ deliveryId, message, target, signal });
  await adapter.stop();
  await stage.receiver.stop();
  const [arrival] = stage.receiver.arrivals;
  const shown = arrival === undefined ? {} : JSON.parse(decryptPush(arrival.bytes, browser));
  return { result, shown, headers: arrival?.headers ?? {} };
}

describe('the web_push adapter', () => {
  it.each(adapterBattery(vendorHarness(pushService)))('$name', ({ run }) => run());

  it('is read by a browser that reads the example of the standard', () => {
    expect(decryptPush(Buffer.from(exampleBody, 'base64url'), browser)).toBe(
      'When I grow up, I want to be a watermelon',
    );
  });

  it('opens no connection to an inner address, whatever a subscription names', async () => {
    const listener = await startWebhookReceiver();
    const adapter = createWebPushAdapter(buildAdapterDeps({ egressAllow: [] }));
    const address = subscriptionAt(`https://127.0.0.1:${listener.port}/`);
    const signal = AbortSignal.timeout(10_000);
    const message = buildMessage();
    const result = await adapter.send({ deliveryId, message, target: { settings, address }, signal });
    expect(result).toEqual({ outcome: 'retry', reason: 'endpoint could not be reached' });
    expect(listener.accepts).toBe(0);
    await adapter.stop();
    await listener.stop();
  });
});

describe('a message in a browser', () => {
  it('is what a service worker shows, for the one browser that can read it', async () => {
    const { result, shown, headers } = await sendOne(buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 201 });
    expect(shown).toEqual({
      ...{ title: 'Build 7 failed', body: 'The build of main failed in step test.' },
      tag: '01890a5d-ac96-774b-bcce-b302099a8001',
      notification_id: '01890a5d-ac96-774b-bcce-b302099a8001',
      ...{ category: 'builds', urgent: false, url: 'https://ci.example.org/builds/7' },
      actions: [{ title: 'See the log', url: 'https://carillon.example.org/builds/7/log' }],
    });
    expect(headers).toMatchObject({ ttl: '86400', urgency: 'normal' });
  });

  it('says to the service how urgent it is, how long it may wait, and which one it replaces', async () => {
    const message = buildMessage({ notification: { urgent: true } });
    const first = await sendOne(message, 'taken', { ttl_seconds: 60 });
    const second = await sendOne(message, 'taken', { ttl_seconds: 60 });
    expect(first.headers).toMatchObject({ ttl: '60', urgency: 'high' });
    expect(second.headers['topic']).toBe(first.headers['topic']);
    const other = buildMessage({ notification: { id: '01890a5d-ac96-774b-bcce-b302099a8009' as never } });
    expect((await sendOne(other)).headers['topic']).not.toBe(first.headers['topic']);
  });

  it.each([
    { name: 'script', expected: hostileTexts.script },
    { name: 'marks', expected: hostileTexts.marks },
    { name: 'mention', expected: hostileTexts.mention },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('is plain: $name', async ({ name, expected }) => {
    const { shown } = await sendOne(buildMessage({ title: hostileTexts[name], text: hostileTexts[name] }));
    expect(shown).toMatchObject({ title: expected, body: expected });
  });

  it.each([
    { name: 'words', text: 'word '.repeat(2_000) },
    { name: 'letters of two bytes', text: '\u0436'.repeat(5_000) },
    { name: 'characters that JSON escapes', text: '"'.repeat(5_000) },
    { name: 'pictures', text: '😀'.repeat(3_000) },
  ])('is cut politely where it is too long: $name', async ({ text }) => {
    const url = `https://ci.example.org/${'x'.repeat(1_900)}`;
    const { result, shown } = await sendOne(buildMessage({ text, notification: { url } }));
    expect(result.outcome).toBe('sent');
    expect(shown.body).toMatch(/[^\uD800-\uDBFF]…$/);
    expect(shown.url).toBe(url);
  });

  it('leaves out buttons before the text', async () => {
    const actions = [1, 2].map((n) => ({ label: `${n}`, url: `https://a.example/${'x'.repeat(1_900)}` }));
    const url = `https://ci.example.org/${'x'.repeat(1_000)}`;
    const { shown } = await sendOne(buildMessage({ notification: { actions, url } }));
    expect(shown).toMatchObject({ body: 'The build of main failed in step test.', url });
    expect(shown).not.toHaveProperty('actions');
  });

  it.each([
    { name: '404', status: 404, address: 'gone' },
    { name: '410', status: 410, address: 'gone' },
    { name: '403, which says something of the keys', status: 403, address: undefined },
  ])('tells whether the subscription has ended: $name', async ({ status, address }) => {
    const { result } = await sendOne(buildMessage(), json(status, pushService.refused(status, 'no')));
    expect(result).toMatchObject({ outcome: 'reject', statusCode: status });
    expect('address' in result ? result.address : undefined).toBe(address);
  });
});

describe('settings of web push', () => {
  const other = newVapidKeys(randomBytes);
  it.each([
    { name: 'nothing', given: {}, wrong: [] },
    { name: 'a pair', given: settings, wrong: [] },
    { name: 'a contact', given: { subject: 'mailto:ada@example.org', ttl_seconds: 0 }, wrong: [] },
    { name: 'half a pair', given: { vapid_private_key: other.privateKey }, wrong: ['/vapid_public_key'] },
    { name: 'no point', given: { ...settings, vapid_public_key: 'BCVx' }, wrong: ['/vapid_public_key'] },
    { name: 'no key', given: { ...settings, vapid_private_key: 'abc' }, wrong: ['/vapid_private_key'] },
    { name: 'a name as contact', given: { subject: 'ada' }, wrong: ['/subject'] },
    { name: 'five weeks', given: { ttl_seconds: 3_024_000 }, wrong: ['/ttl_seconds'] },
  ])('are judged: $name', ({ given, wrong }) => {
    const filled = fillSettings('web_push', given, randomBytes);
    const found = validateSettings('web_push', filled, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it('are made with a pair of keys of their own', () => {
    const first = fillSettings('web_push', {}, randomBytes);
    expect(isPublicKey(String(first['vapid_public_key']))).toBe(true);
    expect(publicKeyOf(String(first['vapid_private_key']))).toBe(first['vapid_public_key']);
    expect(fillSettings('web_push', {}, randomBytes)).not.toEqual(first);
  });

  it('are made from the next numbers where the first are too large for the curve', () => {
    const numbers = [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0), Buffer.alloc(32, 7)];
    const made = newVapidKeys(() => numbers.shift() ?? Buffer.alloc(32, 7));
    expect(Buffer.from(made.privateKey, 'base64url')).toEqual(Buffer.alloc(32, 7));
  });
});

describe('addresses of web push', () => {
  const endpoint = 'https://push.example.net/send/2f7Qd';
  const keysOfBrowser = { p256dh: browser.publicKey, auth: browser.auth };
  const notOnTheCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
  it.each([
    { name: 'a subscription', value: JSON.parse(subscriptionAt(endpoint)), wrong: 'nothing' },
    {
      name: 'padding',
      value: { endpoint, keys: { ...keysOfBrowser, auth: `${browser.auth}==` } },
      wrong: 'nothing',
    },
    { name: 'no JSON', value: endpoint, wrong: 'must be the JSON text' },
    { name: 'no keys', value: { endpoint }, wrong: 'keys.p256dh is no public key' },
    {
      name: 'no point',
      value: { endpoint, keys: { ...keysOfBrowser, p256dh: notOnTheCurve } },
      wrong: 'keys.p256dh',
    },
    {
      name: 'a short secret',
      value: { endpoint, keys: { ...keysOfBrowser, auth: 'AAAA' } },
      wrong: 'keys.auth is not 16',
    },
    {
      name: 'http',
      value: { endpoint: 'http://a.example/', keys: keysOfBrowser },
      wrong: 'begin with https',
    },
    { name: 'no address', value: { endpoint: 'push', keys: keysOfBrowser }, wrong: 'endpoint is no address' },
    {
      name: 'a service that is no more',
      value: { endpoint: 'https://android.googleapis.com/gcm/send/abc', keys: keysOfBrowser },
      wrong: 'endpoint is no address',
    },
  ])('are judged: $name', ({ value, wrong }) => {
    const [found] = validateAddress('web_push', typeof value === 'string' ? value : JSON.stringify(value));
    expect(found?.detail ?? 'nothing').toContain(wrong);
  });

  it('are compared with the curve, not with their length', () => {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    expect(isPublicKey(pair.getPublicKey('base64url'))).toBe(true);
    expect(isPublicKey(notOnTheCurve)).toBe(false);
  });
});
