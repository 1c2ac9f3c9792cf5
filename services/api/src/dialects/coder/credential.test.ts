import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setCoderStage, WatchRefused, type CoderStage } from '../../../test/coder-stage.ts';
import { credential } from './credential.ts';

const path = '/api/v2/notifications/inbox/mark-all-as-read';
const foreign = 'https://evil.example.org';

let stage: CoderStage;
/** What a browser sends along by itself. */
let cookie: string;

beforeAll(async () => {
  stage = await setCoderStage({ CARILLON_ALLOWED_ORIGINS: 'https://app.example.org' });
  cookie = `coder_session_token=${stage.member.token}`;
});
afterAll(() => stage.stop());

describe('where the token of a request stands', () => {
  it.each<{ name: string; headers: Record<string, string>; query: string; found: unknown }>([
    { name: 'nowhere', headers: {}, query: '', found: undefined },
    {
      name: 'in the cookie before all else',
      headers: { cookie: 'coder_session_token=a', 'coder-session-token': 'c', authorization: 'Bearer d' },
      ...{ query: 'coder_session_token=b&access_token=e', found: { token: 'a', from: 'cookie' } },
    },
    {
      name: 'in the query before the header',
      headers: { 'coder-session-token': 'c' },
      ...{ query: 'coder_session_token=b', found: { token: 'b', from: 'query' } },
    },
    {
      name: 'in the header before newer forms',
      headers: { 'coder-session-token': 'c', authorization: 'Bearer d' },
      ...{ query: 'access_token=e', found: { token: 'c', from: 'header' } },
    },
    {
      name: 'after Bearer before the newer query parameter',
      headers: { authorization: 'bearer d' },
      ...{ query: 'access_token=e', found: { token: 'd', from: 'header' } },
    },
    {
      name: 'in the newer query parameter',
      headers: {},
      query: 'access_token=e',
      found: { token: 'e', from: 'query' },
    },
    {
      name: 'in quotes, among other cookies',
      headers: { cookie: 'x=1; my_coder_session_token=b; coder_session_token="a"; y' },
      ...{ query: '', found: { token: 'a', from: 'cookie' } },
    },
    {
      name: 'not where it is empty',
      headers: { cookie: 'coder_session_token=', 'coder-session-token': 'c' },
      ...{ query: 'coder_session_token=', found: { token: 'c', from: 'header' } },
    },
  ])('$name', ({ headers, query, found }) => {
    const request = { headers } as unknown as Parameters<typeof credential>[0];
    expect(credential(request, new URLSearchParams(query))).toEqual(found);
  });
});

describe('a cookie', () => {
  const put = (headers: Record<string, string>) => stage.ask('PUT', path, { headers });

  it.each<{ name: string; headers: () => Record<string, string> }>([
    { name: 'a page of another host', headers: () => ({ origin: foreign }) },
    { name: 'a page that hides where it is from', headers: () => ({ origin: 'null' }) },
    { name: 'another port of this host', headers: () => ({ origin: 'http://127.0.0.1:1' }) },
    {
      name: 'a browser that tells only that the page is foreign',
      headers: () => ({ 'sec-fetch-site': 'cross-site' }),
    },
    { name: 'a page of the same site on another host', headers: () => ({ 'sec-fetch-site': 'same-site' }) },
  ])('changes nothing for $name', async ({ headers }) => {
    const { status, body } = await put({ cookie, ...headers() });
    expect({ status, message: body.message }).toEqual({ status: 403, message: 'Forbidden.' });
  });

  it.each<{ name: string; headers: () => Record<string, string> }>([
    { name: 'a page of this host', headers: () => ({ origin: stage.api.url }) },
    { name: 'a page of the public address', headers: () => ({ origin: 'http://127.0.0.1:8080' }) },
    { name: 'a page of an allowed origin', headers: () => ({ origin: 'https://app.example.org' }) },
    { name: 'a client that is no browser', headers: () => ({}) },
  ])('counts for $name', async ({ headers }) => {
    expect((await put({ cookie, ...headers() })).status).toBe(204);
  });

  it('counts for whoever only reads', async () => {
    const answer = await stage.ask('GET', '/api/v2/notifications/inbox', {
      headers: { cookie, origin: foreign },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('opens a socket for pages of this host and for no other', async () => {
    for (const origin of [foreign, 'null']) {
      const refused = await stage.watch('', { cookie, origin }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WatchRefused);
      expect(refused).toMatchObject({ status: 403, body: { message: 'Forbidden.' } });
    }
    const watch = await stage.watch('?read_status=unread', { cookie, origin: stage.api.url });
    watch.drop();
  });
});

describe('a token that no browser sends by itself', () => {
  it('counts from every origin, on sockets too', async () => {
    const { token } = stage.member;
    const origin = foreign;
    expect((await stage.ask('PUT', path, { token, headers: { origin } })).status).toBe(204);
    expect(
      (await stage.ask('PUT', `${path}?coder_session_token=${token}`, { headers: { origin } })).status,
    ).toBe(204);
    const watch = await stage.watch('', { 'coder-session-token': token, origin });
    watch.drop();
  });
});
