import { generateKeyPairSync } from 'node:crypto';
import {
  buildAdapterDeps,
  buildMessage,
  startSmtpSink,
  type SinkMail,
  type SmtpAnswer,
  type SmtpSink,
} from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { Adapter, AdapterDeps, Message } from '../adapter.ts';
import { validateSettings } from '../validate.ts';
import { acceptedAs, outcomeOfFailure } from './outcome.ts';
import { createEmailAdapter } from './send.ts';

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const dkim = { dkim_domain: 'example.org', dkim_selector: 'k1', dkim_private_key: rsa.privateKey };
const switchable: Pick<Message, 'details'> = {
  details: {
    recipient: { email: null, name: null, username: null, locale: 'de-AT' },
    ...{ template: null, targets: [], title: { text: '', markdown: '' }, mandatory: false, locale: 'en' },
  },
};

let sink: SmtpSink;
const adapters: Adapter[] = [];
beforeAll(async () => {
  sink = await startSmtpSink();
});
afterAll(async () => {
  await Promise.all(adapters.map((adapter) => adapter.stop()));
  await sink.stop();
});

interface Sending {
  settings?: Record<string, string>;
  message?: Message;
  deps?: Partial<AdapterDeps>;
  answer?: SmtpAnswer;
}

async function send({ settings = {}, message = buildMessage(), deps = {}, answer }: Sending) {
  const adapter = createEmailAdapter(buildAdapterDeps({ smtpUrl: sink.url, ...deps }));
  adapters.push(adapter);
  sink.answerWith(answer ?? { type: 'accept' });
  const result = await adapter.send({
    ...{ deliveryId, message, target: { settings, address: 'ada@example.net' } },
    signal: AbortSignal.timeout(10_000),
  });
  return { result, mail: sink.mails.at(-1) as SinkMail };
}

/** What a mailbox finds that has the public key from the DNS: by another library than the one that signed. */
async function verify(raw: string): Promise<string> {
  const asked: string[] = [];
  const { results } = await dkimVerify(raw, {
    async resolver(name: string, type: string) {
      asked.push(`${type} ${name}`);
      return [[`v=DKIM1; k=rsa; p=${rsa.publicKey.toString('base64')}`]];
    },
  });
  return `${results[0]?.status.result} by ${asked.join()}`;
}

describe('a signed mail', () => {
  it('is believed by whoever asks the DNS for its key, with the headers of unsubscribing', async () => {
    const { mail } = await send({ settings: dkim, message: buildMessage(switchable) });
    expect(await verify(mail.raw)).toBe('pass by TXT k1._domainkey.example.org');
    const signed = /; h=([^;]+);/.exec(mail.headers.get('dkim-signature')?.[0] ?? '')?.[1];
    expect(signed?.toLowerCase().split(/[: ]+/)).toEqual(
      expect.arrayContaining(['from', 'subject', 'to', 'list-unsubscribe', 'list-unsubscribe-post']),
    );
  });

  it.each([
    { name: 'its text', from: 'failed in step', to: 'passed in step' },
    { name: 'its subject', from: 'Build 7', to: 'Build 8' },
    { name: 'where unsubscribing leads', from: 'carillon.example.org/u/', to: 'eve.example.org/u/' },
    { name: 'the one click', from: 'One-Click', to: 'Two-Click' },
  ])('is not believed when somebody changes $name', async ({ from, to }) => {
    const { mail } = await send({ settings: dkim, message: buildMessage(switchable) });
    expect(mail.raw).toContain(from);
    expect(await verify(mail.raw.replaceAll(from, to))).toMatch(/^(fail|neutral) /);
  });

  it('ends as unknown when the connection closes after the dot, as others do', async () => {
    const { result } = await send({ settings: dkim, answer: { type: 'close_after_dot' } });
    expect(result).toMatchObject({ outcome: 'unknown' });
  });

  it('is tried again when the connection is lost before it', async () => {
    const { result } = await send({ settings: dkim, answer: { type: 'close_at_recipient' } });
    expect(result).toMatchObject({ outcome: 'retry' });
  });
});

describe('the button that a mailbox shows for unsubscribing', () => {
  const header = (mail: SinkMail, name: string) => mail.headers.get(name);

  it('is one click, to an address of this reader, category and kind', async () => {
    const { mail } = await send({ message: buildMessage(switchable) });
    const { recipient } = buildMessage().notification;
    expect(header(mail, 'list-unsubscribe')).toEqual([
      `<https://carillon.example.org/u/${recipient.id}_email_builds>`,
    ]);
    expect(header(mail, 'list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect(mail.raw).toContain('Abbestellen');
  });

  it('is for all that is not mandatory under a message about several things', async () => {
    const unsubscribe = { category: '', locales: ['en', 'en'] };
    const { mail } = await send({ message: buildMessage({ unsubscribe }) });
    expect(header(mail, 'list-unsubscribe')?.[0]).toMatch(/_email_>$/);
  });

  it.each([
    { name: 'a mandatory mail', message: { details: { ...switchable.details, mandatory: true } } },
    { name: 'a mail of which nothing is known', message: {} },
  ])('is not there for $name', async ({ message }) => {
    const { mail } = await send({ message: { ...buildMessage(), ...message } as Message });
    expect(header(mail, 'list-unsubscribe')).toBeUndefined();
    expect(header(mail, 'list-unsubscribe-post')).toBeUndefined();
    expect(mail.raw).not.toContain('/u/');
  });

  it('leads to the page where there is no https, which one click needs', async () => {
    const { mail } = await send({
      ...{ deps: { publicUrl: 'http://127.0.0.1:8080' }, message: buildMessage(switchable) },
    });
    expect(header(mail, 'list-unsubscribe')?.[0]).toMatch(/^<http:\/\/127[.]0[.]0[.]1:8080\/u\//);
    expect(header(mail, 'list-unsubscribe-post')).toBeUndefined();
  });
});

describe('where a mail goes back to', () => {
  it.each([
    { name: 'its sender', settings: {}, from: 'carillon@example.org' },
    { name: 'an address of its own', settings: { bounce_address: 'b@example.com' }, from: 'b@example.com' },
    {
      name: 'an address that tells its delivery',
      settings: { bounce_address: 'b+{delivery}@example.com' },
      from: `b+${deliveryId}@example.com`,
    },
  ])('is $name', async ({ settings, from }) => {
    const { mail } = await send({ settings });
    expect(mail.envelope.from).toBe(from);
    expect(mail.headers.get('from')).toEqual(['Carillon <carillon@example.org>']);
  });
});

describe('settings of a mail channel', () => {
  const ec = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  it.each([
    { name: 'a key, its selector and its domain', settings: dkim },
    {
      name: 'a key whose breaks are written as \\n',
      settings: { ...dkim, dkim_private_key: rsa.privateKey.replaceAll('\n', '\\n') },
    },
    { name: 'an address for bounces', settings: { bounce_address: 'b+{delivery}@example.com' } },
  ])('may hold $name', ({ settings }) => {
    expect(validateSettings('email', settings, { egressAllow: [] })).toEqual([]);
  });

  it.each([
    {
      name: 'a key alone',
      settings: { dkim_private_key: rsa.privateKey },
      at: ['dkim_domain', 'dkim_selector'],
    },
    {
      name: 'a key of another sort',
      settings: { ...dkim, dkim_private_key: ec.privateKey },
      at: ['dkim_private_key'],
    },
    { name: 'no key', settings: { ...dkim, dkim_private_key: 'secret' }, at: ['dkim_private_key'] },
    {
      name: 'the public key',
      settings: { ...dkim, dkim_private_key: rsa.publicKey.toString('base64') },
      at: ['dkim_private_key'],
    },
    { name: 'no domain', settings: { ...dkim, dkim_domain: 'a b; d=eve.example' }, at: ['dkim_domain'] },
    { name: 'no selector', settings: { ...dkim, dkim_selector: 'k1; d=x' }, at: ['dkim_selector'] },
    { name: 'no address for bounces', settings: { bounce_address: 'bounces' }, at: ['bounce_address'] },
    {
      name: 'an address for bounces that gets too long',
      settings: { bounce_address: `${'b'.repeat(40)}+{delivery}@example.com` },
      at: ['bounce_address'],
    },
  ])('are refused with $name, and say where', ({ settings, at }) => {
    const errors = validateSettings('email', settings, { egressAllow: [] });
    expect(errors.map(({ pointer }) => pointer)).toEqual(at.map((name) => `/${name}`));
    expect(JSON.stringify(errors)).not.toContain('PRIVATE KEY');
  });
});

describe('what a mail that was taken is called there', () => {
  it.each([
    { server: 'Amazon SES', answer: '250 Ok 010f0192-4a5b6c7d-000000', id: '010f0192-4a5b6c7d-000000' },
    { server: 'SendGrid', answer: '250 Ok: queued as jGm-3xYzQ1', id: 'jGm-3xYzQ1' },
    { server: 'Postfix', answer: '250 2.0.0 Ok: queued as 4XyZ1c2Dz3', id: '4XyZ1c2Dz3' },
    { server: 'Exim', answer: '250 OK id=1sABCd-0000Ab-2C', id: '1sABCd-0000Ab-2C' },
    { server: 'Exchange', answer: '250 2.6.0 <a@b.example> [InternalId=1] Queued', id: 'a@b.example' },
    { server: 'one that says nothing of it', answer: '250 OK: message accepted', id: undefined },
  ])('is read from the answer of $server', ({ answer, id }) => expect(acceptedAs(answer)).toBe(id));
});

describe('what a refusal says of the address', () => {
  const failure = (command: string, response: string) =>
    Object.assign(new Error('refused'), { command, response, responseCode: Number(response.slice(0, 3)) });

  it.each([
    { name: 'no such mailbox', command: 'RCPT TO', response: '550 5.1.1 unknown', address: 'bad' },
    { name: 'no such mailbox, told late', command: 'DATA', response: '550 5.1.1 unknown', address: 'bad' },
    { name: 'a domain without mail', command: 'RCPT TO', response: '556 5.1.10 null MX', address: 'bad' },
    { name: 'a mailbox switched off', command: 'RCPT TO', response: '550 5.2.1 disabled', address: 'bad' },
    { name: 'a full mailbox', command: 'RCPT TO', response: '552 5.2.2 full', address: undefined },
    { name: 'a policy', command: 'RCPT TO', response: '550 5.7.1 blocked', address: undefined },
    { name: 'no word why', command: 'RCPT TO', response: '550 no', address: undefined },
    { name: 'the sender', command: 'MAIL FROM', response: '550 5.1.1 unknown', address: undefined },
  ])('is $address for $name', ({ command, response, address }) => {
    const result = outcomeOfFailure(failure(command, response), false);
    expect(result).toMatchObject({ outcome: 'reject' });
    expect('address' in result ? result.address : undefined).toBe(address);
  });
});
