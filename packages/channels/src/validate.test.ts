import { randomBytes } from 'node:crypto';
import type { ExternalKind } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { fillSettings, secretFieldsOf, validateAddress, validateSettings } from './validate.ts';
import { newWebhookSecret } from './webhook/secret.ts';

const secret = newWebhookSecret(randomBytes);
const base64 = (bytes: number): string => Buffer.alloc(bytes, 7).toString('base64');

describe('settings of a channel', () => {
  it.each<{ kind: ExternalKind; settings: unknown }>([
    { kind: 'webhook', settings: { url: 'https://example.org/hook', secret } },
    { kind: 'webhook', settings: { url: 'https://example.org/hook', secret, previous_secret: secret } },
    { kind: 'webhook', settings: { url: 'https://example.org/', secret: `whsec_${base64(24)}` } },
    { kind: 'webhook', settings: { url: 'https://example.org/', secret: `whsec_${base64(64)}` } },
    { kind: 'webhook', settings: { url: 'https://example.org/', secret, format: 'coder' } },
    { kind: 'webhook', settings: { url: 'https://example.org/', secret, format: 'carillon' } },
    { kind: 'email', settings: {} },
    {
      kind: 'email',
      settings: { smtp_url: 'smtps://u:p%40ss@mail.example.org', from: 'Ops <ops@example.org>' },
    },
    { kind: 'email', settings: { smtp_url: 'smtp://mail.example.org?tls=required' } },
    { kind: 'null', settings: {} },
    { kind: 'null', settings: { delay_ms: 10_000, outcome: 'retry' } },
  ])('are taken: $kind $settings', ({ kind, settings }) =>
    expect(validateSettings(kind, settings, { egressAllow: [] })).toEqual([]),
  );

  it.each<{ name: string; kind: ExternalKind; settings: unknown; pointer: string; detail: RegExp }>([
    { name: 'no object', kind: 'webhook', settings: 'x', pointer: '', detail: /must be object/ },
    { name: 'no url', kind: 'webhook', settings: { secret }, pointer: '/url', detail: /is required/ },
    {
      name: 'an unknown field',
      kind: 'webhook',
      settings: { url: 'https://example.org', secret, 'a/b': 1 },
      pointer: '/a~1b',
      detail: /is not known/,
    },
    {
      name: 'an unknown format',
      kind: 'webhook',
      settings: { url: 'https://example.org', secret, format: 'slack' },
      pointer: '/format',
      detail: /^must be one of carillon, coder$/,
    },
    {
      name: 'an inner url',
      kind: 'webhook',
      settings: { url: 'https://10.0.0.1/', secret },
      pointer: '/url',
      detail: /private or reserved/,
    },
    ...[
      'whsec_',
      'whsec_short',
      secret.slice(6),
      `whsec_${base64(23)}`,
      `whsec_${base64(65)}`,
      `${secret} `,
    ].map((bad) => ({
      name: `the secret "${bad}"`,
      kind: 'webhook' as const,
      settings: { url: 'https://example.org/', secret: bad },
      pointer: '/secret',
      detail: /whsec_ followed by 24 to 64 bytes/,
    })),
    {
      name: 'a bad previous secret',
      kind: 'webhook',
      settings: { url: 'https://example.org/', secret, previous_secret: 'whsec_x' },
      pointer: '/previous_secret',
      detail: /whsec_/,
    },
    ...[
      { smtpUrl: 'https://mail.example.org', detail: /must be smtp:/ },
      { smtpUrl: 'smtp://mail.example.org?proxy=http://10.0.0.1', detail: /must be smtp:/ },
      { smtpUrl: 'smtp://mail.example.org?tls.rejectUnauthorized=false', detail: /must be smtp:/ },
      { smtpUrl: 'smtp://mail.example.org/path', detail: /must be smtp:/ },
      { smtpUrl: 'smtp://a%0d%0aQUIT:b@mail.example.org', detail: /must be smtp:/ },
      { smtpUrl: 'smtp://mail.example.org:6379', detail: /port 6379/ },
      { smtpUrl: 'smtp://localhost', detail: /inner network/ },
      { smtpUrl: 'smtp://127.1:25', detail: /private or reserved/ },
      { smtpUrl: 'smtp://2130706433:25', detail: /private or reserved/ },
      { smtpUrl: 'smtp://[::1]:25', detail: /private or reserved/ },
    ].map(({ smtpUrl, detail }) => ({
      name: `the mail server ${smtpUrl}`,
      kind: 'email' as const,
      settings: { smtp_url: smtpUrl },
      pointer: '/smtp_url',
      detail,
    })),
    {
      name: 'two senders',
      kind: 'email',
      settings: { from: 'a@example.org, b@example.org' },
      pointer: '/from',
      detail: /one e-mail address/,
    },
    {
      name: 'a delay too long',
      kind: 'null',
      settings: { delay_ms: 10_001 },
      pointer: '/delay_ms',
      detail: /10000/,
    },
  ])('are refused for $name', ({ kind, settings, pointer, detail }) => {
    const errors = validateSettings(kind, settings, { egressAllow: [] });
    expect(errors).toContainEqual({ pointer, detail: expect.stringMatching(detail) });
  });

  it('may name what the installation opened', () => {
    const context = { egressAllow: ['10.0.0.0/8', 'localhost:1025'] };
    expect(validateSettings('webhook', { url: 'http://10.1.1.1:81/', secret }, context)).toEqual([]);
    expect(validateSettings('email', { smtp_url: 'smtp://localhost:1025' }, context)).toEqual([]);
  });

  it('are never repeated in what is said against them', () => {
    const canary = 'canary-secret';
    const said = [
      validateSettings('webhook', { url: 'https://example.org', secret: canary }, { egressAllow: [] }),
      validateSettings('email', { smtp_url: `smtp://u:${canary}@10.0.0.1` }, { egressAllow: [] }),
    ];
    expect(said.flat()).toHaveLength(2);
    expect(JSON.stringify(said)).not.toContain(canary);
  });

  it('get a signing secret that is valid when none is given, and keep one that is', () => {
    const made = fillSettings('webhook', { url: 'https://example.org/' }, randomBytes);
    expect(validateSettings('webhook', made, { egressAllow: [] })).toEqual([]);
    expect(made['secret']).not.toBe(fillSettings('webhook', {}, randomBytes)['secret']);
    expect(fillSettings('webhook', { secret }, randomBytes)).toEqual({ secret });
    expect(fillSettings('email', {}, randomBytes)).toEqual({});
  });

  it.each<{ kind: ExternalKind; secrets: string[] }>([
    { kind: 'webhook', secrets: ['secret', 'previous_secret'] },
    { kind: 'email', secrets: ['smtp_url', 'dkim_private_key'] },
    { kind: 'null', secrets: [] },
  ])('of $kind keep $secrets secret', ({ kind, secrets }) => expect(secretFieldsOf(kind)).toEqual(secrets));
});

describe('addresses of a contact point', () => {
  it.each(['ada@example.org', "o'neil+tag@example.co.uk", 'a@müller.example', `a@${'b'.repeat(60)}.example`])(
    'can be the e-mail address %s',
    (address) => expect(validateAddress('email', address)).toEqual([]),
  );

  it.each([
    7,
    '',
    'ada',
    '@example.org',
    'ada@',
    'a@b@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org,eve@example.org',
    '"a b"@example.org',
    '.ada@example.org',
    'ada..b@example.org',
    'ada@-example.org',
    'ada@exa mple.org',
    'ada@example..org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(250)}.example`,
  ])('cannot be the e-mail address %j', (address) =>
    expect(validateAddress('email', address)).toHaveLength(1),
  );

  it('are refused for kinds that take none', () => {
    expect(validateAddress('webhook', 'x')).toEqual([
      { pointer: '', detail: 'Webhook takes no contact points' },
    ]);
  });

  it('are judged in time that does not explode with their length', () => {
    const hostile = [
      `${'a.'.repeat(50_000)}@`,
      `${'('.repeat(50_000)}a@example.org`,
      `a@${'b.'.repeat(50_000)}`,
    ];
    const began = performance.now();
    for (const address of hostile) expect(validateAddress('email', address)).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
