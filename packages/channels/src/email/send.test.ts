import {
  adapterBattery,
  buildAdapterDeps,
  buildMessage,
  startSmtpSink,
  type AdapterHarness,
  type AdapterStage,
  type SmtpAnswer,
  type SmtpSink,
} from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Adapter, AdapterDeps, SendRequest, SendResult } from '../adapter.ts';
import { createEmailAdapter } from './send.ts';

const baseDeps = buildAdapterDeps({ clock: { now: () => new Date('2026-01-15T10:00:00.000Z') } });
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const timeouts = { connectMs: 2_000, greetingMs: 300, silenceMs: 600 };
const password = 'canary-password';

const harness: AdapterHarness<SmtpAnswer> = {
  async stage(): Promise<AdapterStage<SmtpAnswer>> {
    const sink = await startSmtpSink();
    const smtpUrl = sink.url.replace('//', `//canary-user:${password}@`);
    return {
      adapter: createEmailAdapter(baseDeps),
      request: {
        message: buildMessage(),
        target: { settings: { smtp_url: smtpUrl }, address: 'ada@example.net' },
      },
      answerWith: (answer) => sink.answerWith(answer),
      arrivedKeys: () => sink.mails.map(({ headers }) => headers.get('message-id')?.[0] ?? ''),
      reached: (count) => sink.waitFor(({ accepts }) => accepts >= count, 10_000),
      stop: () => sink.stop(),
    };
  },
  sent: [{ name: '250 after the dot', answer: { type: 'accept' } }],
  rejected: [
    { name: '550 to the recipient', answer: { type: 'refuse_recipient', code: 550 } },
    { name: '552 to the mail', answer: { type: 'refuse_data', code: 552 } },
    { name: '554 to the mail', answer: { type: 'refuse_data', code: 554 } },
  ],
  retried: [
    { name: '421 to the recipient', answer: { type: 'refuse_recipient', code: 421 } },
    { name: '450 to the recipient', answer: { type: 'refuse_recipient', code: 450 } },
    { name: '421 to the mail', answer: { type: 'refuse_data', code: 421 } },
    { name: '451 to the mail', answer: { type: 'refuse_data', code: 451 } },
    { name: '503 to the mail', answer: { type: 'refuse_data', code: 503 } },
    { name: 'a connection lost before the mail', answer: { type: 'close_at_recipient' } },
  ],
  retriedAfter: [],
  silent: { type: 'stall_greeting' },
  oversized: [],
  tooLarge: undefined,
  secrets: [password, 'canary-user', 'ada@example.net'],
};

describe('the e-mail adapter', () => {
  it.each(adapterBattery(harness))('$name', ({ run }) => run());
});

describe('a mail', () => {
  let sink: SmtpSink;
  const adapters: Adapter[] = [];

  beforeEach(async () => {
    sink = await startSmtpSink();
  });
  afterEach(async () => {
    await Promise.all(adapters.splice(0).map((adapter) => adapter.stop()));
    await sink.stop();
  });

  function openAdapter(deps: Partial<AdapterDeps> = {}): Adapter {
    const adapter = createEmailAdapter({ ...baseDeps, smtpUrl: sink.url, ...deps }, { timeouts });
    adapters.push(adapter);
    return adapter;
  }

  function send(adapter: Adapter, changes: Partial<SendRequest> = {}): Promise<SendResult> {
    return adapter.send({
      deliveryId,
      message: buildMessage(),
      target: { settings: {}, address: 'ada@example.net' },
      signal: AbortSignal.timeout(10_000),
      ...changes,
    });
  }

  const header = (name: string): readonly string[] | undefined => sink.mails[0]?.headers.get(name);

  it('goes through the mail server of the installation when the channel names none', async () => {
    expect(await send(openAdapter({ egressAllow: [] }))).toEqual({ outcome: 'sent', statusCode: 250 });
    expect(sink.mails[0]?.envelope).toEqual({ from: 'carillon@example.org', to: ['ada@example.net'] });
  });

  it('names its delivery and that a machine sent it', async () => {
    await send(openAdapter());
    expect(header('message-id')).toEqual([`<${deliveryId}@example.org>`]);
    expect(header('x-carillon-delivery')).toEqual([deliveryId]);
    expect(header('auto-submitted')).toEqual(['auto-generated']);
    expect(header('from')).toEqual(['Carillon <carillon@example.org>']);
    expect(header('to')).toEqual(['ada@example.net']);
    expect(header('date')).toEqual(['Thu, 15 Jan 2026 10:00:00 +0000']);
  });

  it('can be read as text and as HTML', async () => {
    await send(openAdapter());
    expect(header('subject')).toEqual(['Build 7 failed']);
    expect(header('content-type')?.[0]).toMatch(/^multipart\/alternative/);
    expect(sink.mails[0]?.raw).toContain('The build of main failed in step test.');
    expect(sink.mails[0]?.raw).toContain('<strong>main</strong>');
  });

  it("comes from the channel's sender and asks for answers where the channel says", async () => {
    const settings = { from: '"Ops, Berlin" <ops@example.com>', reply_to: 'desk@example.com' };
    await send(openAdapter(), { target: { settings, address: 'ada@example.net' } });
    expect(sink.mails[0]?.envelope.from).toBe('ops@example.com');
    expect(header('from')).toEqual(['"Ops, Berlin" <ops@example.com>']);
    expect(header('reply-to')).toEqual(['desk@example.com']);
    expect(header('message-id')).toEqual([`<${deliveryId}@example.com>`]);
  });

  it('is rejected when neither the channel nor the installation has a mail server', async () => {
    const result = await send(openAdapter({ smtpUrl: undefined }));
    expect(result).toEqual({
      outcome: 'reject',
      reason: 'no mail server: neither the channel nor SMTP_URL names one',
    });
  });

  it.each([
    'Hello\r\nBcc: eve@example.org',
    'Hello\nBcc: eve@example.org',
    'Hello\rBcc: eve@example.org',
    'a\0b',
  ])('keeps a title with control characters inside its subject: %j', async (title) => {
    expect(await send(openAdapter(), { message: buildMessage({ title }) })).toMatchObject({
      outcome: 'sent',
    });
    expect(header('bcc')).toBeUndefined();
    expect(header('subject')).toHaveLength(1);
    expect([...(sink.mails[0]?.headers.keys() ?? [])].toSorted()).toEqual(expectedHeaders);
    expect(sink.mails[0]?.envelope.to).toEqual(['ada@example.net']);
  });

  it.each([
    'ada@example.net\r\nRCPT TO:<eve@example.org>',
    'ada@example.net, eve@example.org',
    'ada@example.net>\r\nBcc: eve@example.org',
    'Ada <ada@example.net>',
    '"ada@example.net"@eve.example.org',
    'ada@example.net\0',
    'group: ada@example.net;',
    '(comment)ada@example.net',
    '',
  ])('is not sent to %j', async (address) => {
    const result = await send(openAdapter(), { target: { settings: {}, address } });
    expect(result).toEqual({ outcome: 'reject', reason: 'recipient is not an e-mail address' });
    expect(sink.accepts).toBe(0);
  });

  it.each(['x\r\nBcc: eve@example.org <ops@example.com>', 'ops@example.com, eve@example.org', 'ops'])(
    'is not sent from %j',
    async (from) => {
      const result = await send(openAdapter(), {
        target: { settings: { from }, address: 'ada@example.net' },
      });
      expect(result).toEqual({ outcome: 'reject', reason: 'sender is not an e-mail address' });
      expect(sink.accepts).toBe(0);
    },
  );

  it('never reaches an inner mail server that a channel names and nobody opened', async () => {
    for (const smtpUrl of [
      sink.url,
      'smtp://127.1:25',
      'smtp://localhost:25',
      'smtp://[::ffff:127.0.0.1]:587',
    ]) {
      const target = { settings: { smtp_url: smtpUrl }, address: 'ada@example.net' };
      expect(await send(openAdapter({ egressAllow: [] }), { target })).toMatchObject({
        outcome: 'reject',
        reason: 'mail server of the channel is not allowed',
      });
    }
    expect(sink.accepts).toBe(0);
  });

  it('never reaches an inner mail server through a name that resolves to it', async () => {
    const options = { timeouts, resolve: async () => ['127.0.0.1'] };
    const adapter = createEmailAdapter({ ...baseDeps, egressAllow: ['10.0.0.0/8'] }, options);
    adapters.push(adapter);
    const target = {
      settings: { smtp_url: `smtp://mail.example.org:${sink.port}` },
      address: 'ada@example.net',
    };
    expect(await send(adapter, { target })).toEqual({
      outcome: 'retry',
      reason: 'mail server could not be reached',
    });
    expect(sink.accepts).toBe(0);
  });

  it("reaches a channel's mail server at the address that was checked, asking no other resolver", async () => {
    const adapter = createEmailAdapter(baseDeps, { timeouts, resolve: async () => ['127.0.0.1'] });
    adapters.push(adapter);
    const target = {
      settings: { smtp_url: `smtp://mail.example.org:${sink.port}` },
      address: 'ada@example.net',
    };
    expect(await send(adapter, { target })).toMatchObject({ outcome: 'sent' });
    expect(sink.mails).toHaveLength(1);
  });

  it('goes over a kept connection when another follows', async () => {
    const adapter = openAdapter();
    await send(adapter);
    await send(adapter);
    expect(sink.mails).toHaveLength(2);
    expect(sink.accepts).toBe(1);
  });

  describe('whose server fails', () => {
    it.each<{ name: string; answer: SmtpAnswer; expected: SendResult }>([
      {
        name: 'is tried again when the greeting never comes',
        answer: { type: 'stall_greeting' },
        expected: { outcome: 'retry', reason: 'mail server could not be reached' },
      },
      {
        name: 'is unknown when the connection closes after the dot',
        answer: { type: 'close_after_dot' },
        expected: { outcome: 'unknown', reason: 'mail server did not confirm the mail it was handed' },
      },
      {
        name: 'is unknown when no answer comes after the dot',
        answer: { type: 'stall_after_data' },
        expected: { outcome: 'unknown', reason: 'mail server did not confirm the mail it was handed' },
      },
      {
        name: 'is rejected with the code and the step, not with the words of the server',
        answer: { type: 'refuse_recipient', code: 550 },
        expected: {
          outcome: 'reject',
          reason: 'mail server answered 550 5.1.1 to the recipient',
          ...{ statusCode: 550, address: 'bad' },
        },
      },
      {
        name: 'is tried again after a refusal for now',
        answer: { type: 'refuse_data', code: 451 },
        expected: { outcome: 'retry', reason: 'mail server answered 451 4.2.0 to the mail', statusCode: 451 },
      },
    ])('$name', async ({ answer, expected }) => {
      sink.answerWith(answer);
      expect(await send(openAdapter())).toEqual(expected);
    });

    it('is unknown when its time is over after the dot', async () => {
      const time = new AbortController();
      const adapter = createEmailAdapter({ ...baseDeps, smtpUrl: sink.url });
      adapters.push(adapter);
      sink.answerWith({ type: 'stall_after_data' });
      const sending = send(adapter, { signal: time.signal });
      await sink.waitFor(({ mails }) => mails.length === 1, 10_000);
      time.abort();
      expect(await sending).toMatchObject({ outcome: 'unknown' });
    });

    it('carries the same Message-ID when it is sent a second time', async () => {
      sink.answerWith({ type: 'close_after_dot' });
      const adapter = openAdapter();
      await send(adapter);
      sink.answerWith({ type: 'accept' });
      expect(await send(adapter)).toMatchObject({ outcome: 'sent' });
      const ids = sink.mails.map(({ headers }) => headers.get('message-id')?.[0]);
      expect(ids).toEqual([`<${deliveryId}@example.org>`, `<${deliveryId}@example.org>`]);
    });

    it('is tried again when nobody listens', async () => {
      const { url } = sink;
      const adapter = openAdapter({ smtpUrl: url });
      await sink.stop();
      expect(await send(adapter)).toEqual({ outcome: 'retry', reason: 'mail server could not be reached' });
      sink = await startSmtpSink();
    });
  });
});

const expectedHeaders = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-carillon-delivery',
];
