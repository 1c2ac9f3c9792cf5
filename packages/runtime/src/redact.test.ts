import { describe, expect, it } from '@jest/globals';
import { redacted, redactFields, redactText } from './redact.ts';
import { newToken } from './tokens.ts';

describe('fields of log lines', () => {
  it.each([
    'token',
    'accessToken',
    'client_secret',
    'Authorization',
    'password',
    'set-cookie',
    'apiKey',
    'address',
    'email',
    'e-mail',
    'phone',
    'body',
    'settings',
    'databaseUrl',
  ])('hides what is called %s, at any depth', (key) => {
    const hidden = redactFields({ event: 'x', [key]: 'abc', deep: [{ [key]: { inner: 'abc' } }] });
    expect(hidden).toEqual({ event: 'x', [key]: redacted, deep: [{ [key]: redacted }] });
  });

  it('keeps ids, counts and ordinary fields', () => {
    const fields = {
      event: 'x',
      accessTokenId: 't1',
      token_id: 't2',
      email: 3,
      kind: 'email',
      bodyBytes: 12,
      at: new Date(0),
    };
    expect(redactFields(fields)).toEqual(fields);
  });

  it('makes an error plain, with its cause and without what a driver hung on it', () => {
    const cause = Object.assign(new Error('connect postgres://u:pw@db/x failed'), {
      code: 'E1',
      parameters: ['secret'],
    });
    const { error } = redactFields({ error: new TypeError('outer', { cause }) });
    expect(error).toMatchObject({ type: 'TypeError', message: 'outer', cause: { code: 'E1' } });
    expect(JSON.stringify(error)).not.toMatch(/:pw@|parameters/);
  });

  it('ends on fields that contain themselves', () => {
    const ring: Record<string, unknown> = {};
    ring['again'] = ring;
    expect(JSON.stringify(redactFields(ring))).toContain('[deep]');
  });
});

describe('texts', () => {
  it.each([
    { name: 'passwords in URLs', text: 'redis://user:hunter2@host:6379/0', leak: 'hunter2' },
    { name: 'passwords without a user', text: 'redis://:hunter2@host', leak: 'hunter2' },
    { name: 'bearer credentials', text: 'sent Bearer abcdef.ghijkl', leak: 'abcdef' },
    { name: 'JWTs', text: 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', leak: 'eyJzdWIi' },
  ])('lose $name', ({ text, leak }) => {
    expect(redactText(text)).toContain(redacted);
    expect(redactText(text)).not.toContain(leak);
  });

  it('lose access tokens', () => {
    const token = newToken();
    expect(redactText(`used ${token}, refused`)).toBe(`used ${redacted}, refused`);
  });

  it('keep ids and URLs without a password', () => {
    const text = 'https://a.example/x@y 0190c5a2-7b0e-7c3a-9d2f-1a2b3c4d5e6f';
    expect(redactText(text)).toBe(text);
  });
});
