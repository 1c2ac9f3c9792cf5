import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil, runSql } from '@carillon/testkit';
import { createPeople, examplePassword, type Person } from '../../../test/people.ts';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let people: ReturnType<typeof createPeople>;
let admin: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  people = createPeople(api);
  admin = await people.adminOf(await api.makeOrganization());
  stranger = await people.adminOf(await api.makeOrganization());
});
afterAll(() => api.stop());

const another = 'another good password';

async function login({ email }: Person, password: string): Promise<{ status: number; token: string }> {
  const answer = await fetch(`${api.url}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body = (await answer.json()) as { data?: { access_token: string } };
  return { status: answer.status, token: body.data?.access_token ?? '' };
}

describe('PUT /v1/users/{id}/password', () => {
  it('is for an admin, and stores nothing that could be read', async () => {
    const person = await people.make(admin.organizationId);
    expect((await login(person, person.password)).status).toBe(200);
    const rows = await runSql(api.databaseUrl, 'select password_hash from users where id = $1', [person.id]);
    expect(rows[0]?.['password_hash']).toMatch(/^\$scrypt\$ln=10,r=8,p=3\$/);
    expect(api.logged()).not.toContain(person.password);
    expect(api.logged()).toContain('"event":"password.changed"');
  });

  it('lets people set their own, naming the one that there is', async () => {
    const person = await people.make(admin.organizationId);
    const put = (body: object) =>
      api.ask('PUT', '/v1/users/me/password', { token: person.token, body: { password: another, ...body } });
    for (const wrong of [{}, { current_password: another }]) {
      const refused = await put(wrong);
      expect(refused.body).toMatchObject({
        code: 'password.current_wrong',
        errors: [{ pointer: '/current_password' }],
      });
    }
    expect((await put({ current_password: examplePassword })).status).toBe(204);
    expect((await login(person, examplePassword)).status).toBe(401);
    expect((await login(person, another)).status).toBe(200);
  });

  it('needs no current one where there is none', async () => {
    const { token } = await api.makeUser(admin.organizationId, 'member');
    const body = { password: another };
    expect((await api.ask('PUT', '/v1/users/me/password', { token, body })).status).toBe(204);
  });

  it('takes five wrong current ones in a minute, then not even the right one', async () => {
    const person = await people.make(admin.organizationId);
    const put = (current_password: string) =>
      api.ask('PUT', '/v1/users/me/password', {
        token: person.token,
        body: { password: another, current_password },
      });
    for (let wrong = 0; wrong < 5; wrong += 1) expect((await put(another)).status).toBe(422);
    const limited = await put(examplePassword);
    expect(limited.body.code).toBe('rate.limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([
    { name: 'seven characters', password: 'seven77' },
    { name: '257 characters', password: 'x'.repeat(257) },
    { name: 'no text', password: 12_345_678 },
  ])('refuses $name', async ({ password }) => {
    const refused = await api.ask('PUT', '/v1/users/me/password', {
      ...{ token: admin.token, body: { password } },
    });
    expect(refused.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/password' }] });
  });

  it.each([
    { name: 'a member, of somebody else', by: () => people.make(admin.organizationId) },
    { name: 'an admin of another organization', by: async () => stranger },
  ])('does not find the user for $name', async ({ by }) => {
    const person = await people.make(admin.organizationId);
    const refused = await api.ask('PUT', `/v1/users/${person.id}/password`, {
      ...{ token: (await by()).token, body: { password: another } },
    });
    expect(refused.body.code).toBe('user.not_found');
    expect((await login(person, examplePassword)).status).toBe(200);
  });

  it('refuses a token that is limited to other things than admin', async () => {
    const person = await people.make(admin.organizationId);
    const body = { password: another, current_password: examplePassword };
    const ask = async (scopes: ('inbox' | 'admin')[]) =>
      api.ask('PUT', '/v1/users/me/password', { token: await api.makeToken(person, scopes), body });
    expect((await ask(['inbox'])).body.code).toBe('auth.scope_missing');
    expect((await ask(['admin'])).status).toBe(204);
  });

  it('ends all sessions of the user within five seconds, and of nobody else', async () => {
    const [person, other] = [
      await people.make(admin.organizationId),
      await people.make(admin.organizationId),
    ];
    const sessions = [await login(person, examplePassword), await login(person, examplePassword)];
    const others = await login(other, examplePassword);
    const statusOf = async ({ token }: { token: string }) =>
      (await api.ask('GET', '/v1/users/me', { token })).status;
    for (const session of [...sessions, others]) expect(await statusOf(session)).toBe(200);
    await api.ask('PUT', `/v1/users/${person.id}/password`, {
      ...{ token: admin.token, body: { password: another } },
    });
    const allEnded = async () =>
      (await Promise.all(sessions.map(statusOf))).every((status) => status === 401);
    await pollUntil(allEnded, 5_000);
    expect(await statusOf(others)).toBe(200);
  });
});

describe('DELETE /v1/users/{id}/password', () => {
  it('leaves nothing to log in with; tokens still work', async () => {
    const person = await people.make(admin.organizationId);
    const path = `/v1/users/${person.id}/password`;
    expect((await api.ask('DELETE', path, { token: admin.token })).status).toBe(204);
    expect((await login(person, examplePassword)).status).toBe(401);
    expect((await api.ask('GET', '/v1/users/me', { token: person.token })).status).toBe(200);
    expect((await api.ask('DELETE', path, { token: admin.token })).status).toBe(204);
  });

  it('is for an admin of the organization', async () => {
    const person = await people.make(admin.organizationId);
    const path = `/v1/users/${person.id}/password`;
    expect((await api.ask('DELETE', path, { token: person.token })).body.code).toBe('auth.forbidden');
    expect((await api.ask('DELETE', path, { token: stranger.token })).body.code).toBe('user.not_found');
  });
});
