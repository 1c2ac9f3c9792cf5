import { adapterBattery, buildAdapterDeps, buildMessage, type WebhookArrival } from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import {
  json,
  startVendor,
  vendorHarness,
  type Vendor,
  type VendorAnswering,
} from '../../test/vendor-harness.ts';
import type { Message } from '../adapter.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeTelegram, escapeTelegram } from './compose.ts';
import { createTelegramAdapter } from './send.ts';

const token = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;

/** `sendMessage` of the Bot API; text is limited after parsing, so marks are taken away before it is measured. */
function checkCall({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== `/bot${token}/sendMessage`) return 'Not Found';
  if (headers['content-type'] !== 'application/json') return 'Bad Request: message text is empty';
  const {
    chat_id: chat,
    text,
    parse_mode: mode,
    link_preview_options: preview,
    reply_markup,
  } = JSON.parse(body);
  if (!/^(-?\d+|@\w+)$/.test(chat)) return 'Bad Request: chat not found';
  if (mode !== 'HTML' || preview.is_disabled !== true) return 'Bad Request: unsupported parse_mode';
  return checkText(text) ?? checkButtons(reply_markup?.inline_keyboard ?? []);
}

function checkText(html: string): string | undefined {
  const plain = html.replace(/<\/?(?:b|i|s|code|pre|blockquote|a)(?: href="[^"<>]*")?>/g, '');
  if (/[<>]|&(?!(?:lt|gt|amp|quot);)/.test(plain)) return "Bad Request: can't parse entities";
  const length = plain.replace(/&\w+;/g, '.').length;
  return length === 0 || length > 4_096 ? 'Bad Request: message is too long' : undefined;
}

function checkButtons(rows: { text: string; url: string }[][]): string | undefined {
  const isRight = rows.flat().every(({ text, url }) => text !== '' && /^https?:\/\/[^/]+\./.test(url));
  return isRight ? undefined : 'Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL';
}

const refused = (status: number, description: string) => ({ ok: false, error_code: status, description });

const telegram: Vendor = {
  create: createTelegramAdapter,
  target: (baseUrl) => ({ settings: { token, base_url: baseUrl }, address: '987654321' }),
  check: checkCall,
  taken: { status: 200, body: { ok: true, result: { message_id: 42, chat: { id: 987654321 } } } },
  refused,
  waits: [
    {
      name: 'retry_after in the body',
      answer: json(429, {
        ...refused(429, 'Too Many Requests: retry after 31'),
        parameters: { retry_after: 31 },
      }),
      afterMs: 31_000,
    },
  ],
  rejected: [
    {
      name: 'a bot that was blocked',
      answer: json(403, refused(403, 'Forbidden: bot was blocked by the user')),
    },
    { name: '200 that says no', answer: json(200, refused(400, 'no')) },
  ],
  secrets: [token, token.slice(12)],
};

const build = (body: string, notification: Partial<Message['notification']> = {}): Message =>
  buildMessage({ notification: { body, ...notification } });
const textOf = (message: Message): string => composeTelegram(message, 'https://carillon.example.org').text;

async function sendOne(message: Message, answer: VendorAnswering = 'taken') {
  const stage = await startVendor(telegram);
  stage.answerWith(answer);
  const adapter = createTelegramAdapter(buildAdapterDeps());
  const signal = AbortSignal.timeout(10_000);
  const result = await adapter.send({ deliveryId, message, target: stage.target, signal });
  await adapter.stop();
  await stage.receiver.stop();
  return { result, body: JSON.parse(stage.receiver.arrivals[0]?.body ?? '{}') };
}

describe('the telegram adapter', () => {
  it.each(adapterBattery(vendorHarness(telegram)))('$name', ({ run }) => run());
});

describe('a message in Telegram', () => {
  it('is the title, the body with its looks, and a button for each link', async () => {
    const { result, body } = await sendOne(buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId: '42' });
    expect(body).toEqual({
      chat_id: '987654321',
      text: '<b>Build 7 failed</b>\n\nThe build of <b>main</b> failed in step test.',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: {
        inline_keyboard: [
          [{ text: 'See the log', url: 'https://carillon.example.org/builds/7/log' }],
          [{ text: 'Open', url: 'https://ci.example.org/builds/7' }],
        ],
      },
    });
  });

  it('keeps the looks that Telegram knows', () => {
    const text = textOf(
      build(
        '# Head\n\n*i* ~~s~~ `c<d` [l](https://a.example/?a="b"&c)\n\n> said\n\n- one\n  1. two\n\n```\nx < y\n```',
      ),
    );
    expect(text.split('\n').slice(2)).toEqual([
      '<b>Head</b>',
      '<i>i</i> <s>s</s> <code>c&lt;d</code> <a href="https://a.example/?a=%22b%22&amp;c">l</a>',
      '<blockquote>said</blockquote>',
      '• one',
      '  1. two',
      '<pre>x &lt; y</pre>',
    ]);
  });

  it.each([
    { name: 'script', expected: '&lt;script&gt;alert(1)&lt;/script&gt;' },
    { name: 'mention', expected: '&lt;!channel&gt; &lt;@U123&gt; @everyone @here &lt;@&amp;99&gt;' },
    { name: 'closing', expected: '&lt;/b&gt;&lt;/a&gt;&lt;/code&gt;' },
    { name: 'braces', expected: '{{{raw}}} {{TIME(2020)}}' },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
    {
      name: 'marks',
      expected: '*bold* _it_ ~st~ `code` || spoiler || [a](https://evil.example)',
    },
  ] as const)('shows $name in a title as it is', ({ name, expected }) => {
    const message = { ...build('.'), title: hostileTexts[name] };
    expect(textOf(message).split('\n')[0]).toBe(`<b>${expected}</b>`);
  });

  it.each(Object.entries(hostileTexts))(
    'takes no mark from the data of a body: %s',
    async (_name, hostile) => {
      const { result } = await sendOne(
        build(hostile, { title: hostile, actions: [{ label: hostile, url: '/x' }] }),
      );
      expect(result.outcome).toBe('sent');
    },
  );

  it('is cut politely where it is too long, whatever it consists of', async () => {
    for (const body of [
      'x & '.repeat(5_000),
      '- a\n'.repeat(3_000),
      `\`${'<'.repeat(9_000)}\``,
      '😀'.repeat(4_000),
    ]) {
      const { result, body: sent } = await sendOne(build(body));
      expect(result.outcome).toBe('sent');
      expect(sent.text).toContain('…');
    }
  });

  it('writes a link that is no button in Telegram as text', () => {
    const message = build('.', { url: 'http://localhost:8080/x?a=1&b', actions: [] });
    const { text, reply_markup: keyboard } = composeTelegram(message, 'http://localhost:8080');
    expect(text).toContain('\n\nOpen: http://localhost:8080/x?a=1&amp;b');
    expect(keyboard).toBeUndefined();
  });

  it.each([
    { status: 400, words: 'Bad Request: chat not found', address: 'bad' },
    { status: 403, words: 'Forbidden: user is deactivated', address: 'bad' },
    { status: 403, words: 'Forbidden: bot was blocked by the user', address: undefined },
  ])('says of the chat what "$words" says of it', async ({ status, words, address }) => {
    const { result } = await sendOne(buildMessage(), json(status, refused(status, words)));
    expect(result).toMatchObject({ outcome: 'reject', reason: expect.stringContaining(words) });
    expect('address' in result ? result.address : undefined).toBe(address);
  });

  it('tells why it was refused, in the words of Telegram, without the token', async () => {
    const answer = json(403, refused(403, `Forbidden: bot ${token} was blocked by the user`));
    expect((await sendOne(buildMessage(), answer)).result).toEqual({
      outcome: 'reject',
      statusCode: 403,
      reason: 'endpoint answered 403: Forbidden: bot (secret) was blocked by the user',
    });
  });

  it('tells the id of a group that has moved', async () => {
    const parameters = { migrate_to_chat_id: -1001234567890 };
    const answer = json(400, { ...refused(400, 'Bad Request: group chat was upgraded'), parameters });
    expect((await sendOne(buildMessage(), answer)).result).toMatchObject({
      reason: expect.stringContaining('(the chat has the id -1001234567890 now)'),
    });
  });
});

describe('escapeTelegram', () => {
  it.each([
    ['a & b', 'a &amp; b'],
    ['<b>', '&lt;b&gt;'],
    ['"', '&quot;'],
    ["it's", "it's"],
  ])('%s', (text, expected) => expect(escapeTelegram(text)).toBe(expected));
});

describe('settings and addresses of telegram', () => {
  const context = { egressAllow: [] };
  it.each([
    { name: 'the token alone', settings: { token }, wrong: [] },
    { name: 'no token', settings: {}, wrong: ['/token'] },
    { name: 'a token that is none', settings: { token: 'secret' }, wrong: ['/token'] },
    { name: 'an inner server', settings: { token, base_url: 'https://10.0.0.1' }, wrong: ['/base_url'] },
    { name: 'an unknown setting', settings: { token, chat: '1' }, wrong: ['/chat'] },
  ])('are judged: $name', ({ settings, wrong }) => {
    expect(validateSettings('telegram', settings, context).map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it.each(['123456789', '-1001234567890', '@example_status'])('takes %s', (address) => {
    expect(validateAddress('telegram', address)).toEqual([]);
  });

  it.each(['ada', '', '@a', '1.5', '@ada/../', '12345678901234567890', 7])('refuses %s', (address) => {
    expect(validateAddress('telegram', address)).toHaveLength(1);
  });
});
