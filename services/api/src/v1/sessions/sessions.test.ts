import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPeople, type Person } from '../../../test/people.ts';
import { startTestApi, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let people: ReturnType<typeof createPeople>;
let person: Person;

beforeAll(async () => {
  api = await startTestApi();
  people = createPeople(api);
  person = await people.make(await api.makeOrganization(), { role: 'admin' });
});
afterAll(() => api.stop());

const login = ({ email, password }: Pick<Person, 'email' | 'password'>, more = {}) =>
  api.ask('POST', '/v1/sessions', { body: { email, password, ...more } });
const refresh = (token: string) =>
  api.ask('POST', '/v1/sessions/refresh', { body: { refresh_token: token } });
const whoIs = (token: string) => api.ask('GET', '/v1/users/me', { token });

describe('POST /v1/sessions', () => {
  it('gives a credential for every call to who knows the password', async () => {
    const { status, body, headers } = await login(person);
    expect({ status, stored: headers['cache-control'] }).toEqual({ status: 201, stored: 'no-store' });
    expect(body).toMatchObject({ expires_in: 900, session_expires_in: 604_800 });
    expect((await whoIs(body.access_token)).body.id).toBe(person.id);
    expect(headers['set-cookie']).toBeUndefined();
    expect(api.logged()).not.toContain(body.refresh_token);
  });

  it('tells nobody whether it was the address or the password that is wrong', async () => {
    const wrong = await login({ ...person, password: 'another password' });
    const unknown = await login({ email: 'nobody@example.com', password: person.password });
    expect(wrong.status).toBe(401);
    expect(wrong.body.code).toBe('auth.login_failed');
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  });

  it('asks which organization is meant where several have the address and the password', async () => {
    const twin = await people.make(await api.makeOrganization());
    const other = await people.make(await api.makeOrganization(), { email: twin.email });
    const { status, body } = await login(twin);
    expect({ status, code: body.code, at: body.errors[0].pointer }).toEqual({
      ...{ status: 422, code: 'session.organization_needed', at: '/organization' },
    });
    const named = await login(twin, { organization: other.organizationId });
    expect((await whoIs(named.body.access_token)).body.id).toBe(other.id);
  });

  it('takes no more guesses after five wrong ones in a minute, also not the right one', async () => {
    const guessed = await people.make(person.organizationId);
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await login({ ...guessed, password: `wrong password ${tries}` })).status).toBe(401);
    }
    const { status, headers } = await login(guessed);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([
    { name: 'a missing password', body: { email: 'ada@example.com' }, at: '/password' },
    { name: 'an address that is none', body: { email: 'ada', password: 'x' }, at: '/email' },
    { name: 'what it does not know', body: { email: 'a@b.cd', password: 'x', mode: 'cookie' }, at: '/mode' },
  ])('refuses $name and points to it', async ({ body, at }) => {
    const answer = await api.ask('POST', '/v1/sessions', { body });
    expect({ code: answer.body.code, at: answer.body.errors[0].pointer }).toEqual({
      ...{ code: 'request.invalid', at },
    });
  });

  it('refuses a body that a form of another site could send', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const answer = await api.ask('POST', '/v1/sessions', { headers, body: JSON.stringify(person) });
    expect(answer.status).toBe(415);
  });

  it('refuses an idempotency key, for the answer is a secret', async () => {
    const { email, password } = person;
    const headers = { 'Idempotency-Key': 'k-1' };
    const { body } = await api.ask('POST', '/v1/sessions', { headers, body: { email, password } });
    expect(body.code).toBe('idempotency.unsupported');
  });
});

describe('POST /v1/sessions/refresh', () => {
  it('goes on with a session by a token that works once', async () => {
    const begun = await login(person);
    const next = await refresh(begun.body.refresh_token);
    expect(next.status).toBe(200);
    expect(next.body.refresh_token).not.toBe(begun.body.refresh_token);
    expect((await whoIs(next.body.access_token)).body.id).toBe(person.id);
  });

  it.each(['', 'nonsense', 'Wm4qVb8sXk-7dGhJ2kLpQ9rTzYc3vBnM5xNfA6uEoRiPw'])('refuses %p', async (token) => {
    expect([400, 401]).toContain((await refresh(token)).status);
  });
});

describe('POST /v1/sessions/end', () => {
  it('ends a session: no refresh token goes on with it', async () => {
    const { body } = await login(person);
    const end = () => api.ask('POST', '/v1/sessions/end', { body: { refresh_token: body.refresh_token } });
    expect((await end()).status).toBe(204);
    expect((await refresh(body.refresh_token)).body.code).toBe('auth.invalid');
    expect((await end()).status).toBe(204);
  });
});
