import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authentication, createDirectus, readMe, rest } from '@directus/sdk';
import { decodeJwt } from 'jose';
import type { OrganizationId } from '@carillon/core';
import { advanceDatabaseClock, pollUntil } from '@carillon/testkit';
import { createPeople, examplePassword, type Person } from '../../../test/people.ts';
import { startTestApi, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let people: ReturnType<typeof createPeople>;
let home: OrganizationId;
beforeAll(async () => {
  api = await startTestApi();
  people = createPeople(api);
  home = await api.makeOrganization();
});
afterAll(() => api.stop());

const invalidCredentials = {
  errors: [{ message: 'Invalid user credentials.', extensions: { code: 'INVALID_CREDENTIALS' } }],
};

/** The real SDK; it renews by itself only where a test asks for it. */
const connect = () =>
  createDirectus(api.url)
    .with(authentication('json', { autoRefresh: false }))
    .with(rest());

interface Posted {
  status: number;
  headers: Headers;
  /** The body as parsed, looked into freely. */
  body: { data?: Record<string, unknown>; errors?: unknown };
}

async function post(
  path: string,
  body: unknown,
  { text, ...headers }: Record<string, string> = {},
): Promise<Posted> {
  const answer = await fetch(`${api.url}${path}`, {
    ...{ method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } },
    body: text ?? JSON.stringify(body),
  });
  const told = await answer.text();
  return { status: answer.status, headers: answer.headers, body: told === '' ? {} : JSON.parse(told) };
}

const credentialsOf = ({ email, password }: Person) => ({ email, password });
const loginOf = async (person: Person) => (await post('/auth/login', credentialsOf(person))).body.data ?? {};
const refresh = (token: unknown) => post('/auth/refresh', { refresh_token: token, mode: 'json' });

describe("authentication('json') of Directus' SDK", () => {
  it('logs in, reads as who logged in, renews and logs out', async () => {
    const person = await people.make(home);
    const sdk = connect();
    const first = await sdk.login(credentialsOf(person));
    expect(first).toMatchObject({ expires: 900_000, refresh_token: expect.any(String) });
    expect(await sdk.request(readMe({ fields: ['id', 'email'] }))).toEqual({
      ...{ id: person.id, email: person.email },
    });
    const second = await sdk.refresh();
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await sdk.request(readMe({ fields: ['id'] }))).toEqual({ id: person.id });
    await sdk.logout();
    expect(await refresh(second.refresh_token)).toMatchObject({ status: 401, body: invalidCredentials });
    const isRefused = async () =>
      (await api.ask('GET', '/v1/users/me', { token: second.access_token ?? '' })).status === 401;
    await pollUntil(isRefused, 5_000);
  });

  it('is told the claims that Directus tells', async () => {
    const admin = await people.make(home, { role: 'admin' });
    const { access_token } = await loginOf(admin);
    const claims = decodeJwt(String(access_token));
    expect(claims).toMatchObject({
      ...{ id: admin.id, role: 'admin', app_access: true, admin_access: true, iss: 'directus' },
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
  });

  it('has its keys in the order of Directus', async () => {
    const data = await loginOf(await people.make(home));
    expect(Object.keys(data)).toEqual(['expires', 'refresh_token', 'access_token']);
  });

  it.each<{ name: string; who: () => Promise<{ email: string; password: string }> }>([
    {
      name: 'a wrong password',
      who: async () => ({ ...credentialsOf(await people.make(home)), password: 'open sesame' }),
    },
    {
      name: 'an address that nobody has',
      who: async () => ({ email: 'nobody@example.com', password: examplePassword }),
    },
    {
      name: 'somebody without a password',
      who: async () => {
        const person = await people.make(home);
        const { token } = await people.adminOf(home);
        await api.ask('DELETE', `/v1/users/${person.id}/password`, { token });
        return credentialsOf(person);
      },
    },
  ])('is refused for $name, always the same way', async ({ who }) => {
    const credentials = await who();
    const refused = await connect()
      .login(credentials)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ ...invalidCredentials, response: { status: 401 } });
    expect(api.logged()).toContain('"event":"login.refused"');
    expect(api.logged()).not.toContain(credentials.email);
  });

  it('takes the address in any case of letters', async () => {
    const person = await people.make(home);
    const { access_token } = await connect().login({
      ...{ email: person.email.toUpperCase(), password: person.password },
    });
    expect(decodeJwt(access_token ?? '')).toMatchObject({ id: person.id });
  });

  it('is throttled after five wrong passwords, for that account only', async () => {
    const [person, other] = [await people.make(home), await people.make(home)];
    const sdk = connect();
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await expect(sdk.login({ email: person.email.toUpperCase(), password: 'x' })).rejects.toMatchObject(
        invalidCredentials,
      );
    }
    const limited = await post('/auth/login', credentialsOf(person));
    expect(limited).toMatchObject({
      status: 429,
      body: { errors: [{ extensions: { code: 'REQUESTS_EXCEEDED' } }] },
    });
    const waitSeconds = Number(limited.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(60);
    await connect().login(credentialsOf(other));
  });

  it('gives an unknown address no more tries than a known one', async () => {
    const credentials = { email: `nobody-${home}@example.com`, password: 'open sesame' };
    const statuses: number[] = [];
    for (let round = 0; round < 6; round += 1) statuses.push((await post('/auth/login', credentials)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('an address of several organizations', () => {
  it('must name one when the password is that of several, and need not when it is of one', async () => {
    const away = await api.makeOrganization();
    const here = await people.make(home);
    const there = await people.make(away, { email: here.email });
    const refused = await post('/auth/login', credentialsOf(here));
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            message: expect.stringContaining('"organization" must name one organization'),
            extensions: { code: 'INVALID_PAYLOAD' },
          },
        ],
      },
    });
    const named = await post('/auth/login', { ...credentialsOf(here), organization: away });
    expect(decodeJwt(String(named.body.data?.['access_token']))).toMatchObject({ id: there.id });
    await api.ask('PUT', '/v1/users/me/password', {
      ...{ token: there.token },
      body: { password: 'another good password', current_password: there.password },
    });
    const { access_token } = await loginOf(here);
    expect(decodeJwt(String(access_token))).toMatchObject({ id: here.id });
  });
});

describe('refresh tokens', () => {
  it('are good for two pages that renew at the same moment', async () => {
    const person = await people.make(home);
    const { refresh_token } = await loginOf(person);
    const [one, other] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    for (const { body } of [one, other]) {
      const token = String(body.data?.['access_token']);
      expect((await api.ask('GET', '/v1/users/me', { token })).body.id).toBe(person.id);
    }
    expect(one.body.data?.['refresh_token']).toBe(other.body.data?.['refresh_token']);
    expect((await refresh(one.body.data?.['refresh_token'])).status).toBe(200);
  });

  it('end the session when one that was used up comes again, for thief and owner', async () => {
    const { refresh_token: stolen } = await loginOf(await people.make(home));
    const owner = await refresh(stolen);
    await advanceDatabaseClock({ url: api.databaseUrl }, 10_001);
    expect(await refresh(stolen)).toMatchObject({ status: 401, body: invalidCredentials });
    expect((await refresh(owner.body.data?.['refresh_token'])).status).toBe(401);
    expect(api.logged()).toContain('"event":"session.reused"');
    const token = String(owner.body.data?.['access_token']);
    const isRefused = async () => (await api.ask('GET', '/v1/users/me', { token })).status === 401;
    await pollUntil(isRefused, 5_000);
  });

  it('are no credentials', async () => {
    const { refresh_token } = await loginOf(await people.make(home));
    expect((await api.ask('GET', '/v1/users/me', { token: String(refresh_token) })).status).toBe(401);
  });
});

describe('what is sent to the login', () => {
  const missing = (field: string) => ({
    message: `Validation failed for field "${field}". Value is required.`,
    extensions: { field, path: [], type: 'required', code: 'FAILED_VALIDATION' },
  });

  it.each([
    { name: 'nothing', body: {}, errors: [missing('email'), missing('password')] },
    { name: 'no password', body: { email: 'a@example.com' }, errors: [missing('password')] },
    {
      name: 'null',
      body: { email: null, password: 'x' },
      errors: [{ extensions: { type: 'nnull', code: 'FAILED_VALIDATION' } }],
    },
    {
      name: 'numbers',
      body: { email: 1, password: 2 },
      errors: [{ message: 'Invalid payload. "email" must be a string.' }],
    },
    {
      name: 'a list',
      body: [],
      errors: [{ message: 'Invalid payload. "value" must be of type object.' }],
    },
    {
      name: 'an unknown mode',
      body: { email: 'a@example.com', password: 'x', mode: 'carrier pigeon' },
      errors: [{ message: 'Invalid payload. "mode" must be one of [json, cookie, session].' }],
    },
    {
      name: 'what no store can hold',
      body: { email: 'a\u0000@example.com', password: 'x' },
      errors: [{ extensions: { code: 'INVALID_PAYLOAD' } }],
    },
  ])('is refused when it is $name', async ({ body, errors }) => {
    expect(await post('/auth/login', body)).toMatchObject({ status: 400, body: { errors } });
  });

  it('counts as nothing unless it is JSON, so that no form of another site can log in', async () => {
    const text = JSON.stringify(credentialsOf(await people.make(home)));
    const refused = await post('/auth/login', undefined, { text, 'Content-Type': 'text/plain' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [missing('email'), missing('password')] } });
  });

  it.each(['/auth/refresh', '/auth/logout'])('is a token for %s', async (path) => {
    const refused = await post(path, {});
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'INVALID_PAYLOAD' } }]);
  });

  it('may be a token of no session when it is to end', async () => {
    const refresh_token = '0123456789-012345678901234567890123456789012';
    expect((await post('/auth/logout', { refresh_token })).status).toBe(204);
    expect((await post('/auth/logout', { refresh_token: 'nothing' })).status).toBe(204);
  });
});

describe('cookies', () => {
  const cookiesOf = ({ headers }: Posted) => headers.getSetCookie();
  const sentBack = (answer: Posted) =>
    cookiesOf(answer)
      .map((one) => one.split(';', 1)[0])
      .join('; ');

  it.each([
    { mode: 'session', told: ['expires'] },
    { mode: 'cookie', told: ['expires', 'access_token'] },
  ])('hold the tokens in the mode $mode, out of reach of scripts', async ({ mode, told }) => {
    const answer = await post('/auth/login', { ...credentialsOf(await people.make(home)), mode });
    expect(Object.keys(answer.body.data ?? {})).toEqual(told);
    expect(cookiesOf(answer)).toEqual([
      expect.stringMatching(
        /^directus_session_token=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/,
      ),
      expect.stringMatching(
        /^directus_refresh_token=\w{10}-\w{33}; Path=\/auth; Max-Age=604800; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });

  it('let in, renew and end a session', async () => {
    const person = await people.make(home);
    const begun = await post('/auth/login', { ...credentialsOf(person), mode: 'session' });
    const me = await fetch(`${api.url}/users/me?fields=id`, { headers: { Cookie: sentBack(begun) } });
    expect(await me.json()).toEqual({ data: { id: person.id } });
    const renewed = await post('/auth/refresh', { mode: 'session' }, { Cookie: sentBack(begun) });
    expect(renewed.body.data).toEqual({ expires: 900_000 });
    const ended = await post('/auth/logout', { mode: 'session' }, { Cookie: sentBack(renewed) });
    expect(ended.status).toBe(204);
    expect(cookiesOf(ended).every((one) => one.includes('Max-Age=0'))).toBe(true);
    expect((await post('/auth/refresh', {}, { Cookie: sentBack(renewed) })).status).toBe(401);
  });

  it.each(['/auth/refresh', '/auth/logout'])('of a page of somebody else are nothing to %s', async (path) => {
    const begun = await post('/auth/login', { ...credentialsOf(await people.make(home)), mode: 'session' });
    const foreign = { Cookie: sentBack(begun), Origin: 'https://evil.example.org' };
    expect(await post(path, {}, foreign)).toMatchObject({
      status: 403,
      body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
    expect((await post('/auth/refresh', {}, { Cookie: sentBack(begun) })).status).toBe(200);
  });
});
