import { adapterBattery, buildAdapterDeps, buildMessage, type WebhookArrival } from '@carillon/testkit';
import type { ChannelId, DeliveryId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import {
  json,
  startVendor,
  vendorHarness,
  type Vendor,
  type VendorAnswering,
} from '../../test/vendor-harness.ts';
import type { Message, Target } from '../adapter.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeCall, languageOf } from './compose.ts';
import { createPhoneCallAdapter } from './send.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const settings = { account_sid: accountSid, auth_token: authToken, from: '+15017122661' };
const to = '+4915112345678';
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const channelId = '01890a5d-ac96-774b-bcce-b302099a8020' as ChannelId;

/** "Create a Call" of Twilio's Calls resource. */
function checkCall({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== `/2010-04-01/Accounts/${accountSid}/Calls.json`) return 'Not Found';
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  if (headers['authorization'] !== `Basic ${credentials}`) return 'Authenticate';
  const form = new URLSearchParams(body);
  if (!/^\+[1-9]\d{6,14}$/.test(form.get('To') ?? '')) return "The 'To' number is not valid";
  if (form.get('From') !== settings.from) return 'The source phone number is required';
  if (!/^<Response>.+<\/Response>$/.test(form.get('Twiml') ?? ''))
    return 'Url, Twiml or ApplicationSid is required';
  return (form.get('Twiml')?.length ?? 0) <= 4_000 ? undefined : 'The Twiml exceeds 4000 characters';
}

const callSid = `CA${'1'.repeat(32)}`;
const twilio: Vendor = {
  create: createPhoneCallAdapter,
  target: (baseUrl) => ({ settings: { ...settings, base_url: baseUrl }, address: to }),
  check: checkCall,
  taken: { status: 201, body: { sid: callSid, status: 'queued' } },
  refused: (status, message) => ({ code: 21_200, message, more_info: 'https://www.twilio.com/docs', status }),
  waits: [],
  lost: 'unknown',
  secrets: [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')],
};

async function callOnce(
  target: Partial<Target> = {},
  message = buildMessage(),
  answer: VendorAnswering = 'taken',
) {
  const stage = await startVendor(twilio);
  stage.answerWith(answer);
  const adapter = createPhoneCallAdapter(buildAdapterDeps());
  const request = {
    ...{ deliveryId, message, signal: AbortSignal.timeout(10_000) },
    target: { ...stage.target, ...target, settings: { ...stage.target.settings, ...target.settings } },
  };
  const result = await adapter.send(request);
  await adapter.stop();
  await stage.receiver.stop();
  return { result, form: new URLSearchParams(stage.receiver.arrivals[0]?.body) };
}

describe('the phone_call adapter', () => {
  it.each(adapterBattery(vendorHarness(twilio)))('$name', ({ run }) => run());

  it('does not know what became of a call that was begun and not answered by Twilio', async () => {
    const { result } = await callOnce({}, buildMessage(), { type: 'reset' });
    expect(result).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    { code: 21_211, address: 'bad' },
    { code: 21_217, address: 'bad' },
    { code: 21_210, address: undefined },
    { code: 20_003, address: undefined },
  ])('says of the number what the error $code says of it', async ({ code, address }) => {
    const answer = json(400, { code, message: 'It is not so', status: 400 });
    const { result } = await callOnce({}, buildMessage(), answer);
    expect(result).toMatchObject({
      outcome: 'reject',
      reason: `endpoint answered 400: It is not so (error ${code})`,
    });
    expect('address' in result ? result.address : undefined).toBe(address);
  });
});

describe('a call', () => {
  it('says the title and the text twice, and asks to be told how it ends', async () => {
    const { result, form } = await callOnce({ channelId });
    const callback = `https://carillon.example.org/v1/inbound/${channelId}?delivery=${deliveryId}`;
    expect(result).toEqual({ outcome: 'sent', statusCode: 201, providerId: callSid });
    expect([...form]).toEqual([
      ['To', to],
      ['From', settings.from],
      [
        'Twiml',
        '<Response><Pause length="1"/><Say language="en-US" loop="2">Build 7 failed. The build of main failed in step test.</Say></Response>',
      ],
      ['Timeout', '30'],
      ['StatusCallback', callback],
      ['StatusCallbackEvent', 'answered'],
      ['StatusCallbackEvent', 'completed'],
    ]);
  });

  it.each([
    { name: 'beside an API key without signing_token', changes: { api_key_sid: `SK${'0'.repeat(32)}` } },
    { name: 'without a channel to call back to', changes: {}, none: true },
  ])('asks for no callback that nobody could check: $name', async ({ changes, none }) => {
    const { form } = await callOnce({ settings: changes, channelId: none ? undefined : channelId });
    expect(form.has('StatusCallback')).toBe(false);
  });

  it.each([
    'http://127.0.0.1:8080',
    'https://10.0.0.1',
    'https://carillon.internal',
    'http://carillon.example.org',
  ])('asks for no callback to %s, where Twilio could not or should not tell it', async (publicUrl) => {
    const stage = await startVendor(twilio);
    const adapter = createPhoneCallAdapter(buildAdapterDeps({ publicUrl }));
    const target = { ...stage.target, channelId };
    await adapter.send({ deliveryId, message: buildMessage(), target, signal: AbortSignal.timeout(10_000) });
    await adapter.stop();
    await stage.receiver.stop();
    expect(new URLSearchParams(stage.receiver.arrivals[0]?.body).has('StatusCallback')).toBe(false);
  });
});

describe('what is said', () => {
  const withDetails = (locale: string | null): Message => ({
    ...buildMessage(),
    details: {
      recipient: { email: null, name: null, username: null, locale },
      ...{ template: null, targets: [], title: { text: '', markdown: '' } },
    },
  });

  it.each([
    { locale: 'de', usual: 'en-US', spoken: 'de-DE' },
    { locale: 'de-AT', usual: 'en-US', spoken: 'de-DE' },
    { locale: 'pt_br', usual: 'en-US', spoken: 'pt-BR' },
    { locale: 'en', usual: 'en-GB', spoken: 'en-GB' },
    { locale: 'en', usual: 'de-DE', spoken: 'en-US' },
    { locale: 'zh-Hant', usual: 'en-US', spoken: 'zh-CN' },
    { locale: 'tlh', usual: 'fr-FR', spoken: 'fr-FR' },
    { locale: null, usual: 'it-IT', spoken: 'it-IT' },
    { locale: '', usual: 'it-IT', spoken: 'it-IT' },
  ] as const)('is in $spoken for the locale $locale', ({ locale, usual, spoken }) => {
    expect(languageOf(locale, usual)).toBe(spoken);
  });

  it("is in the recipient's language, else in the channel's", async () => {
    const { form } = await callOnce({ settings: { language: 'fr-FR' } }, withDetails('ja'));
    expect(form.get('Twiml')).toContain('<Say language="ja-JP"');
    const other = await callOnce({ settings: { language: 'fr-FR' } }, withDetails('cy'));
    expect(other.form.get('Twiml')).toContain('<Say language="fr-FR"');
  });

  it.each(Object.entries(hostileTexts))('holds no mark of its own: %s', (_name, text) => {
    const twiml =
      composeCall(buildMessage({ title: text, text: `${text}\u0000\u001F\uD800` }), 'en-US') ?? '';
    const [, said = ''] =
      /^<Response><Pause length="1"\/><Say language="en-US" loop="2">(.*)<\/Say><\/Response>$/s.exec(twiml) ??
      [];
    expect(said).not.toBe('');
    expect(said).not.toMatch(/[<>"'\p{Cc}\u202E\u200B]|&(?!(?:amp|lt|gt|quot|apos);)/u);
  });

  it('leaves out links, and ends politely where a call would be too long', () => {
    const long =
      composeCall(
        buildMessage({ text: `See https://ci.example.org/7?a=b now. ${'&'.repeat(5_000)}` }),
        'de-DE',
      ) ?? '';
    expect(long).not.toContain('https://');
    expect(long).toContain('…</Say>');
    // Each character may be written as six.
    expect(composeCall(buildMessage({ text: "'".repeat(5_000) }), 'de-DE')?.length).toBeLessThanOrEqual(
      4_000,
    );
  });

  it('is refused where there is nothing', async () => {
    const { result } = await callOnce({}, buildMessage({ title: '', text: 'https://ci.example.org/7' }));
    expect(result).toEqual({ outcome: 'reject', reason: 'there is nothing to say' });
  });
});

describe('settings and addresses of phone_call', () => {
  it.each([
    { name: 'all that is needed', given: settings, wrong: [] },
    { name: 'nothing', given: {}, wrong: ['/account_sid', '/auth_token', '/from'] },
    { name: 'a name as a number', given: { ...settings, from: 'Acme' }, wrong: ['/from'] },
    { name: 'a language nobody speaks', given: { ...settings, language: 'tlh' }, wrong: ['/language'] },
    { name: 'an inner address', given: { ...settings, base_url: 'https://10.0.0.1' }, wrong: ['/base_url'] },
  ])('are judged: $name', ({ given, wrong }) => {
    expect(validateSettings('phone_call', given, { egressAllow: [] }).map(({ pointer }) => pointer)).toEqual(
      wrong,
    );
  });

  it('takes a number in E.164 and nothing else', () => {
    expect(validateAddress('phone_call', '+4915112345678')).toEqual([]);
    expect(validateAddress('phone_call', '015112345678').length).toBeGreaterThan(0);
  });
});
