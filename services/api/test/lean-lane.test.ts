import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** A question mark keeps a call out of the lane and changes nothing else: both answers must be the same. */
const ways = [
  { name: 'lane', suffix: '' },
  { name: 'app', suffix: '?' },
];

interface Call {
  name: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  token?: 'admin' | 'member' | 'none' | 'wrong' | 'limited';
}

const json = (value: unknown) => JSON.stringify(value);
const create = { to: ['external:reader'], title: 'Hello' };
const key = (text: string) => ({ 'Idempotency-Key': text });

const calls: Call[] = [
  { name: 'a plain create', body: json(create) },
  {
    name: 'a create with everything',
    body: json({ ...create, body: '**x**', category: 'c', data: { a: [1, null] } }),
  },
  { name: 'an inline user', body: json({ to: [{ external_id: 'inline', name: 'Inline' }], title: 'x' }) },
  { name: 'an unknown recipient', body: json({ to: ['external:nobody'], title: 'x' }) },
  {
    name: 'an unknown recipient that is left out',
    body: json({ ...create, to: ['external:nobody', 'external:reader'], strict_recipients: false }),
  },
  { name: 'an unknown field', body: json({ ...create, tilte: 'x' }) },
  { name: 'no title', body: json({ to: ['external:reader'] }) },
  { name: 'an expiry in the past', body: json({ ...create, expires_at: '2001-01-01T00:00:00Z' }) },
  { name: 'no body', body: '' },
  { name: 'a body that is no JSON', body: '{"to": [' },
  { name: 'a body that is nested too deeply', body: `${'['.repeat(40)}${']'.repeat(40)}` },
  { name: 'a body that is not UTF-8', body: new Uint8Array([0x22, 0xff, 0x22]) },
  { name: 'a body that is too large', body: json({ ...create, body: 'x'.repeat(300 * 1024) }) },
  { name: 'another media type', headers: { 'Content-Type': 'text/plain' }, body: json(create) },
  { name: 'a compressed body', headers: { 'Content-Encoding': 'gzip' }, body: json(create) },
  { name: 'U+0000', body: '{"to":["external:reader"],"title":"a\\u0000b"}' },
  { name: 'no credential', token: 'none', body: json(create) },
  { name: 'a credential that nobody has', token: 'wrong', body: json(create) },
  { name: 'a member', token: 'member', body: json(create) },
  { name: 'a token without the scope', token: 'limited', body: json(create) },
  { name: 'a malformed idempotency key', headers: key('has space'), body: json(create) },
  { name: 'an origin', headers: { Origin: 'https://app.example' }, body: json(create) },
  { name: 'a well-formed request id', headers: { 'X-Request-Id': 'mine-1' }, body: json(create) },
  { name: 'another method', method: 'PUT', body: json(create) },
  {
    name: 'a batch',
    path: '/v1/notifications/batch',
    body: json({ notifications: [create, { to: ['external:nobody'], title: 'x' }] }),
  },
  { name: 'a batch of nothing', path: '/v1/notifications/batch', body: json({ notifications: [] }) },
  {
    name: 'a batch with a fault inside',
    path: '/v1/notifications/batch',
    body: json({ notifications: [create, { to: 3 }] }),
  },
];

describe('the lean lane answers as the app does', () => {
  let api: TestApi;
  let admin: Actor;
  let tokens: Record<NonNullable<Call['token']>, string | undefined>;

  beforeAll(async () => {
    api = await startTestApi();
    const organizationId = await api.makeOrganization();
    admin = await api.makeUser(organizationId, 'admin');
    const member = await api.makeUser(organizationId, 'member');
    await api.ask('POST', '/v1/users', { token: admin.token, body: { external_id: 'reader' } });
    tokens = {
      admin: admin.token,
      member: member.token,
      limited: await api.makeToken(admin, ['inbox']),
      wrong: 'aaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      none: undefined,
    };
  });
  afterAll(() => api.stop());

  async function send(call: Call, suffix: string, extra: Record<string, string> = {}) {
    const token = tokens[call.token ?? 'admin'];
    const response = await fetch(`${api.url}${call.path ?? '/v1/notifications'}${suffix}`, {
      method: call.method ?? 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...call.headers,
        ...extra,
      },
      ...(call.body !== undefined && call.body !== '' && { body: call.body }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  /** What differs between any two calls: ids of rows and requests, and the time. */
  function comparable({ status, headers, body }: Awaited<ReturnType<typeof send>>) {
    const ids = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
    const { date: _date, ...others } = headers;
    return JSON.parse(JSON.stringify({ status, headers: others, body }).replaceAll(ids, 'an id'));
  }

  it.each(calls)('$name', async (call) => {
    const [lane, app] = await Promise.all(ways.map((way) => send(call, way.suffix)));
    if (lane === undefined || app === undefined) throw new TypeError('there are two ways');
    expect(comparable(lane)).toEqual(comparable(app));
  });

  it('gives the first answer again, whichever way the repeat comes', async () => {
    const call = { name: 'keyed', body: json(create) };
    const first = await send(call, '', key('both-ways'));
    const again = await Promise.all(ways.map((way) => send(call, way.suffix, key('both-ways'))));
    for (const one of again) {
      expect(one).toMatchObject({
        status: 202,
        body: first.body,
        headers: { 'idempotency-replayed': 'true' },
      });
    }
    const other = { name: 'other body', body: json({ ...create, title: 'Other' }) };
    for (const way of ways)
      expect(await send(other, way.suffix, key('both-ways'))).toMatchObject({ status: 422 });
  });
});
