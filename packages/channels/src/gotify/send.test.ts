import { adapterBattery, buildMessage, type WebhookArrival } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { buildWith, sendToVendor } from '../../test/send-to-vendor.ts';
import { json, vendorHarness, type Vendor } from '../../test/vendor-harness.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeGotify } from './compose.ts';
import { createGotifyAdapter } from './send.ts';

const token = 'AZb1cD2eF3gH4iJ';

/** `POST /message` of Gotify's API: a message is required, extras have namespaces. */
function checkCall({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== '/gotify/message') return 'page not found';
  if (headers['x-gotify-key'] !== token)
    return 'you need to provide a valid access token or user credentials';
  if (headers['content-type'] !== 'application/json') return 'extras need application/json';
  const { title, message, priority, extras } = JSON.parse(body);
  if (typeof title !== 'string' || typeof message !== 'string' || message === '')
    return "Field 'message' is required";
  if (!Number.isInteger(priority)) return "Field 'priority' is wrong";
  return Object.keys(extras).every((key) => /^\w+::\w+$/.test(key)) ? undefined : 'wrong namespace';
}

const gotify: Vendor = {
  create: createGotifyAdapter,
  // A server may stand under a path.
  target: (baseUrl) => ({ settings: { base_url: `${baseUrl}/gotify/`, token }, address: undefined }),
  check: checkCall,
  taken: {
    status: 200,
    body: { id: 25, appid: 5, message: '', title: '', priority: 5, date: '2018-02-27T19:36:10Z' },
  },
  refused: (errorCode, errorDescription) => ({ error: 'Bad Request', errorCode, errorDescription }),
  waits: [],
  secrets: [token],
};

const compose = (text: string, notification = {}) =>
  composeGotify({ ...buildWith(text, notification), text }, 'https://carillon.example.org');

describe('the gotify adapter', () => {
  it.each(adapterBattery(vendorHarness(gotify)))('$name', ({ run }) => run());
});

describe('a message in Gotify', () => {
  it('is title and text, a line for each action, and what a tap opens', async () => {
    const { result, body } = await sendToVendor(gotify, buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId: '25' });
    expect(body).toEqual({
      title: 'Build 7 failed',
      message:
        'The build of main failed in step test.\n\nSee the log: https://carillon.example.org/builds/7/log',
      priority: 5,
      extras: {
        'client::display': { contentType: 'text/plain' },
        'client::notification': { click: { url: 'https://ci.example.org/builds/7' } },
      },
    });
  });

  it('interrupts when it is urgent', () => expect(compose('.', { urgent: true }).priority).toBe(8));

  it.each([
    { name: 'script', expected: hostileTexts.script },
    { name: 'mention', expected: hostileTexts.mention },
    { name: 'marks', expected: hostileTexts.marks },
    { name: 'closing', expected: hostileTexts.closing },
    { name: 'braces', expected: hostileTexts.braces },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('is said to be plain, and is: $name', ({ name, expected }) => {
    const made = compose(hostileTexts[name], { actions: [{ label: hostileTexts[name], url: '/x' }] });
    expect(made.message).toBe(`${expected}\n\n${expected}: https://carillon.example.org/x`);
    expect(made.extras['client::display'].contentType).toBe('text/plain');
  });

  it('is cut where it is too long, and is never empty', async () => {
    expect(compose('word '.repeat(5_000), { actions: [] }).message).toMatch(/^.{3990,3999}…$/);
    const empty = { ...buildMessage({ notification: { actions: [] } }), text: '' };
    expect((await sendToVendor(gotify, empty)).body.message).toBe('Build 7 failed');
  });

  it('tells why it was refused', async () => {
    const answer = json(401, gotify.refused(401, 'you need to provide a valid access token'));
    expect((await sendToVendor(gotify, buildMessage(), answer)).result).toMatchObject({
      reason: 'endpoint answered 401: you need to provide a valid access token',
    });
  });
});

describe('settings of gotify', () => {
  const base = 'https://gotify.example.org';
  it.each([
    { name: 'a server and a token', settings: { base_url: base, token }, wrong: [] },
    { name: 'nothing', settings: {}, wrong: ['/base_url', '/token'] },
    { name: 'an inner server', settings: { base_url: 'https://10.0.0.1', token }, wrong: ['/base_url'] },
    { name: 'a token of two lines', settings: { base_url: base, token: 'a\r\nb' }, wrong: ['/token'] },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('gotify', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it('say that users need no address', () => expect(validateAddress('gotify', 'ada')).toHaveLength(1));
});
