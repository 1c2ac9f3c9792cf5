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
import { composeSlack, escapeMrkdwn } from './compose.ts';
import { createSlackAdapter } from './send.ts';

const token = ['xoxb', '17653672481', '19874698323', 'pdFZKVeTuE8sk7oOcHrzqqgy'].join('-');
const hook = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;

type Part = Record<string, unknown>;

/** Block Kit's limits, and that no text is empty. */
function checkBlocks({ text, blocks }: { text?: unknown; blocks?: Part[] }): string | undefined {
  if (typeof text !== 'string' || /[<>]/.test(text)) return 'no_text';
  if (blocks === undefined || blocks.length === 0 || blocks.length > 50) return 'invalid_blocks';
  return blocks.every((block) => checks[String(block['type'])]?.(block) === true)
    ? undefined
    : 'invalid_blocks';
}

const isPlain = (value: unknown, charsMax: number): boolean => {
  const { type, text } = Object(value);
  return type === 'plain_text' && text.length >= 1 && text.length <= charsMax;
};
const checks: Record<string, (block: Part) => boolean> = {
  header: ({ text }) => isPlain(text, 150),
  rich_text: ({ elements }) => Array.isArray(elements) && elements.length > 0 && elements.every(isRichText),
  actions: ({ elements }) => Array.isArray(elements) && elements.length <= 25 && elements.every(isButton),
};
/** "Button element": at most 3,000 characters of `url` and 2,000 of `value`, either of which may be absent. */
function isButton({ type, text, url = '', value = '' }: Part): boolean {
  return (
    type === 'button' && isPlain(text, 75) && String(url).length <= 3_000 && String(value).length <= 2_000
  );
}
const leaves = new Set(['text', 'link']);
function isRichText(part: Part): boolean {
  const { type, text, elements } = part;
  if (leaves.has(String(type))) return typeof text === 'string' && text !== '';
  if (!/^rich_text_(section|list|quote|preformatted)$/.test(String(type))) return false;
  return Array.isArray(elements) && elements.length > 0 && elements.every(isRichText);
}

const slack: Vendor = {
  create: createSlackAdapter,
  target: (baseUrl) => ({ settings: { token, base_url: `${baseUrl}/api` }, address: 'U012AB3CD' }),
  check({ method, path, headers, body }: WebhookArrival) {
    if (method !== 'POST' || path !== '/api/chat.postMessage') return 'unknown_method';
    if (headers['authorization'] !== `Bearer ${token}`) return 'invalid_auth';
    const call = JSON.parse(body);
    return call.channel === 'U012AB3CD' ? checkBlocks(call) : 'channel_not_found';
  },
  taken: { status: 200, body: { ok: true, channel: 'D1', ts: '1503435956.000247', message: {} } },
  refused: (_status, error) => ({ ok: false, error }),
  waits: [],
  rejected: ['channel_not_found', 'invalid_auth', 'not_in_channel', 'is_archived'].map((error) => ({
    name: `200 with ${error}`,
    answer: json(200, { ok: false, error }),
  })),
  retried: ['internal_error', 'ratelimited', 'service_unavailable'].map((error) => ({
    name: `200 with ${error}`,
    answer: json(200, { ok: false, error }),
  })),
  secrets: [token],
};

const incoming: Vendor = {
  ...slack,
  target: (baseUrl) => ({ settings: { hooks_url: baseUrl }, address: `${baseUrl}${hook}` }),
  check: ({ method, path, body }) =>
    method === 'POST' && path === hook ? checkBlocks(JSON.parse(body)) : 'no_service',
  taken: { status: 200, body: 'ok' },
  refused: (_status, error) => error.replaceAll(' ', '_'),
  rejected: [{ name: 'a channel that is archived', answer: json(410, 'channel_is_archived') }],
  retried: [],
  secrets: [hook],
};

const build = (body: string, notification: Partial<Message['notification']> = {}): Message =>
  buildMessage({ notification: { body, ...notification } });
const compose = (message: Message) => composeSlack(message, 'https://carillon.example.org');

async function sendOne(vendor: Vendor, message: Message, answer: VendorAnswering = 'taken') {
  const stage = await startVendor(vendor);
  stage.answerWith(answer);
  const adapter = createSlackAdapter(buildAdapterDeps());
  const signal = AbortSignal.timeout(10_000);
  const result = await adapter.send({ deliveryId, message, target: stage.target, signal });
  await adapter.stop();
  await stage.receiver.stop();
  return { result, body: JSON.parse(stage.receiver.arrivals[0]?.body ?? '{}') };
}

describe('the slack adapter', () => {
  it.each(adapterBattery(vendorHarness(slack)))('with a bot token: $name', ({ run }) => run());
  it.each(adapterBattery(vendorHarness(incoming)))('to an incoming webhook: $name', ({ run }) => run());

  it('sends to no webhook that is not one of Slack, and to no member without a token', async () => {
    const adapter = createSlackAdapter(buildAdapterDeps());
    const request = { deliveryId, message: buildMessage(), signal: AbortSignal.timeout(10_000) };
    const elsewhere = { settings: {}, address: 'https://evil.example/services/T0/B0/X' };
    expect(await adapter.send({ ...request, target: elsewhere })).toEqual({
      outcome: 'reject',
      reason: 'the webhook does not begin with https://hooks.slack.com',
    });
    expect(await adapter.send({ ...request, target: { settings: {}, address: 'U012AB3CD' } })).toMatchObject({
      outcome: 'reject',
      reason: expect.stringContaining('no token'),
    });
    await adapter.stop();
  });
});

describe('a message in Slack', () => {
  it('has a button that acknowledges where presses can be checked, and tells them its delivery', async () => {
    const app: Vendor = {
      ...slack,
      target(baseUrl) {
        const { settings, ...target } = slack.target(baseUrl);
        return { ...target, settings: { ...settings, signing_secret: '8f742231b10e8888abcd99yyyzzz85a5' } };
      },
    };
    const { result, body } = await sendOne(app, buildMessage());
    expect(result.outcome).toBe('sent');
    const { elements } = body.blocks.at(-1);
    expect(elements.map(({ action_id }: { action_id: string }) => action_id)).toEqual([
      ...['link_0', 'link_1', 'acknowledge'],
    ]);
    expect(new Set(elements.map(({ value }: { value: string }) => value)).size).toBe(1);
    expect(elements[2]).toMatchObject({ type: 'button', text: { text: 'Acknowledge' } });
    expect(elements[2]).not.toHaveProperty('url');
  });

  it('is a header, rich text, and a button for each link', async () => {
    const { result, body } = await sendOne(slack, buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId: '1503435956.000247' });
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    expect(body).toEqual({
      channel: 'U012AB3CD',
      text: 'Build 7 failed',
      blocks: [
        { type: 'header', text: plain('Build 7 failed') },
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'The build of ' },
                { type: 'text', text: 'main', style: { bold: true } },
                { type: 'text', text: ' failed in step test.' },
                { type: 'text', text: '\n' },
              ],
            },
          ],
        },
        {
          type: 'actions',
          elements: [
            {
              ...{ type: 'button', action_id: 'link_0', text: plain('See the log') },
              url: 'https://carillon.example.org/builds/7/log',
            },
            {
              ...{ type: 'button', action_id: 'link_1', text: plain('Open') },
              url: 'https://ci.example.org/builds/7',
            },
          ],
        },
      ],
      ...{ unfurl_links: false, unfurl_media: false },
    });
  });

  it.each(Object.entries(hostileTexts))(
    'holds the data of a body as text only: %s',
    async (_name, hostile) => {
      const quoted = hostile.replaceAll(/[\\*_[\]<>&|~!:@`()#-]/g, '\\$&');
      const { result, body } = await sendOne(
        slack,
        build(quoted, { actions: [{ label: hostile, url: '/x' }] }),
      );
      const shown = hostile.replaceAll(/[\u200B\u202A-\u202E\uFEFF]/g, '');
      expect(result.outcome).toBe('sent');
      expect(body.blocks[1].elements[0].elements[0]).toEqual({ type: 'text', text: shown });
    },
  );

  it.each([
    ['<!channel> & <@U123>', '&lt;!channel&gt; &amp; &lt;@U123&gt;'],
    ['<https://evil.example|Bank>', '&lt;https://evil.example|Bank&gt;'],
    ['&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
    ['*a* _b_ ~c~', '*a* _b_ ~c~'],
  ])('escapes %s for mrkdwn', (text, expected) => {
    expect(escapeMrkdwn(text)).toBe(expected);
    expect(compose({ ...build('.'), title: text }).text).toBe(expected);
  });

  it('keeps lists with their numbers, quotes, code and links', () => {
    const { blocks } = compose(build('> q\n\n3. a\n   - [b](https://b.example)\n\n```\nx\n```'));
    expect(blocks[1]).toEqual({
      type: 'rich_text',
      elements: [
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'q' }] },
        {
          ...{ type: 'rich_text_list', style: 'ordered', indent: 0, offset: 2 },
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }],
        },
        {
          ...{ type: 'rich_text_list', style: 'bullet', indent: 1 },
          elements: [
            {
              type: 'rich_text_section',
              elements: [{ type: 'link', url: 'https://b.example', text: 'b' }],
            },
          ],
        },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] },
      ],
    });
  });

  it('is cut politely where it is too long, and may be empty', async () => {
    for (const body of ['x & '.repeat(5_000), '- a\n'.repeat(3_000), '![](https://a.example)']) {
      expect((await sendOne(slack, build(body, { title: 'T'.repeat(500) }))).result.outcome).toBe('sent');
    }
  });

  it('tells why it was refused, in the word of Slack', async () => {
    const { result } = await sendOne(
      slack,
      buildMessage(),
      json(200, { ok: false, error: 'not_in_channel' }),
    );
    expect(result).toEqual({
      ...{ outcome: 'reject', statusCode: 200 },
      reason: 'endpoint answered 200: not_in_channel',
    });
  });
});

describe('settings and addresses of slack', () => {
  const inner = 'https://10.0.0.1';
  it.each([
    { name: 'nothing, for webhooks', settings: {}, wrong: [] },
    { name: 'a token', settings: { token }, wrong: [] },
    { name: 'a token that is none', settings: { token: 'secret' }, wrong: ['/token'] },
    {
      name: 'inner servers',
      settings: { base_url: inner, hooks_url: inner },
      wrong: ['/base_url', '/hooks_url'],
    },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('slack', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it.each(['U012AB3CD', 'C024BE91L', 'D024BE91L', `https://hooks.slack.com${hook}`])(
    'takes %s',
    (address) => {
      expect(validateAddress('slack', address)).toEqual([]);
    },
  );

  it.each(['ada', '#general', '@ada', 'u012ab3cd', 'https://hooks.slack.com/', `https://x/services/a?b=1`])(
    'refuses %s',
    (address) => expect(validateAddress('slack', address)).toHaveLength(1),
  );
});
