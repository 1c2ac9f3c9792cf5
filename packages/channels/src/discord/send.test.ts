import { adapterBattery, buildMessage, type WebhookArrival } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { buildWith, sendToVendor } from '../../test/send-to-vendor.ts';
import { json, vendorHarness, type Vendor } from '../../test/vendor-harness.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeDiscord, escapeDiscord } from './compose.ts';
import { createDiscordAdapter } from './send.ts';

const token = 'hook-token-of-68-characters';
const path = `/api/webhooks/1234567890/${token}`;

/** "Execute Webhook": limits of embeds, and that nobody is mentioned. */
function checkCall({ method, path: called, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || called !== `${path}?wait=true`) return 'Unknown Webhook';
  if (headers['content-type'] !== 'application/json') return 'Cannot send an empty message';
  const call = JSON.parse(body);
  if (JSON.stringify(call.allowed_mentions) !== '{"parse":[]}') return 'Somebody would be mentioned';
  const [{ title = '', description = '' }] = call.embeds;
  if (title.length > 256 || description.length > 4_096) return 'Invalid Form Body';
  return title + description === '' ? 'Cannot send an empty message' : undefined;
}

const discord: Vendor = {
  create: createDiscordAdapter,
  target: (baseUrl) => ({ settings: { url: `${baseUrl}${path}` }, address: undefined }),
  check: checkCall,
  taken: { status: 200, body: { id: '1100000000000000001', channel_id: '2', content: '' } },
  refused: (_status, message) => ({ message, code: 10_015 }),
  waits: [
    {
      name: 'retry_after in the body',
      answer: json(429, { message: 'You are being rate limited.', retry_after: 64.57, global: false }),
      afterMs: 64_570,
    },
  ],
  secrets: [token],
};

const textOf = (body: string, notification = {}): string =>
  composeDiscord(buildWith(body, { url: null, actions: [], ...notification }), 'https://carillon.example.org')
    .embeds[0].description ?? '';
const unescape = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

describe('the discord adapter', () => {
  it.each(adapterBattery(vendorHarness(discord)))('$name', ({ run }) => run());
});

describe('a message in Discord', () => {
  it('is an embed with title, body and links, and mentions nobody', async () => {
    const { result, body } = await sendToVendor(discord, buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId: '1100000000000000001' });
    expect(body).toEqual({
      embeds: [
        {
          title: 'Build 7 failed',
          description:
            'The build of **main** failed in step test\\.\n\n[See the log](<https://carillon.example.org/builds/7/log>)\n[Open](<https://ci.example.org/builds/7>)',
        },
      ],
      allowed_mentions: { parse: [] },
    });
  });

  it('keeps the looks that Discord knows', () => {
    expect(
      textOf('# H\n\n*i* ~~s~~ `c*d` [l](https://a.example)\n\n> q\n> r\n\n- a\n  1. b\n\n```\nx*\n```'),
    ).toBe('**H**\n*i* ~~s~~ `c*d` [l](<https://a.example>)\n> q\n> r\n- a\n  1. b\n```\nx*\n```');
  });

  it.each([
    { name: 'script', expected: '\\<script\\>alert\\(1\\)\\<\\/script\\>' },
    { name: 'mention', expected: '\\<\\!channel\\> \\<\\@U123\\> \\@everyone \\@here \\<\\@\\&99\\>' },
    {
      name: 'marks',
      expected:
        '\\*bold\\* \\_it\\_ \\~st\\~ \\`code\\` \\|\\| spoiler \\|\\| \\[a\\]\\(https\\:\\/\\/evil\\.example\\)',
    },
    { name: 'closing', expected: '\\<\\/b\\>\\<\\/a\\>\\<\\/code\\>' },
    { name: 'braces', expected: '\\{\\{\\{raw\\}\\}\\} \\{\\{TIME\\(2020\\)\\}\\}' },
    { name: 'bidi', expected: 'safeexe\\.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('escapes $name', ({ name, expected }) => {
    const message = { ...buildWith('.'), title: hostileTexts[name] };
    expect(composeDiscord(message, 'https://carillon.example.org').embeds[0].title).toBe(expected);
    const quoted = hostileTexts[name].replaceAll(/[\\*_[\]<>&|~!:@`()#-]/g, '\\$&');
    expect(textOf(quoted)).toBe(expected);
  });

  it('leaves code that would end itself without the look of code', () => {
    expect(textOf('`` a`b ``')).toBe('a\\`b');
    expect(textOf('~~~\na```b\n~~~')).toBe('a\\`\\`\\`b');
  });

  it('is cut politely where it is too long, whatever it consists of', async () => {
    const link = `[a](https://a.example/${'x'.repeat(900)}) `;
    for (const body of [
      'x & '.repeat(5_000),
      '**a**b'.repeat(2_000),
      link.repeat(50),
      '- a\n'.repeat(3_000),
    ]) {
      const { result } = await sendToVendor(discord, {
        ...buildWith(body, { title: '*' }),
        title: '*'.repeat(400),
      });
      expect(result.outcome).toBe('sent');
    }
  });

  it('tells why it was refused', async () => {
    const answer = json(404, { message: 'Unknown Webhook', code: 10_015 });
    const { result } = await sendToVendor(discord, buildMessage(), answer);
    expect(result).toMatchObject({ reason: 'endpoint answered 404: Unknown Webhook (code 10015)' });
  });

  it('can be read as it was when the marks are taken away', () => {
    const text = Array.from({ length: 95 }, (_value, index) => String.fromCodePoint(index + 32)).join('');
    expect(unescape(escapeDiscord(text))).toBe(text);
  });
});

describe('settings of discord', () => {
  const url = `https://discord.com${path}`;
  it.each([
    { name: 'a webhook', settings: { url }, wrong: [] },
    { name: 'a thread', settings: { url: `${url}?thread_id=1`, username: 'Ops' }, wrong: [] },
    { name: 'no webhook', settings: {}, wrong: ['/url'] },
    { name: 'another page', settings: { url: 'https://discord.com/channels/1/2' }, wrong: ['/url'] },
    { name: 'an inner server', settings: { url: `https://10.0.0.1${path}` }, wrong: ['/url'] },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('discord', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it('say that users need no address', () => expect(validateAddress('discord', '1')).toHaveLength(1));
});
