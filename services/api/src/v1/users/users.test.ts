import { runSql } from '@carillon/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type Answer, type Ask, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;
let system: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  system = await api.makeUser(organizationId, 'system');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const create = (body: unknown, ask: Ask = {}): Promise<Answer> =>
  api.ask('POST', '/v1/users', { token: admin.token, body, ...ask });
const get = (reference: string, token = admin.token): Promise<Answer> =>
  api.ask('GET', `/v1/users/${encodeURIComponent(reference)}`, { token });
const patch = (reference: string, body: unknown, token = admin.token): Promise<Answer> =>
  api.ask('PATCH', `/v1/users/${encodeURIComponent(reference)}`, { token, body });

describe('POST /v1/users', () => {
  it('makes a user, says where it is, and its e-mail address becomes a contact point', async () => {
    const made = await create({ external_id: 'ada', email: 'ada@example.com', zone: 'Europe/London' });
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`/v1/users/${made.body.id}`);
    expect(made.body).toMatchObject({ external_id: 'ada', role: 'member', name: null, profile: {} });
    const points = await api.ask('GET', '/v1/users/external:ada/contact-points', { token: admin.token });
    expect(points.body.data).toMatchObject([{ kind: 'email', address: 'ada@example.com' }]);
  });

  it('updates the user with the same external id, keeping what is not named and clearing what is null', async () => {
    const first = await create({ external_id: 'bob', name: 'Bob', zone: 'Europe/Berlin' });
    const second = await create({ external_id: 'bob', zone: null, profile: { team: 1 } });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ id: first.body.id, name: 'Bob', zone: null, profile: { team: 1 } });
  });

  it('gives the first answer again for the same key, and refuses the key for another body', async () => {
    const headers = { 'Idempotency-Key': 'make-carol' };
    const first = await create({ external_id: 'carol' }, { headers });
    const again = await create({ external_id: 'carol' }, { headers });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await create({ external_id: 'carl' }, { headers });
    expect(other.body.code).toBe('idempotency.key_reused');
  });

  it('refuses an e-mail address that another user has, in any case of letters', async () => {
    await create({ external_id: 'dora', email: 'dora@example.com' });
    const refused = await create({ external_id: 'dora-2', email: 'DORA@example.com' });
    expect(refused.body).toMatchObject({ code: 'user.email_taken', errors: [{ pointer: '/email' }] });
    expect((await get('external:dora-2')).status).toBe(404);
  });

  it.each([
    { name: 'a zone that does not exist', fields: { zone: 'Europe/Atlantis' }, pointer: '/zone' },
    { name: 'a language that is none', fields: { locale: 'not a tag' }, pointer: '/locale' },
    { name: 'an address without a host', fields: { email: 'ada' }, pointer: '/email' },
    { name: 'a role that does not exist', fields: { role: 'owner' }, pointer: '/role' },
    {
      name: 'a profile that is too large',
      fields: { profile: { x: 'x'.repeat(9_000) } },
      pointer: '/profile',
    },
    { name: 'a zero byte', fields: { name: 'a\u0000b' }, pointer: '/name' },
  ])('refuses $name and points to it', async ({ fields, pointer }) => {
    const refused = await create({ external_id: 'eve', ...fields });
    expect(refused.body.code).toBe('request.invalid');
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });

  it('makes one user of twenty calls at once with one external id', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({ external_id: 'race' })));
    expect(answers.filter((one) => one.status === 201)).toHaveLength(1);
    expect(new Set(answers.map((one) => one.body.id)).size).toBe(1);
  });
});

describe('POST /v1/users/bulk', () => {
  it('answers for each in the order of the request; a refused one undoes no other', async () => {
    await create({ external_id: 'bulk-taken', email: 'taken@example.com' });
    const users = [
      { external_id: 'bulk-z' },
      { external_id: 'bulk-a', email: 'TAKEN@example.com' },
      { external_id: 'bulk-taken', name: 'New name' },
      { external_id: 'bulk-m' },
    ];
    const { status, body } = await api.ask('POST', '/v1/users/bulk', { token: admin.token, body: { users } });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { status: 'created', external_id: 'bulk-z' },
      { status: 'refused', code: 'user.email_taken', errors: [{ pointer: '/users/1/email' }] },
      { status: 'updated', external_id: 'bulk-taken' },
      { status: 'created', external_id: 'bulk-m' },
    ]);
    expect((await get('external:bulk-m')).body.id).toBe(body.results[3].id);
    expect((await get('external:bulk-a')).status).toBe(404);
  });

  it('takes 500 users and refuses 501', async () => {
    const users = Array.from({ length: 501 }, (_, index) => ({ external_id: `many-${index}` }));
    const ask = (count: number) =>
      api.ask('POST', '/v1/users/bulk', { token: admin.token, body: { users: users.slice(0, count) } });
    expect((await ask(501)).body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/users' }] });
    const { body } = await ask(500);
    expect(body.results).toHaveLength(500);
    const again = await ask(500);
    expect(again.body.results.every((one: { status: string }) => one.status === 'updated')).toBe(true);
  });

  it('ends two calls at once that name the same users in opposite orders', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({ external_id: `cross-${index}`, name: 'n' }));
    const ask = (list: unknown) =>
      api.ask('POST', '/v1/users/bulk', { token: admin.token, body: { users: list } });
    const answers = await Promise.all([ask(users), ask(users.toReversed()), ask(users)]);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
  });
});

describe('GET /v1/users', () => {
  it('goes through all users both ways and repeats none', async () => {
    const fresh = await api.makeUser(await api.makeOrganization(), 'admin');
    for (let index = 0; index < 6; index += 1) {
      await create({ external_id: `page-${index}` }, { token: fresh.token });
    }
    const page = (cursor: string | null) =>
      api.ask('GET', `/v1/users?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`, {
        token: fresh.token,
      });
    const ids = (answer: Answer) => answer.body.data.map((one: { id: string }) => one.id);
    const first = await page(null);
    const second = await page(first.body.next_cursor);
    const third = await page(second.body.next_cursor);
    expect(first.body.prev_cursor).toBeNull();
    expect(third.body.next_cursor).toBeNull();
    expect(new Set([first, second, third].flatMap(ids)).size).toBe(7);
    expect(ids(await page(third.body.prev_cursor))).toEqual(ids(second));
    expect(ids(await page(second.body.prev_cursor))).toEqual(ids(first));
  });

  it('finds by e-mail address in any case, by external id, and who changed since', async () => {
    const made = await create({ external_id: 'finn', email: 'finn@example.com' });
    const ids = async (query: string) => {
      const { body } = await api.ask('GET', `/v1/users?${query}`, { token: admin.token });
      return body.data.map((one: { id: string }) => one.id);
    };
    expect(await ids('email=FINN@example.com')).toEqual([made.body.id]);
    expect(await ids('external_id=finn')).toEqual([made.body.id]);
    const since = new Date(Date.parse(made.body.updated_at) - 1).toISOString();
    expect(await ids(`updated_after=${since}`)).toContain(made.body.id);
  });

  it('finds by a part of name, user name, e-mail address or external id, where % and _ are letters', async () => {
    const fresh = await api.makeUser(await api.makeOrganization(), 'admin');
    const people = [
      { external_id: 'u-1', name: 'Grace Hopper' },
      { external_id: 'u-2', email: 'grace@example.com' },
      { external_id: 'u-3', username: 'GRACE_3' },
      { external_id: 'disgrace%', name: 'Nobody' },
      { external_id: 'u-5', name: 'Ada' },
    ];
    for (const person of people) await create(person, { token: fresh.token });
    const found = async (search: string) => {
      const path = `/v1/users?search=${encodeURIComponent(search)}`;
      const { body } = await api.ask('GET', path, { token: fresh.token });
      return body.data.map((one: { external_id: string }) => one.external_id);
    };
    expect(await found('GRace')).toEqual(['u-1', 'u-2', 'u-3', 'disgrace%']);
    expect(await found('ace%')).toEqual(['disgrace%']);
    expect(await found('ce_')).toEqual(['u-3']);
    expect(await found('ace\\')).toEqual([]);
  });

  it('goes the other way round from the newest, and refuses the cursor in another order', async () => {
    const fresh = await api.makeUser(await api.makeOrganization(), 'admin');
    for (const name of ['a', 'b', 'c']) await create({ external_id: name }, { token: fresh.token });
    const page = async (query: string) =>
      (await api.ask('GET', `/v1/users?limit=2&${query}`, { token: fresh.token })).body;
    const ids = (body: Answer['body']) => body.data.map((one: { external_id: string }) => one.external_id);
    const first = await page('order=newest');
    const second = await page(`order=newest&cursor=${first.next_cursor}`);
    const back = await page(`order=newest&cursor=${second.prev_cursor}`);
    expect([first, second, back].map(ids)).toEqual([
      ['c', 'b'],
      ['a', expect.stringMatching(/^admin-/)],
      ['c', 'b'],
    ]);
    expect((await page(`cursor=${first.next_cursor}`)).code).toBe('cursor.invalid');
  });

  it('refuses a cursor of another organization', async () => {
    const { body } = await api.ask('GET', '/v1/users?limit=1', { token: admin.token });
    const path = `/v1/users?cursor=${body.next_cursor}`;
    expect((await api.ask('GET', path, { token: stranger.token })).body.code).toBe('cursor.invalid');
  });
});

describe('GET /v1/users/{id}', () => {
  it.each(['me', 'id', 'external'])('finds a user by %s', async (way) => {
    const own = await get('me', member.token);
    const reference = { me: 'me', id: member.id, external: `external:${own.body.external_id}` }[way] ?? '';
    expect((await get(reference, member.token)).body.id).toBe(member.id);
  });

  it('does not exist for members, systems and other organizations', async () => {
    for (const token of [member.token, system.token, stranger.token]) {
      expect((await get(admin.id, token)).body.code).toBe('user.not_found');
    }
  });

  it('needs the scope admin for another user, and none for oneself', async () => {
    const token = await api.makeToken(admin, ['send']);
    expect((await get(member.id, token)).body.code).toBe('auth.scope_missing');
    expect((await get('me', token)).status).toBe(200);
  });
});

describe('PATCH /v1/users/{id}', () => {
  it('lets a member change its own name, zone and language', async () => {
    const changed = await patch('me', { name: 'M', zone: 'Asia/Tokyo', locale: 'ja' }, member.token);
    expect(changed.body).toMatchObject({ name: 'M', zone: 'Asia/Tokyo', locale: 'ja' });
  });

  it.each([{ role: 'admin' }, { email: 'm@example.com' }, { external_id: 'm' }, { profile: {} }])(
    'refuses a member that changes its own %j',
    async (body) => {
      expect((await patch('me', body, member.token)).body.code).toBe('auth.forbidden');
    },
  );

  it('does not let a token that is limited to the inbox change its user', async () => {
    const token = await api.makeToken(admin, ['inbox']);
    expect((await patch('me', { name: 'x' }, token)).body.code).toBe('auth.scope_missing');
    expect((await patch('me', { role: 'admin' }, token)).body.code).toBe('auth.scope_missing');
  });

  it('replaces the contact point of a changed e-mail address', async () => {
    await create({ external_id: 'gus', email: 'gus@example.com' });
    await patch('external:gus', { email: 'gus@example.org' });
    const points = await api.ask('GET', '/v1/users/external:gus/contact-points', { token: admin.token });
    expect(points.body.data.map((one: { address: string }) => one.address)).toEqual(['gus@example.org']);
  });

  it('keeps the last admin, and lets one of two go', async () => {
    const alone = await api.makeUser(await api.makeOrganization(), 'admin');
    expect((await patch('me', { role: 'member' }, alone.token)).body.code).toBe('user.last_admin');
    const removed = await api.ask('DELETE', '/v1/users/me', { token: alone.token });
    expect(removed.body.code).toBe('user.last_admin');
    const second = await api.makeUser(alone.organizationId, 'admin');
    const answers = await Promise.all([
      patch(second.id, { role: 'member' }, alone.token),
      patch(alone.id, { role: 'member' }, second.token),
    ]);
    const [gone, refused] = answers.map((one) => one.status).toSorted((a, b) => a - b);
    expect(gone).toBe(200);
    // Whose turn came when they were no admin any more sees nobody else.
    expect([404, 409]).toContain(refused);
    const roles = await runSql(api.databaseUrl, 'select role from users where organization_id = $1', [
      alone.organizationId,
    ]);
    expect(roles.filter(({ role }) => role === 'admin')).toHaveLength(1);
  });
});

describe('DELETE /v1/users/{id}', () => {
  it('takes the user and its tokens away, and leaves the external id free', async () => {
    const gone = await api.makeUser(admin.organizationId, 'member');
    const { body } = await get(gone.id);
    const deleted = await api.ask('DELETE', `/v1/users/${gone.id}`, { token: admin.token });
    expect(deleted.status).toBe(204);
    expect((await get(gone.id)).body.code).toBe('user.not_found');
    expect((await api.ask('GET', '/v1/users/me', { token: gone.token })).body.code).toBe('auth.invalid');
    const again = await create({ external_id: body.external_id });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(gone.id);
  });

  it('does not find a user of another organization', async () => {
    const refused = await api.ask('DELETE', `/v1/users/${member.id}`, { token: stranger.token });
    expect(refused.body.code).toBe('user.not_found');
  });
});
