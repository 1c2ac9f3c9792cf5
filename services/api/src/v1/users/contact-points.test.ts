import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;
let other: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  other = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const path = (of: Actor, id = '') => `/v1/users/${of.id}/contact-points${id === '' ? '' : `/${id}`}`;
const add = (of: Actor, body: unknown, token: string, headers = {}): Promise<Answer> =>
  api.ask('POST', path(of), { token, body, headers });

describe('contact points', () => {
  it('lets a member add, change, list and remove its own', async () => {
    const made = await add(member, { kind: 'email', address: 'm@example.com' }, member.token);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ kind: 'email', address: 'm@example.com', verified_at: null });
    const changed = await api.ask('PATCH', path(member, made.body.id), {
      ...{ token: member.token, body: { address: 'm@example.org' } },
    });
    expect(changed.body.address).toBe('m@example.org');
    const listed = await api.ask('GET', '/v1/users/me/contact-points', { token: member.token });
    expect(listed.body.data).toEqual([changed.body]);
    const removed = await api.ask('DELETE', path(member, made.body.id), { token: member.token });
    expect(removed.status).toBe(204);
    const again = await api.ask('DELETE', path(member, made.body.id), { token: member.token });
    expect(again.body.code).toBe('contact_point.not_found');
  });

  it.each([
    { name: 'an address that is none', body: { kind: 'email', address: 'nobody' } },
    {
      name: 'an address with a line break',
      body: { kind: 'email', address: 'a@example.com\r\nBcc: b@c.de' },
    },
    { name: 'a number without its country', body: { kind: 'sms', address: '015112345678' } },
    { name: 'a name where Telegram knows ids', body: { kind: 'telegram', address: 'ada' } },
    { name: 'a topic that is a path', body: { kind: 'ntfy', address: 'a/b' } },
    {
      name: 'any address of a kind that takes none',
      body: { kind: 'webhook', address: 'https://example.com' },
    },
  ])('refuses $name', async ({ body }) => {
    const refused = await add(member, body, member.token);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'contact_point.address_invalid',
      errors: [{ pointer: '/address' }],
    });
  });

  it.each([
    { kind: 'telegram', address: '-1001234567890' },
    { kind: 'slack', address: 'U012AB3CD' },
    { kind: 'sms', address: '+4915112345678' },
    { kind: 'ntfy', address: 'ada-alerts' },
  ])('takes $address as an address of the kind $kind', async (body) => {
    expect(await add(member, body, member.token)).toMatchObject({ status: 201, body });
  });

  it('refuses a changed address that does not fit, and the same address twice', async () => {
    const body = { kind: 'email', address: 'twice@example.com' };
    const made = await add(member, body, member.token);
    expect((await add(member, body, member.token)).body.code).toBe('contact_point.taken');
    const asked = { token: member.token, body: { address: 'nobody' } };
    const refused = await api.ask('PATCH', path(member, made.body.id), asked);
    expect(refused.body.code).toBe('contact_point.address_invalid');
  });

  it('lets only an admin say that an address is verified; a changed one is not', async () => {
    const body = { kind: 'email', address: 'verified@example.com', verified: true };
    expect((await add(member, body, member.token)).body.code).toBe('auth.forbidden');
    const made = await add(member, body, admin.token);
    expect(made.body.verified_at).not.toBeNull();
    const verify = { token: member.token, body: { verified: true } };
    expect((await api.ask('PATCH', path(member, made.body.id), verify)).body.code).toBe('auth.forbidden');
    const change = { token: member.token, body: { address: 'changed@example.com' } };
    expect((await api.ask('PATCH', path(member, made.body.id), change)).body.verified_at).toBeNull();
  });

  it('adds one of two calls with the same key', async () => {
    const body = { kind: 'email', address: 'key@example.com' };
    const first = await add(member, body, member.token, { 'Idempotency-Key': 'k' });
    const again = await add(member, body, member.token, { 'Idempotency-Key': 'k' });
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('does not show, change or remove those of others', async () => {
    const { body } = await add(other, { kind: 'email', address: 'o@example.com' }, other.token);
    for (const token of [member.token, stranger.token]) {
      expect((await api.ask('GET', path(other), { token })).body.code).toBe('user.not_found');
      expect((await add(other, { kind: 'email', address: 'x@y.de' }, token)).body.code).toBe(
        'user.not_found',
      );
    }
    const asked = { token: member.token, body: { address: 'no address at all' } };
    const mine = await api.ask('PATCH', path(member, body.id), asked);
    expect(mine.body.code).toBe('contact_point.not_found');
    const removed = await api.ask('DELETE', path(member, body.id), { token: member.token });
    expect(removed.body.code).toBe('contact_point.not_found');
  });

  it('keeps addresses out of the log', () => {
    expect(api.logged()).toContain('contact_point.added');
    expect(api.logged()).not.toContain('@example.com');
  });

  it('gives a user no more than 100 addresses', async () => {
    const full = await api.makeUser(admin.organizationId, 'member');
    const body = (index: number) => ({ kind: 'email', address: `a${index}@example.com` });
    await runSql(
      api.databaseUrl,
      `insert into contact_points (id, organization_id, user_id, kind, address)
       select gen_random_uuid(), $1, $2, 'email', 'b' || n || '@example.com' from generate_series(1, 99) as n`,
      [full.organizationId, full.id],
    );
    expect((await add(full, body(99), full.token)).status).toBe(201);
    expect((await add(full, body(100), full.token)).body.code).toBe('limit.reached');
  });
});
