import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();

let api: TestApi;
let admin: Actor;
let system: Actor;
let member: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());
beforeEach(async () => {
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  system = await api.makeUser(organizationId, 'system');
  member = await api.makeUser(organizationId, 'member');
});

interface Dead {
  id: string;
  notificationId: string;
}

/** A dead letter that was given up so many seconds ago. */
async function make(secondsAgo: number, state = 'dead', category = 'general'): Promise<Dead> {
  const body = { to: [member.id], title: 'secret', category };
  const { body: created } = await api.ask('POST', '/v1/notifications', { token: admin.token, body });
  const notificationId: string = created.notifications[0].id;
  const id = newId();
  await runSql(
    api.databaseUrl,
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state, reason,
       attempts_made, message, settled_at)
     values ($1, $2, $3, $4, 'email', $1, $5, 'attempts_exhausted', 2, '{"title": "kept"}',
       carillon_now() - $6 * interval '1 second')`,
    [id, admin.organizationId, notificationId, member.id, state, secondsAgo],
  );
  await runSql(
    api.databaseUrl,
    `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code)
     values ($1, 2, $2, carillon_now(), 'retry', $3, 503)`,
    [id, admin.organizationId, 'busy '.repeat(1_000)],
  );
  return { id, notificationId };
}

const list = (query = '', token = admin.token): Promise<Answer> =>
  api.ask('GET', `/v1/dead-letters${query}`, { token });
const replay = (body: unknown, token = admin.token): Promise<Answer> =>
  api.ask('POST', '/v1/dead-letters/replay', { token, body });
const ids = (answer: Answer): string[] => answer.body.data.map((one: { id: string }) => one.id);
const nothing = { expired: 0, deleted: 0, cancelled: 0, unknown: 0 };
const storedOf = (id: string) =>
  runSql(api.databaseUrl, 'select state, message, past_expiry from deliveries where id = $1', [id]);

describe('GET /v1/dead-letters', () => {
  it('lists those given up last first, goes both ways, and shows what an operator decides by', async () => {
    const made: string[] = [];
    for (const secondsAgo of [1, 2, 3, 4, 5]) made.push((await make(secondsAgo)).id);
    const first = await list('?limit=2');
    expect(first.body.data[0]).toMatchObject({
      ...{ id: made[0], state: 'dead', reason: 'attempts_exhausted', category: 'general', obstacle: null },
      ...{ last_status_code: 503, template_id: null },
    });
    expect(first.body.data[0].last_reason).toHaveLength(2_048);
    const second = await list(`?limit=2&cursor=${first.body.next_cursor}`);
    const third = await list(`?limit=2&cursor=${second.body.next_cursor}`);
    expect([first, second, third].flatMap(ids)).toEqual(made);
    expect(third.body.next_cursor).toBeNull();
    expect(ids(await list(`?limit=2&cursor=${third.body.prev_cursor}`))).toEqual(ids(second));
    const foreign = await list(`?cursor=${first.body.next_cursor}`, stranger.token);
    expect(foreign.body.code).toBe('cursor.invalid');
  });

  it('keeps to each of its filters', async () => {
    const dead = await make(100, 'dead', 'news');
    const unknown = await make(10, 'unknown');
    await make(1, 'sent');
    const [settled] = await runSql(api.databaseUrl, 'select settled_at::text from deliveries where id = $1', [
      unknown.id,
    ]);
    const at = new Date(String(settled?.['settled_at'])).toISOString();
    expect(ids(await list('?state=unknown'))).toEqual([unknown.id]);
    expect(ids(await list('?category=news'))).toEqual([dead.id]);
    expect(ids(await list(`?settled_after=${at}`))).toEqual([unknown.id]);
    expect(ids(await list(`?settled_before=${at}`))).toEqual([dead.id]);
    expect(ids(await list(`?kind=email&reason=attempts_exhausted&recipient_id=${member.id}`))).toHaveLength(
      2,
    );
    for (const query of ['?kind=webhook', '?reason=rejected', `?recipient_id=${admin.id}`]) {
      expect(ids(await list(query))).toEqual([]);
    }
    const refused = await list('?template=nothing');
    expect(refused).toMatchObject({
      ...{ status: 422, body: { code: 'template.unknown', errors: [{ pointer: '/query/template' }] } },
    });
  });

  it('is for admins and systems, each with their own', async () => {
    const { id } = await make(1);
    expect(ids(await list('', system.token))).toEqual([id]);
    expect(ids(await list('', stranger.token))).toEqual([]);
    expect((await list('', member.token)).body.code).toBe('auth.forbidden');
  });
});

describe('POST /v1/dead-letters/replay', () => {
  it('makes what is named due again, and twice is once', async () => {
    const [one, other] = [await make(1), await make(2)];
    const body = { ids: [one.id, newId()] };
    const expected = { matched: 1, replayed: 1, skipped: nothing };
    expect((await replay({ ...body, dry_run: true })).body).toEqual(expected);
    expect(ids(await list())).toEqual([one.id, other.id]);
    expect((await replay(body)).body).toEqual(expected);
    expect(await storedOf(one.id)).toEqual([
      { state: 'pending', message: { title: 'kept' }, past_expiry: false },
    ]);
    expect((await replay(body)).body).toEqual({ matched: 0, replayed: 0, skipped: nothing });
    expect(ids(await list())).toEqual([other.id]);
  });

  it('takes what a filter finds, and renders it again where that is asked for', async () => {
    const [news, general] = [await make(1, 'dead', 'news'), await make(2)];
    const answer = await replay({ filter: { kind: 'email', category: 'news' }, render: 'fresh' });
    expect(answer.body).toMatchObject({ matched: 1, replayed: 1 });
    expect(await storedOf(news.id)).toMatchObject([{ state: 'pending', message: null }]);
    expect(await storedOf(general.id)).toMatchObject([{ state: 'dead' }]);
  });

  it('leaves out what should not be sent any more, unless it is asked for by name', async () => {
    const made = [await make(1), await make(2), await make(3), await make(4, 'unknown')] as const;
    const change = (set: string, { notificationId }: Dead) =>
      runSql(api.databaseUrl, `update notifications set ${set} where id = $1`, [notificationId]);
    await change("expires_at = carillon_now() - interval '1 second'", made[0]);
    await change('deleted_at = carillon_now()', made[1]);
    await change('cancelled_at = carillon_now()', made[2]);
    expect((await list()).body.data.map((one: { obstacle: string }) => one.obstacle)).toEqual([
      ...['expired', 'deleted', 'cancelled', null],
    ]);
    const body = { filter: { recipient_id: member.id } };
    expect((await replay(body)).body).toEqual({
      ...{ matched: 4, replayed: 0, skipped: { expired: 1, deleted: 1, cancelled: 1, unknown: 1 } },
    });
    const wide = { ...body, include_expired: true, include_unknown: true };
    expect((await replay(wide)).body).toEqual({
      ...{ matched: 4, replayed: 2, skipped: { ...nothing, deleted: 1, cancelled: 1 } },
    });
    expect(await storedOf(made[0].id)).toMatchObject([{ state: 'pending', past_expiry: true }]);
  });

  it.each([
    { name: 'nothing', body: {}, pointer: '' },
    { name: 'ids and a filter', body: { ids: [newId()], filter: { kind: 'email' } }, pointer: '' },
    { name: 'a filter that is empty', body: { filter: {} }, pointer: '/filter' },
    { name: 'no ids at all', body: { ids: [] }, pointer: '/ids' },
    { name: '501 ids', body: { ids: Array.from({ length: 501 }, () => newId()) }, pointer: '/ids' },
    { name: 'an unknown way to render', body: { ids: [newId()], render: 'new' }, pointer: '/render' },
  ])('refuses $name', async ({ body, pointer }) => {
    const answer = await replay(body);
    expect(answer.body.code).toBe('request.invalid');
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('refuses a template that there never was', async () => {
    expect((await replay({ filter: { template: 'nothing' } })).body).toMatchObject({
      ...{ code: 'template.unknown', errors: [{ pointer: '/filter/template' }] },
    });
  });

  it('is for admins of the organization, with the scope for it', async () => {
    const { id } = await make(1);
    for (const token of [system.token, member.token]) {
      expect((await replay({ ids: [id] }, token)).body.code).toBe('auth.forbidden');
    }
    const limited = await api.makeToken(admin, ['send']);
    expect((await replay({ ids: [id] }, limited)).body.code).toBe('auth.scope_missing');
    expect((await replay({ ids: [id] }, stranger.token)).body.matched).toBe(0);
    expect(await storedOf(id)).toMatchObject([{ state: 'dead' }]);
  });

  it('leaves a line in the log with who asked and how many, and none for a dry run', async () => {
    const { id } = await make(1);
    await replay({ ids: [id], dry_run: true });
    await replay({ ids: [id] });
    const lines = api
      .logged()
      .split('\n')
      .filter((line) => line.includes('dead_letters.replayed') && line.includes(admin.id));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { matched: 1, replayed: 1, skipped: nothing, render: 'original', organizationId: admin.organizationId },
    ]);
  });
});
