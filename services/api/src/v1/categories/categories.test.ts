import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

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

const put = (key: string, body: unknown, token = admin.token): Promise<Answer> =>
  api.ask('PUT', `/v1/categories/${encodeURIComponent(key)}`, { token, body });
const remove = (key: string, token = admin.token): Promise<Answer> =>
  api.ask('DELETE', `/v1/categories/${encodeURIComponent(key)}`, { token });
const keys = async (token: string): Promise<string[]> =>
  (await api.ask('GET', '/v1/categories', { token })).body.data.map((one: { key: string }) => one.key);

describe('categories', () => {
  it('are made with defaults, changed field by field, and removed', async () => {
    const made = await put('news & more', {});
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ key: 'news & more', name: 'news & more', description: '', mandatory: false },
      ...{ quiet_mode: 'hold', default_enabled: true },
    });
    const fields = { name: 'News', description: 'Weekly.', quiet_mode: 'digest', default_enabled: false };
    const changed = await put('news & more', fields);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject(fields);
    const again = await put('news & more', { mandatory: true });
    expect(again.body).toMatchObject({ ...fields, mandatory: true, created_at: made.body.created_at });
    expect((await remove('news & more')).status).toBe(204);
    expect((await remove('news & more')).body.code).toBe('category.not_found');
  });

  it('are listed by key to everybody of the organization, and to nobody else', async () => {
    await put('b', {});
    await put('a', {});
    for (const { token } of [admin, member, system]) expect(await keys(token)).toEqual(['a', 'b']);
    expect(await keys(stranger.token)).toEqual([]);
  });

  it("of one organization are out of another's reach", async () => {
    await put('ours', { mandatory: true });
    expect((await remove('ours', stranger.token)).body.code).toBe('category.not_found');
    expect((await put('ours', { mandatory: false }, stranger.token)).status).toBe(201);
    const { body } = await api.ask('GET', '/v1/categories', { token: member.token });
    expect(body.data).toContainEqual(expect.objectContaining({ key: 'ours', mandatory: true }));
  });

  it.each([
    { name: 'a mode that is none', key: 'x', body: { quiet_mode: 'later' }, pointer: '/quiet_mode' },
    { name: 'an empty name', key: 'x', body: { name: '' }, pointer: '/name' },
    { name: 'a key with a line break', key: 'a\nb', body: {}, pointer: '/path/key' },
    { name: 'a key of 101 characters', key: 'k'.repeat(101), body: {}, pointer: '/path/key' },
  ])('refuse $name and point to it', async ({ key, body, pointer }) => {
    expect((await put(key, body)).body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it.each([
    { name: 'a member', token: () => member.token },
    { name: 'a system', token: () => system.token },
  ])('are not written by $name', async ({ token }) => {
    expect((await put('b', { mandatory: true }, token())).body.code).toBe('auth.forbidden');
    expect((await remove('b', token())).body.code).toBe('auth.forbidden');
  });

  it('are made once of twenty calls at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => put('race', { name: 'Race' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  });

  it('are 200 at most, and the full organization may still change them', async () => {
    const { token, organizationId } = await api.makeUser(await api.makeOrganization(), 'admin');
    await runSql(
      api.databaseUrl,
      `insert into categories (organization_id, key, name)
       select $1, 'n' || n, 'N' from generate_series(1, 199) as n`,
      [organizationId],
    );
    expect((await put('the last', {}, token)).status).toBe(201);
    expect((await put('one more', {}, token)).body.code).toBe('limit.reached');
    expect((await put('n7', { mandatory: true }, token)).status).toBe(200);
  });
});
