import { adapterBattery, buildAdapterDeps, buildMessage, type WebhookArrival } from '@carillon/testkit';
import type { ChannelId, DeliveryId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import {
  json,
  startVendor,
  vendorHarness,
  type Vendor,
  type VendorAnswering,
} from '../../test/vendor-harness.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { createSmsAdapter } from './send.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const to = '+4915112345678';
const from = '+15017122661';
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const twilioSettings = { provider: 'twilio', account_sid: accountSid, auth_token: authToken, from };
const formType = 'application/x-www-form-urlencoded';

/** "Create a Message" of Twilio's Messages resource. */
function checkTwilio({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return 'Not Found';
  const [scheme, credentials = ''] = (headers['authorization'] ?? '').split(' ');
  const known = Buffer.from(credentials, 'base64').toString() === `${accountSid}:${authToken}`;
  if (scheme !== 'Basic' || !known) return 'Authenticate';
  if (headers['content-type'] !== formType) return 'A text message body is required';
  return checkForm(new URLSearchParams(body));
}

function checkForm(form: URLSearchParams): string | undefined {
  if (!/^\+[1-9]\d{6,14}$/.test(form.get('To') ?? '')) return "The 'To' number is not valid";
  if (form.get('From') !== from && !form.has('MessagingServiceSid')) return "A 'From' number is required";
  const length = form.get('Body')?.length ?? 0;
  return length > 0 && length <= 1_600 ? undefined : 'The message body exceeds the 1600 character limit';
}

const twilio: Vendor = {
  create: createSmsAdapter,
  target: (baseUrl) => ({ settings: { ...twilioSettings, base_url: baseUrl }, address: to }),
  check: checkTwilio,
  taken: {
    status: 201,
    body: { sid: `SM${'1'.repeat(32)}`, status: 'queued', error_code: null, num_segments: '1' },
  },
  refused: (status, message) => ({ code: 21_211, message, more_info: 'https://www.twilio.com/docs', status }),
  waits: [],
  lost: 'unknown',
  secrets: [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')],
};

const key = 'Bearer k-123456789';
const gateway: Vendor = {
  ...twilio,
  target: (baseUrl) => ({
    settings: {
      provider: 'gateway',
      gateway_url: `${baseUrl}/send?key=s3cr3t`,
      authorization: key,
      from: 'Acme',
    },
    address: to,
  }),
  check({ path, headers, body }) {
    if (path !== '/send?key=s3cr3t' || headers['authorization'] !== key) return 'unknown key';
    const { to: number, text, from: sender, ...rest } = JSON.parse(body);
    const isRight = number === to && text !== '' && sender === 'Acme' && Object.keys(rest).length === 0;
    return isRight ? undefined : 'wrong fields';
  },
  taken: { status: 202, body: {} },
  statusIsAll: true,
  secrets: [key, 's3cr3t'],
};

async function sendOne(vendor: Vendor, settings = {}, answer: VendorAnswering = 'taken') {
  const stage = await startVendor(vendor);
  stage.answerWith(answer);
  const adapter = createSmsAdapter(buildAdapterDeps());
  const target = { ...stage.target, settings: { ...stage.target.settings, ...settings } };
  const signal = AbortSignal.timeout(10_000);
  const result = await adapter.send({ deliveryId, message: buildMessage(), target, signal });
  await adapter.stop();
  await stage.receiver.stop();
  return { result, arrival: stage.receiver.arrivals[0] };
}

describe('the sms adapter', () => {
  it.each(adapterBattery(vendorHarness(twilio)))('through Twilio: $name', ({ run }) => run());
  it.each(adapterBattery(vendorHarness(gateway)))('through a gateway: $name', ({ run }) => run());

  it.each([
    { name: 'Twilio', vendor: twilio },
    { name: 'a gateway', vendor: gateway },
  ])('does not know what became of a call to $name that was begun and not answered', async ({ vendor }) => {
    const { result } = await sendOne(vendor, {}, { type: 'reset' });
    expect(result).toEqual({
      outcome: 'unknown',
      reason: expect.stringContaining('before the endpoint answered'),
    });
  });

  it('tries again where no connection was made', async () => {
    const adapter = createSmsAdapter(buildAdapterDeps({ egressAllow: [] }));
    const target = { settings: { ...twilioSettings, base_url: 'https://127.0.0.1:9' }, address: to };
    const request = { deliveryId, message: buildMessage(), target, signal: AbortSignal.timeout(10_000) };
    expect(await adapter.send(request)).toEqual({
      outcome: 'retry',
      reason: 'endpoint could not be reached',
    });
    await adapter.stop();
  });
});

describe('a text message', () => {
  it('is what Twilio documents, from a number', async () => {
    const { result, arrival } = await sendOne(twilio);
    expect(result).toEqual({ outcome: 'sent', statusCode: 201, providerId: `SM${'1'.repeat(32)}` });
    expect(Object.fromEntries(new URLSearchParams(arrival?.body))).toEqual({
      ...{ To: to, From: from },
      Body: 'Build 7 failed\nThe build of main failed in step test.\nhttps://carillon.example.org/builds/7/log',
    });
  });

  it('may come from a Messaging Service, and be signed for by an API key', async () => {
    const service = `MG${'0'.repeat(32)}`;
    const keySid = `SK${'0'.repeat(32)}`;
    const { arrival } = await sendOne(
      twilio,
      { messaging_service_sid: service, api_key_sid: keySid },
      json(201, {}),
    );
    const form = new URLSearchParams(arrival?.body);
    expect([form.get('MessagingServiceSid'), form.get('From')]).toEqual([service, null]);
    const credentials = Buffer.from(`${keySid}:${authToken}`).toString('base64');
    expect(arrival?.headers['authorization']).toBe(`Basic ${credentials}`);
  });

  it('goes to a gateway under the names that it wants, as a form', async () => {
    const settings = { format: 'form', to_field: 'recipient', text_field: 'message', from_field: 'sender' };
    const { arrival } = await sendOne(gateway, settings, json(200, {}));
    expect(arrival?.headers['content-type']).toBe(formType);
    expect([...new URLSearchParams(arrival?.body).keys()]).toEqual(['recipient', 'message', 'sender']);
  });

  it('asks Twilio to tell what became of it, where the channel is known', async () => {
    const stage = await startVendor(twilio);
    const adapter = createSmsAdapter(buildAdapterDeps());
    const channelId = '01890a5d-ac96-774b-bcce-b302099a8020' as ChannelId;
    const target = { ...stage.target, channelId };
    await adapter.send({ deliveryId, message: buildMessage(), target, signal: AbortSignal.timeout(10_000) });
    await adapter.stop();
    await stage.receiver.stop();
    expect(new URLSearchParams(stage.receiver.arrivals[0]?.body).get('StatusCallback')).toBe(
      `https://carillon.example.org/v1/inbound/${channelId}?delivery=${deliveryId}`,
    );
  });

  it('tells why Twilio refused it, with the number of the error', async () => {
    const { result } = await sendOne(twilio, {}, json(400, twilio.refused(400, "Invalid 'To' Phone Number")));
    expect(result).toEqual({
      ...{ outcome: 'reject', statusCode: 400, address: 'bad' },
      reason: "endpoint answered 400: Invalid 'To' Phone Number (error 21211)",
    });
  });
});

describe('settings and addresses of sms', () => {
  const gatewayUrl = 'https://sms.example.org/send';
  it.each([
    { name: 'Twilio with a number', settings: twilioSettings, wrong: [] },
    {
      name: 'Twilio with a service',
      settings: { ...twilioSettings, from: undefined, messaging_service_sid: `MG${'0'.repeat(32)}` },
      wrong: [],
    },
    { name: 'a gateway', settings: { provider: 'gateway', gateway_url: gatewayUrl }, wrong: [] },
    { name: 'no provider', settings: {}, wrong: ['/provider'] },
    {
      name: 'Twilio without all',
      settings: { provider: 'twilio' },
      wrong: ['/account_sid', '/auth_token', '/from'],
    },
    {
      name: 'a SID that is none',
      settings: { ...twilioSettings, account_sid: 'AC1' },
      wrong: ['/account_sid'],
    },
    { name: 'a gateway without a place', settings: { provider: 'gateway' }, wrong: ['/gateway_url'] },
    {
      name: 'an inner gateway and a header of two lines',
      settings: { provider: 'gateway', gateway_url: 'https://10.0.0.1', authorization: 'a\r\nb' },
      wrong: ['/gateway_url', '/authorization'],
    },
  ])('are judged: $name', ({ settings, wrong }) => {
    const given = JSON.parse(JSON.stringify(settings));
    expect(validateSettings('sms', given, { egressAllow: [] }).map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it.each(['+4915112345678', '+15017122661'])('takes %s', (address) => {
    expect(validateAddress('sms', address)).toEqual([]);
  });

  it.each(['015112345678', '+0151', '+49 151 12345678', '+49151', 'ada', '+12345678901234567'])(
    'refuses %s',
    (address) => expect(validateAddress('sms', address).length).toBeGreaterThan(0),
  );
});
