import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil, runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

describe('POST /v1/users/{id}/tokens', () => {
  it('tells the token once, never stores it in a cache, and the token works', async () => {
    const made = await api.ask('POST', '/v1/users/me/tokens', {
      token: member.token,
      body: { name: 'phone', expires_in: 600, scopes: ['inbox'] },
    });
    expect(made.status).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(made.body).toMatchObject({ name: 'phone', scopes: ['inbox'] });
    const counts = await api.ask('GET', '/v1/inbox/counts', { token: made.body.token });
    expect(counts.status).toBe(200);
    const list = await api.ask('GET', '/v1/users/me/tokens', { token: member.token });
    expect(list.text).not.toContain(made.body.token);
    expect(list.body.data.map((one: { id: string }) => one.id)).toContain(made.body.id);
    expect(api.logged()).not.toContain(made.body.token);
    expect(api.logged()).toContain(`"tokenId":"${made.body.id}"`);
  });

  it('ends a token that was given an expiry', async () => {
    const made = await api.ask('POST', '/v1/users/me/tokens', {
      token: member.token,
      body: { expires_in: 60 },
    });
    const lifeMs = Date.parse(made.body.expires_at) - Date.parse(made.body.created_at);
    expect(lifeMs).toBe(60_000);
  });

  it.each([
    { name: 'scopes beyond its own', scopes: ['admin', 'send'] },
    { name: 'no limits at all', scopes: [] },
  ])('refuses a limited token that asks for $name', async ({ scopes }) => {
    const token = await api.makeToken(admin, ['admin', 'inbox']);
    const refused = await api.ask('POST', `/v1/users/${member.id}/tokens`, { token, body: { scopes } });
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('auth.forbidden');
  });

  it('gives the scopes of the caller when none are named', async () => {
    const token = await api.makeToken(admin, ['admin', 'inbox']);
    const made = await api.ask('POST', `/v1/users/${member.id}/tokens`, { token, body: {} });
    expect(made.body.scopes).toEqual(['admin', 'inbox']);
  });

  it('lets an admin make tokens for anybody of the organization, a member only for itself', async () => {
    const byAdmin = await api.ask('POST', `/v1/users/${member.id}/tokens`, { token: admin.token, body: {} });
    expect(byAdmin.status).toBe(201);
    const byMember = await api.ask('POST', `/v1/users/${admin.id}/tokens`, { token: member.token, body: {} });
    expect(byMember.body.code).toBe('user.not_found');
    const foreign = await api.ask('POST', `/v1/users/${member.id}/tokens`, {
      token: stranger.token,
      body: {},
    });
    expect(foreign.body.code).toBe('user.not_found');
  });

  it('refuses an Idempotency-Key: a token is never told twice', async () => {
    const refused = await api.ask('POST', '/v1/users/me/tokens', {
      ...{ token: member.token, body: {} },
      headers: { 'Idempotency-Key': 'k-1' },
    });
    expect(refused.body.code).toBe('idempotency.unsupported');
  });

  it('gives a user no more than 100 tokens that work, and counts no revoked ones', async () => {
    const many = await api.makeUser(admin.organizationId, 'member');
    // With the one that asks and the last one they are 100.
    await runSql(
      api.databaseUrl,
      `insert into access_tokens (id, organization_id, user_id, lookup, hash)
       select gen_random_uuid(), $1, $2, 'lookup-' || n, '' from generate_series(1, 98) as n`,
      [many.organizationId, many.id],
    );
    const make = () => api.ask('POST', '/v1/users/me/tokens', { token: many.token, body: {} });
    const last = await make();
    expect(last.status).toBe(201);
    expect((await make()).body.code).toBe('limit.reached');
    await api.ask('DELETE', `/v1/users/me/tokens/${last.body.id}`, { token: many.token });
    expect((await make()).status).toBe(201);
  });
});

describe('DELETE /v1/users/{id}/tokens/{token_id}', () => {
  it('makes the token useless within five seconds, and tells since when', async () => {
    const { body } = await api.ask('POST', '/v1/users/me/tokens', { token: member.token, body: {} });
    const used = await api.ask('GET', '/v1/users/me', { token: body.token });
    expect(used.status).toBe(200);
    const revoked = await api.ask('DELETE', `/v1/users/me/tokens/${body.id}`, { token: member.token });
    expect(revoked.status).toBe(204);
    const isRefused = async () =>
      (await api.ask('GET', '/v1/users/me', { token: body.token })).body.code === 'auth.invalid';
    await pollUntil(isRefused, 5_000);
    const list = await api.ask('GET', '/v1/users/me/tokens', { token: member.token });
    const shown = list.body.data.find((one: { id: string }) => one.id === body.id);
    expect(shown.revoked_at).not.toBeNull();
  });

  it('does not find the token of another user', async () => {
    const { body } = await api.ask('POST', '/v1/users/me/tokens', { token: admin.token, body: {} });
    const mine = await api.ask('DELETE', `/v1/users/me/tokens/${body.id}`, { token: member.token });
    expect(mine.body.code).toBe('token.not_found');
  });
});
