import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { secretFieldsOf } from '@carillon/channels/catalogue';
import { adapters, type SendRequest, type Target } from '@carillon/channels';
import { externalKinds, type DeliveryId, type DeliveryMode, type ExternalKind } from '@carillon/core';
import { listCaptured, type CapturedRecord } from '@carillon/db/operation';
import { buildAdapterDeps, buildMessage, silentLog } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { readAllowList } from './allow-list.ts';
import { createSenders } from './senders.ts';

/** Somebody who would notice: counts who connects, and hangs up on all of them. */
interface Listener {
  port: number;
  accepts(): number;
  stop(): Promise<void>;
}

async function listen(): Promise<Listener> {
  let accepts = 0;
  const server: Server = createServer((socket: Socket) => {
    accepts += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    accepts: () => accepts,
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

let rows: DeliveryRows;
let listener: Listener;
beforeAll(async () => {
  rows = await makeDeliveryRows();
});
afterAll(() => rows.stop());
beforeEach(async () => {
  listener = await listen();
});
afterEach(() => listener.stop());

/** Settings by which every kind would come to the listener, and some more by which real channels do. */
function targetOf(kind: ExternalKind): Target {
  const url = `http://127.0.0.1:${listener.port}`;
  const urls = { url: `${url}/hook`, base_url: url, hooks_url: url, gateway_url: url, fcm_base_url: url };
  const address = { email: 'ada@example.org', slack: 'U012AB3CD', telegram: '4711', ntfy: 'topic' };
  const mail = { smtp_url: `smtp://127.0.0.1:${listener.port}`, from: 'a@example.org' };
  return {
    settings: { ...urls, ...(kind === 'email' && mail), secret, token: 'tk_a-token-of-the-vendor' },
    address: Reflect.get(address, kind) ?? '+4915112345678',
  };
}

/** Targets that the real adapters take: by them the listener is known to be where messages would come to. */
const real: Partial<Record<ExternalKind, (target: Target) => Target>> = {
  email: ({ address, settings }) => ({
    ...{ address, settings: { smtp_url: settings['smtp_url'], from: settings['from'] } },
  }),
  webhook: ({ settings }) => ({ address: undefined, settings: { url: settings['url'], secret } }),
  ntfy: ({ address, settings }) => ({ address, settings: { base_url: settings['base_url'] } }),
  gotify: ({ settings }) => ({
    ...{ address: undefined, settings: { base_url: settings['base_url'], token: 'Aaaaaaaaaaaaaaa' } },
  }),
};

function makeSenders(mode: DeliveryMode, allow: readonly string[] = []) {
  const deps = buildAdapterDeps();
  const made: ExternalKind[] = [];
  const senders = createSenders({ db: rows.connected.db, log: silentLog }, { mode, allow }, (kind) => {
    made.push(kind);
    return adapters[kind](deps);
  });
  return { senders, made, stop: () => Promise.all(Object.values(senders).map((one) => one.stop())) };
}

async function requestOf(kind: ExternalKind, target: Target): Promise<SendRequest> {
  const [deliveryId = '' as DeliveryId] = await rows.deliver(1, kind);
  return { deliveryId, message: buildMessage(), target, signal: AbortSignal.timeout(10_000) };
}

async function captured(id: string): Promise<CapturedRecord | undefined> {
  const page = await listCaptured(rows.connected.db, rows.organizationId, { limit: 1_000 });
  return page.find((one) => one.id === id);
}

describe('while everything is captured', () => {
  it('opens no socket for any kind, makes no adapter, and writes each message down without secrets', async () => {
    const { senders, made, stop } = makeSenders('capture');
    const shown: string[] = [];
    for (const kind of externalKinds) {
      const target = targetOf(kind);
      const request = await requestOf(kind, target);
      expect(await senders[kind].send(request)).toEqual({ outcome: 'captured' });
      const row = await captured(request.deliveryId);
      expect(row).toMatchObject({ kind, address: target.address, recipient_id: rows.userId });
      expect(row?.message).toEqual(kind === 'null' ? null : request.message);
      shown.push(...secretFieldsOf(kind).filter((name) => name in (row?.settings ?? {})));
    }
    expect(shown).toEqual([]);
    expect([made, listener.accepts()]).toEqual([[], 0]);
    await stop();
  });

  it('is proved by a listener that every real adapter would have come to', async () => {
    const { senders, stop } = makeSenders('live');
    for (const kind of ['email', 'webhook', 'ntfy', 'gotify'] as const) {
      const before = listener.accepts();
      const target = real[kind]?.(targetOf(kind)) ?? targetOf(kind);
      expect((await senders[kind].send(await requestOf(kind, target))).outcome).not.toBe('captured');
      expect(listener.accepts()).toBeGreaterThan(before);
    }
    await stop();
  });

  it('writes the same message down once, however often its delivery comes up', async () => {
    const { senders } = makeSenders('capture');
    const request = await requestOf('email', targetOf('email'));
    await Promise.all([senders.email.send(request), senders.email.send(request)]);
    await senders.email.send(request);
    const page = await listCaptured(rows.connected.db, rows.organizationId, { limit: 1_000 });
    expect(page.filter((one) => one.id === request.deliveryId)).toHaveLength(1);
  });
});

describe('with a list of whom to send to', () => {
  const at = (url: string): Target => ({ settings: { url, secret }, address: undefined });
  const to = (address: string): Target => ({ settings: {}, address });
  const hook = 'https://hooks.slack.com/services/T0/B0/X';
  it.each<{ name: string; entry: string; kind: ExternalKind; target: Target; goes: boolean }>([
    ...[
      { name: 'a mailbox in any case', entry: 'ada@example.org', to: 'Ada@Example.org', goes: true },
      {
        name: 'no longer mailbox',
        entry: 'ada@example.org',
        to: 'ada@example.org.evil.example',
        goes: false,
      },
      { name: 'every mailbox of a domain', entry: '@example.org', to: 'bob@example.org', goes: true },
      { name: 'none of its subdomains', entry: '@example.org', to: 'bob@sub.example.org', goes: false },
      {
        name: 'none before the last @',
        entry: '@example.org',
        to: 'b@example.org@evil.example',
        goes: false,
      },
      { name: 'none of a longer domain', entry: '@example.org', to: 'bob@notexample.org', goes: false },
      { name: 'no mailbox by a host name', entry: 'example.org', to: 'bob@example.org', goes: false },
    ].map(({ to: address, ...row }) => ({ ...row, kind: 'email' as const, target: to(address) })),
    {
      name: 'no topic by a mail domain',
      entry: '@example.org',
      kind: 'ntfy',
      target: to('b@example.org'),
      goes: false,
    },
    { name: 'a number', entry: '+4915112345678', kind: 'sms', target: to('+4915112345678'), goes: true },
    {
      name: 'no longer number',
      entry: '+491511234567',
      kind: 'sms',
      target: to('+4915112345678'),
      goes: false,
    },
    {
      ...{ name: 'a number by the named kind only', entry: 'sms:+4915112345678', kind: 'phone_call' },
      ...{ target: to('+4915112345678'), goes: false },
    },
    { name: 'an id', entry: 'U012AB3CD', kind: 'slack', target: to('U012AB3CD'), goes: true },
    {
      name: 'no id in another case',
      entry: 'U012AB3CD',
      kind: 'slack',
      target: to('u012ab3cd'),
      goes: false,
    },
    { name: 'an address that is a URL', entry: hook, kind: 'slack', target: to(hook), goes: true },
    { name: 'its host', entry: 'hooks.slack.com', kind: 'slack', target: to(hook), goes: true },
    ...[
      {
        name: 'the host of a webhook',
        entry: 'hooks.example.org',
        url: 'https://Hooks.Example.org/a',
        goes: true,
      },
      {
        name: 'no longer host',
        entry: 'hooks.example.org',
        url: 'https://hooks.example.org.evil/a',
        goes: false,
      },
      {
        name: 'no host before an @',
        entry: 'hooks.example.org',
        url: 'https://hooks.example.org@evil/',
        goes: false,
      },
      { name: 'no host of another kind', entry: 'discord:a.example', url: 'https://a.example/', goes: false },
    ].map(({ url, ...row }) => ({ ...row, kind: 'webhook' as const, target: at(url) })),
    {
      ...{ name: 'nobody by the host of a vendor', entry: 'api.telegram.org', kind: 'telegram', goes: false },
      target: { settings: { base_url: 'https://api.telegram.org' }, address: '4711' },
    },
    { name: 'a whole kind', entry: 'ntfy:*', kind: 'ntfy', target: to('topic'), goes: true },
    {
      name: 'no other kind',
      entry: 'ntfy:*',
      kind: 'gotify',
      target: at('https://g.example.org'),
      goes: false,
    },
  ])('an entry names $name ($entry)', ({ entry, kind, target, goes }) => {
    expect(readAllowList([entry])(kind, target)).toBe(goes);
  });

  it('sends to who is named, and opens no socket for the others', async () => {
    const { senders, stop } = makeSenders('allowlist', ['127.0.0.1', 'ntfy:*']);
    const named = real.webhook?.(targetOf('webhook')) ?? targetOf('webhook');
    expect((await senders.webhook.send(await requestOf('webhook', named))).outcome).toBe('retry');
    expect(listener.accepts()).toBe(1);
    const other = real.email?.(targetOf('email')) ?? targetOf('email');
    expect(await senders.email.send(await requestOf('email', other))).toEqual({ outcome: 'captured' });
    expect(listener.accepts()).toBe(1);
    await stop();
  });
});
