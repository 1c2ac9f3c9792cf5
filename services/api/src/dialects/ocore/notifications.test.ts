import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { setOcoreStage, type OcoreStage } from '../../../test/ocore-stage.ts';
import type { Actor } from '../../../test/test-api.ts';
import type { OcoreNotification } from './translate.ts';

const base = '/api/notifications';
let stage: OcoreStage;
let reader: Actor;

beforeAll(async () => {
  stage = await setOcoreStage();
});
beforeEach(async () => {
  reader = await stage.makeUser('member');
});
afterAll(() => stage.stop());

const get = (query = '') => stage.ask('GET', `${base}${query}`, { token: reader.token });
const post = (rest: string) => stage.ask('POST', `${base}/${rest}`, { token: reader.token });
const count = async () => (await get('/unread-count')).body.count;
const v1 = (method: 'PUT' | 'GET' | 'DELETE', path: string) =>
  stage.api.ask(method, path, { token: reader.token });

async function list(query = ''): Promise<OcoreNotification[]> {
  const { status, body } = await get(query);
  expect(status).toBe(200);
  return body;
}
const idsOf = (items: readonly OcoreNotification[]) => items.map(({ id }) => id);

/** The oldest first. */
async function fill(howMany: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < howMany) {
    ids.push(await stage.writer.place(reader, { title: `T${ids.length}` }));
  }
  return ids;
}

describe('the list', () => {
  it('has the 50 newest, newest first, and the rest behind the last of them', async () => {
    const newestFirst = (await fill(53)).toReversed();
    expect(idsOf(await list())).toEqual(newestFirst.slice(0, 50));
    const rest = await list(`?before=${newestFirst[49]}`);
    expect(idsOf(rest)).toEqual(newestFirst.slice(50));
    expect(await list(`?before=${newestFirst[52]}`)).toEqual([]);
    expect(await list('?limit=100')).toHaveLength(53);
  });

  it('orders by id what came at the same instant, and pages through it without loss', async () => {
    const ids = await fill(5);
    await runSql(stage.api.databaseUrl, 'update notifications set inbox_at = $1 where recipient_id = $2', [
      new Date('2026-01-01T00:00:00Z'),
      reader.id,
    ]);
    const expected = ids.toSorted().toReversed();
    const paged: string[] = [];
    for (let before = ''; paged.length < 5; before = `&before=${paged.at(-1)}`) {
      const page = idsOf(await list(`?limit=2${before}`));
      expect(page.length).toBeGreaterThan(0);
      paged.push(...page);
    }
    expect(paged).toEqual(expected);
  });

  it('has texts for what a notification does not have', async () => {
    await fill(1);
    const [item] = await list();
    const { createdAt, id, ...rest } = item ?? {};
    expect(rest).toEqual({
      ...{ body: '', category: 'general', dismissed: false, read: false, title: 'T0', url: '' },
    });
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['limit=0', 'limit=101', 'limit=', 'limit=1.5', 'limit=1e1', 'limit=-1', 'includeDismissed=yes'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await get(`?${query}`);
      expect(status).toBe(400);
      expect(body.message).toMatch(/^query\.\w+: must be /);
    },
  );

  it.each(['before=7', 'before=', "before='--", 'before=00000000-0000-0000-0000-000000000000'])(
    'has nothing to page from by %s',
    async (query) => {
      expect((await get(`?${query}`)).status).toBe(404);
    },
  );

  it('ignores parameters that nobody knows', async () => {
    const ids = await fill(1);
    expect(idsOf(await list('?unread=1&limit=10'))).toEqual(ids);
  });

  it('shows nobody else what is somebody’s', async () => {
    const [id] = await fill(1);
    const others = await stage.ask('GET', base, { token: stage.admin.token });
    expect(JSON.stringify(others.body)).not.toContain(id);
  });
});

describe('read and dismissed', () => {
  it('are two flags, each set once and for all, in any order', async () => {
    const [first, second] = await fill(2);
    const flagsOf = async (rest: string) => {
      const { read, dismissed } = (await post(rest)).body;
      return { read, dismissed };
    };
    expect(await flagsOf(`${first}/dismiss`)).toEqual({ read: false, dismissed: true });
    expect(await flagsOf(`${first}/dismiss`)).toEqual({ read: false, dismissed: true });
    expect(await flagsOf(`${first}/read`)).toEqual({ read: true, dismissed: true });
    expect(await flagsOf(`${second}/read`)).toEqual({ read: true, dismissed: false });
    expect(await flagsOf(`${second}/dismiss`)).toEqual({ read: true, dismissed: true });
    expect(await list()).toEqual([]);
    const all = await list('?includeDismissed=true');
    expect(all.map(({ id, read, dismissed }) => ({ id, read, dismissed }))).toEqual([
      { id: second, read: true, dismissed: true },
      { id: first, read: true, dismissed: true },
    ]);
  });

  it('take an id in capital letters', async () => {
    const [id = ''] = await fill(1);
    expect((await post(`${id.toUpperCase()}/read`)).body).toMatchObject({ id, read: true });
  });

  it('count what one sees: unread and not dismissed', async () => {
    const [first, second] = await fill(3);
    expect(await count()).toBe(3);
    await post(`${first}/read`);
    expect(await count()).toBe(2);
    await post(`${second}/dismiss`);
    expect(await count()).toBe(1);
  });

  it('all at once changes what is unread and not dismissed, beyond the listed ones too, and counts it', async () => {
    const [first, second] = await fill(55);
    await post(`${first}/read`);
    await post(`${second}/dismiss`);
    expect((await post('read-all')).body).toEqual({ count: 53 });
    expect(await count()).toBe(0);
    expect((await post('read-all')).body).toEqual({ count: 0 });
    const [dismissed] = (await list('?includeDismissed=true&limit=100')).filter(({ id }) => id === second);
    expect(dismissed).toMatchObject({ read: false, dismissed: true });
  });

  it('are the same in the other forms of the API', async () => {
    const [first, second, third] = await fill(3);
    await v1('PUT', `/v1/inbox/${first}/read`);
    await v1('PUT', `/v1/inbox/${second}/archived`);
    await v1('DELETE', `/v1/inbox/${third}`);
    const shown = await list('?includeDismissed=true');
    expect(shown.map(({ id, read, dismissed }) => ({ id, read, dismissed }))).toEqual([
      { id: second, read: false, dismissed: true },
      { id: first, read: true, dismissed: false },
    ]);
    expect(idsOf(await list())).toEqual([first]);
    expect((await post(`${third}/read`)).status).toBe(404);
    await post(`${first}/dismiss`);
    expect((await v1('GET', '/v1/inbox')).body.data).toEqual([]);
  });
});

describe('who may', () => {
  it.each([
    { method: 'GET', path: base, scope: 'inbox' },
    { method: 'GET', path: `${base}/unread-count`, scope: 'inbox' },
    { method: 'POST', path: `${base}/read-all`, scope: 'inbox' },
    { method: 'GET', path: `${base}/preferences`, scope: 'preferences' },
    { method: 'GET', path: '/api/monitoring/notifications/channels', scope: 'admin' },
  ] as const)(
    '$method $path needs the scope $scope of a token that has any',
    async ({ method, path, scope }) => {
      const ofScope = await stage.api.makeToken(reader, [scope]);
      expect((await stage.ask(method, path, { token: ofScope })).status).toBe(200);
      const ofOther = await stage.api.makeToken(reader, ['send']);
      const refused = await stage.ask(method, path, { token: ofOther });
      expect(refused).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
    },
  );

  it('is nobody without an organization', async () => {
    const token = await stage.api.makeOperator();
    const refused = await stage.ask('GET', base, { token });
    expect(refused).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});
