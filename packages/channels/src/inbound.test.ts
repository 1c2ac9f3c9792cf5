import { createHmac } from 'node:crypto';
import type { ExternalKind } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  eventsOf,
  inboundDeliveryId as deliveryId,
  inboundNow as now,
  inboundUrl as url,
  readInbound,
} from '../test/read-inbound.ts';
import { asDeliveryId, type InboundRequest } from './inbound.ts';
import { inbounds } from './inbound-registry.ts';
import { isSignedByTwilio } from './twilio/signature.ts';

/** What is told of a message or call of this status. */
interface TwilioStatus {
  status: string;
  code?: string;
  told: Record<string, string> | undefined;
}

describe('callbacks of Twilio', () => {
  const token = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
  const account = { account_sid: `AC${'0'.repeat(32)}`, auth_token: token, from: '+15017122661' };
  const sms = { ...account, provider: 'twilio' };
  const to = '+4915112345678';

  function signed(fields: Record<string, string>, at = url): Partial<InboundRequest> {
    const names = Object.keys(fields).toSorted();
    const text = at + names.map((name) => name + fields[name]).join('');
    const signature = createHmac('sha1', token).update(text).digest('base64');
    return { headers: { 'x-twilio-signature': signature }, body: new URLSearchParams(fields).toString() };
  }

  it.each([
    { caller: '+14158675309', signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', fits: true },
    { caller: '+12349013030', signature: '0/KCTR6DLpKmkAf8muzZqo1nDgQ=', fits: true },
    { caller: '+14158675310', signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', fits: false },
    { caller: '+14158675309', signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8', fits: false },
    { caller: '+14158675309', signature: '', fits: false },
  ])('are signed as Twilio documents it: $caller $signature', ({ caller, signature, fits }) => {
    const form = new URLSearchParams({
      ...{ Digits: '1234', To: '+18005551212', From: caller, Caller: caller, CallSid: 'CA1234567890ABCDE' },
    });
    const request = { url: 'https://mycompany.com/myapp.php?foo=1&bar=2', form };
    expect(isSignedByTwilio('12345', signature, request)).toBe(fits);
  });

  it.each(['https://carillon.example.org:443/v1/x?a=b', 'https://carillon.example.org/v1/x?a=b'])(
    'fit whether Twilio writes the port or not: %s',
    (at) => {
      const { headers } = signed({ A: '1' }, at);
      const given = { url: 'https://carillon.example.org/v1/x?a=b', form: new URLSearchParams({ A: '1' }) };
      expect(isSignedByTwilio(token, headers?.['x-twilio-signature'] ?? '', given)).toBe(true);
    },
  );

  it.each<TwilioStatus>([
    { status: 'sent', told: undefined },
    { status: 'delivered', told: { feedback: 'delivered' } },
    { status: 'read', told: { feedback: 'opened' } },
    {
      ...{ status: 'undelivered', code: '30005' },
      told: {
        feedback: 'bounced',
        reason: 'the number does not exist, or is out of service (error 30005)',
        badAddress: to,
      },
    },
    {
      ...{ status: 'undelivered', code: '30003' },
      told: { feedback: 'bounced', reason: 'the telephone is switched off or out of reach (error 30003)' },
    },
    {
      ...{ status: 'failed', code: '39999' },
      told: { feedback: 'bounced', reason: 'it was not delivered (error 39999)' },
    },
  ])('tell of a text message that is $status', async ({ status, code, told }) => {
    const fields = { MessageSid: 'SM1', MessageStatus: status, To: to, ...(code && { ErrorCode: code }) };
    const events = told === undefined ? [] : [{ type: 'feedback', deliveryId, providerId: 'SM1', ...told }];
    expect(await readInbound('sms', sms, signed(fields))).toEqual({ outcome: 'read', events });
  });

  it.each<TwilioStatus>([
    { status: 'ringing', told: undefined },
    { status: 'in-progress', told: { feedback: 'answered' } },
    { status: 'completed', told: { feedback: 'answered' } },
    { status: 'busy', told: { feedback: 'unanswered', reason: 'the line was busy' } },
    { status: 'no-answer', told: { feedback: 'unanswered', reason: 'nobody answered' } },
    {
      ...{ status: 'failed', code: '404' },
      told: { feedback: 'bounced', reason: 'the number could not be called (SIP 404)', badAddress: to },
    },
    {
      ...{ status: 'failed', code: '503' },
      told: { feedback: 'bounced', reason: 'the number could not be called (SIP 503)' },
    },
  ])('tell of a call that is $status', async ({ status, code, told }) => {
    const fields = { CallSid: 'CA1', CallStatus: status, To: to, ...(code && { SipResponseCode: code }) };
    const events = told === undefined ? [] : [{ type: 'feedback', deliveryId, providerId: 'CA1', ...told }];
    expect(await readInbound('phone_call', account, signed(fields))).toEqual({ outcome: 'read', events });
  });

  const delivered = { MessageSid: 'SM1', MessageStatus: 'delivered' };
  it.each<{
    name: string;
    settings: Record<string, unknown>;
    request: Partial<InboundRequest>;
    why: unknown;
  }>([
    { name: 'no signature', settings: sms, request: { ...signed(delivered), headers: {} }, why: 'unsigned' },
    {
      name: 'another form',
      settings: sms,
      request: { ...signed(delivered), body: 'MessageSid=SM1&MessageStatus=failed' },
      why: 'forged',
    },
    {
      name: 'another delivery in the address',
      settings: sms,
      request: { ...signed(delivered), url: url.replace(/.$/, '8') },
      why: 'forged',
    },
    {
      name: 'another token',
      settings: { ...sms, signing_token: 'x' },
      request: signed(delivered),
      why: 'forged',
    },
    {
      name: 'an API key and no token to check by',
      settings: { ...sms, api_key_sid: `SK${'0'.repeat(32)}` },
      request: signed(delivered),
      why: 'not_set_up',
    },
    {
      name: 'a gateway',
      settings: { provider: 'gateway', gateway_url: 'https://sms.example.org' },
      request: signed(delivered),
      why: 'not_set_up',
    },
    {
      name: 'an address without a delivery, which tells of none of ours',
      settings: sms,
      request: { ...signed(delivered, 'https://a.example'), url: 'https://a.example' },
      why: [],
    },
  ])('are judged: $name', async ({ settings, request, why }) => {
    expect(eventsOf(await readInbound('sms', settings, request))).toEqual(why);
  });
});

describe('interactions of Slack', () => {
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const settings = { signing_secret: secret };
  const press = (action: Record<string, unknown>) => ({
    ...{ type: 'block_actions', user: { id: 'U012AB3CD' }, actions: [action] },
  });

  function signed(payload: unknown, seconds = now.getTime() / 1_000): Partial<InboundRequest> {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const hash = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
    return {
      body,
      headers: { 'x-slack-signature': `v0=${hash}`, 'x-slack-request-timestamp': String(seconds) },
    };
  }

  it('are signed as Slack documents it', async () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'x-slack-request-timestamp': '1531420618',
    };
    // The signature fits: what is wrong with it is its age.
    expect(eventsOf(await readInbound('slack', settings, { body, headers }))).toBe('stale');
    expect(eventsOf(await readInbound('slack', settings, { body: `${body}&x=1`, headers }))).toBe('forged');
  });

  it.each([
    { action_id: 'acknowledge', verb: 'acknowledge' },
    { action_id: 'link_0', verb: 'read' },
    { action_id: 'of_somebody_else', verb: undefined },
  ])('tell who pressed $action_id', async ({ action_id, verb }) => {
    const request = signed(press({ action_id, value: deliveryId }));
    const events = verb === undefined ? [] : [{ type: 'press', deliveryId, verb, by: 'U012AB3CD' }];
    const once = request.headers?.['x-slack-signature'];
    expect(await readInbound('slack', settings, request)).toEqual({ outcome: 'read', events, once });
  });

  it.each<{
    name: string;
    settings: Record<string, unknown>;
    request: Partial<InboundRequest>;
    why: unknown;
  }>([
    { name: 'no signature', settings, request: { body: signed(press({})).body ?? '' }, why: 'unsigned' },
    { name: 'no secret', settings: {}, request: signed(press({})), why: 'not_set_up' },
    { name: 'another secret', settings: { signing_secret: 'x' }, request: signed(press({})), why: 'forged' },
    {
      name: 'six minutes old',
      settings,
      request: signed(press({}), now.getTime() / 1_000 - 360),
      why: 'stale',
    },
    {
      name: 'six minutes ahead',
      settings,
      request: signed(press({}), now.getTime() / 1_000 + 360),
      why: 'stale',
    },
    { name: 'a time that is none', settings, request: signed(press({}), Number.NaN), why: 'stale' },
    { name: 'no payload', settings, request: signed(undefined), why: 'malformed' },
    { name: 'a payload that is a list', settings, request: signed([]), why: 'malformed' },
    {
      name: 'a value that is no delivery',
      settings,
      request: signed(press({ action_id: 'acknowledge', value: '7' })),
      why: [],
    },
    {
      name: 'actions that are none',
      settings,
      request: signed({ type: 'view_submission', user: 7, actions: {} }),
      why: [],
    },
  ])('are judged: $name', async ({ settings: given, request, why }) => {
    expect(eventsOf(await readInbound('slack', given, request))).toEqual(why);
  });

  it.each([
    { address: 'U012AB3CD', by: 'U012AB3CD', may: true },
    { address: 'U012AB3CD', by: 'U999', may: false },
    { address: 'C024BE91L', by: 'U999', may: true },
    { address: 'https://hooks.slack.com/services/T0/B0/x', by: 'U999', may: true },
  ])('act by $by on what went to $address: $may', ({ address, by, may }) => {
    expect(inbounds.slack?.mayPress?.(by, address)).toBe(may);
  });
});

describe('whatever comes', () => {
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const account = { account_sid: 'AC1', auth_token: 'x', from: '+15017122661' };
  const sns = { events: 'ses', events_topic: 'arn:aws:sns:eu-central-1:123456789012:mail-events' };
  const names = [
    ...['x-twilio-signature', 'x-slack-signature', 'x-slack-request-timestamp'],
    ...['x-twilio-email-event-webhook-signature', 'x-twilio-email-event-webhook-timestamp'],
  ];
  const headers = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constant('1772352000')));
  const body = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.webQueryParameters());

  it.each<{ kind: ExternalKind; settings: Record<string, unknown> }>([
    { kind: 'sms', settings: { provider: 'twilio', ...account } },
    { kind: 'phone_call', settings: account },
    { kind: 'slack', settings: { signing_secret: secret } },
    { kind: 'email', settings: sns },
    { kind: 'email', settings: { events: 'sendgrid', events_key: 'A'.repeat(120) } },
  ])('to $kind is refused without an error: $settings', async ({ kind, settings }) => {
    await fc.assert(
      fc.asyncProperty(headers, body, async (given, text) => {
        const reading = await readInbound(kind, settings, { headers: given, body: text });
        expect(reading.outcome).toBe('refused');
      }),
      { numRuns: 50 },
    );
  });

  it('is read without an error when it is signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (payload) => {
        const text = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
        const seconds = String(now.getTime() / 1_000);
        const hash = createHmac('sha256', secret).update(`v0:${seconds}:${text}`).digest('hex');
        const given = { 'x-slack-signature': `v0=${hash}`, 'x-slack-request-timestamp': seconds };
        const reading = await readInbound(
          'slack',
          { signing_secret: secret },
          { headers: given, body: text },
        );
        expect(eventsOf(reading)).toEqual(reading.outcome === 'read' ? [] : 'malformed');
      }),
    );
  });
});

it.each([undefined, null, '', '7', `${deliveryId}0`, `${deliveryId}' or 1=1`])(
  'what is no id of a delivery is none: %s',
  (text) => expect(asDeliveryId(text)).toBeUndefined(),
);
