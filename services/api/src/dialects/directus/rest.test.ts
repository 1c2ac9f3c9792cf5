import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aggregate,
  createDirectus,
  createNotification,
  createNotifications,
  deleteNotification,
  deleteNotifications,
  readMe,
  readNotification,
  readNotifications,
  rest,
  staticToken,
  updateNotification,
  updateNotifications,
  updateNotificationsBatch,
  withSearch,
} from '@directus/sdk';
import { runSql } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from '../../../test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

/** The real SDK against the real API. */
describe("Directus' SDK over REST", () => {
  let api: TestApi;
  let writer: InboxWriter;
  let [admin, member, other, stranger]: Actor[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    writer = createInboxWriter(api);
    const [home, elsewhere] = [await api.makeOrganization(), await api.makeOrganization()];
    admin = await api.makeUser(home, 'admin');
    member = await api.makeUser(home, 'member');
    other = await api.makeUser(home, 'member');
    stranger = await api.makeUser(elsewhere, 'admin');
  });
  beforeEach(() => runSql(api.databaseUrl, 'delete from notifications'));
  afterAll(async () => {
    await writer.stop();
    await api.stop();
  });

  const as = (actor: Actor | undefined) =>
    createDirectus(api.url)
      .with(staticToken(actor?.token ?? ''))
      .with(rest());
  const id = (actor: Actor | undefined) => actor?.id ?? '';

  it('creates, reads and changes a notification', async () => {
    const sdk = as(admin);
    const made = await sdk.request(createNotification({ recipient: id(member), subject: 'Hi there!' }));
    expect(made).toEqual({
      ...{ id: expect.any(Number), timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/), status: 'inbox' },
      ...{ recipient: id(member), sender: null, subject: 'Hi there!' },
      ...{ message: null, collection: null, item: null },
    });
    const number = made.id;
    expect(Object.keys(made)[0]).toBe('id');
    expect(await as(member).request(readNotification(number, { fields: ['id', 'subject'] }))).toEqual({
      ...{ id: number, subject: 'Hi there!' },
    });
    const changed = await as(member).request(updateNotification(number, { status: 'archived' }));
    expect(changed).toMatchObject({ status: 'archived' });
  });

  it('creates many at once, in their order, or none of them', async () => {
    const bodies = Array.from({ length: 105 }, (_, index) => ({
      ...{ recipient: index % 2 === 0 ? id(member) : id(other), subject: `n${index}`, item: String(index) },
    }));
    const made = await as(admin).request(createNotifications(bodies));
    expect(made.map((one) => one.subject)).toEqual(bodies.map((one) => one.subject));
    const unknown = '01981c5e-8f00-7000-8000-0000000000ff';
    await expect(
      as(admin).request(createNotifications([...bodies.slice(0, 2), { recipient: unknown, subject: 'x' }])),
    ).rejects.toMatchObject({
      errors: [
        {
          message: `Invalid foreign key "${unknown}" for field "recipient" in collection "directus_notifications".`,
          extensions: { code: 'INVALID_FOREIGN_KEY', field: 'recipient', value: unknown },
        },
      ],
    });
    expect(await rows()).toHaveLength(105);
  });

  it('lists by filter, sort, paging and search, by URL and by SEARCH alike', async () => {
    await as(admin).request(
      createNotifications(
        ['alpha', 'beta', 'gamma', 'delta'].map((subject) => ({ recipient: id(member), subject })),
      ),
    );
    const query = {
      fields: ['subject'],
      filter: { subject: { _in: ['alpha', 'beta', 'delta'] } },
      ...{ sort: ['-subject'], limit: 2 },
    };
    const found = [{ subject: 'delta' }, { subject: 'beta' }];
    expect(await as(member).request(readNotifications(query))).toEqual(found);
    expect(await as(member).request(withSearch(readNotifications(query)))).toEqual(found);
    const searched = { search: 'AMM', fields: ['subject'] };
    expect(await as(member).request(readNotifications(searched))).toEqual([{ subject: 'gamma' }]);
    expect(await as(other).request(readNotifications({}))).toEqual([]);
    expect(await as(stranger).request(readNotifications({}))).toEqual([]);
  });

  it('counts and groups', async () => {
    await as(admin).request(
      createNotifications(
        ['inbox', 'inbox', 'archived'].map((status) => ({ recipient: id(member), subject: 's', status })),
      ),
    );
    const counted = aggregate('directus_notifications', {
      ...{ aggregate: { count: '*' }, groupBy: ['status'], query: { sort: ['status'] } },
    } as never);
    expect(await as(admin).request(counted)).toEqual([
      { status: 'archived', count: '1' },
      { status: 'inbox', count: '2' },
    ]);
  });

  it('expands who is told and who told it, for members themselves only', async () => {
    const sdk = as(admin);
    await sdk.request(createNotification({ recipient: id(member), sender: id(other), subject: 's' }));
    const query = { fields: ['subject', { recipient: ['id'] }, { sender: ['id'] }] as const };
    expect(await as(admin).request(readNotifications(query as never))).toEqual([
      { subject: 's', recipient: { id: id(member) }, sender: { id: id(other) } },
    ]);
    expect(await as(member).request(readNotifications(query as never))).toEqual([
      { subject: 's', recipient: { id: id(member) }, sender: null },
    ]);
  });

  it('changes several alike and each by itself, and gives a row to somebody else', async () => {
    const made = await as(admin).request(
      createNotifications(['a', 'b', 'c'].map((subject) => ({ recipient: id(member), subject }))),
    );
    const [a, b, c] = made.map((one) => Number(one.id));
    const alike = await as(admin).request(updateNotifications([a, b] as never, { item: '42' }));
    expect(alike.map((one) => one.item)).toEqual(['42', '42']);
    await as(admin).request(
      updateNotificationsBatch([
        { id: a, subject: 'A' },
        { id: c, recipient: id(other) },
      ] as never),
    );
    expect(await as(other).request(readNotifications({ fields: ['id', 'subject'] }))).toEqual([
      { id: c, subject: 'c' },
    ]);
    expect(await as(member).request(readNotifications({ fields: ['id', 'subject'] }))).toEqual([
      { id: a, subject: 'A' },
      { id: b, subject: 'b' },
    ]);
  });

  it('answers each of many that come at once with its own row, in the shape that it asked for', async () => {
    const shapes = [
      { query: {}, keys: 9 },
      { query: { fields: ['subject', { recipient: ['id'] }] }, keys: 2 },
      { query: { fields: ['subject', 'id'], limit: 1 }, keys: 2 },
    ];
    const asked = Array.from({ length: 60 }, (_, at) => ({
      ...{ subject: `Number ${at}`, keys: shapes[at % 3]?.keys },
      query: shapes[at % 3]?.query ?? {},
    }));
    const made = await Promise.all(
      asked.map(({ subject, query }) =>
        as(admin).request(createNotification({ recipient: id(member), subject }, query as never)),
      ),
    );
    expect(made.map((row) => ({ subject: row.subject, keys: Object.keys(row).length }))).toEqual(
      asked.map(({ subject, keys }) => ({ subject, keys })),
    );
    expect(made[1]?.recipient).toEqual({ id: id(member) });
  });

  it('deletes one and several; what is gone is no error', async () => {
    const made = await as(admin).request(
      createNotifications(['a', 'b', 'c'].map((subject) => ({ recipient: id(member), subject }))),
    );
    const ids = made.map((one) => one.id);
    await as(admin).request(deleteNotification(ids[0] as never));
    await as(admin).request(deleteNotification(ids[0] as never));
    await as(admin).request(deleteNotifications(ids.slice(0, 2) as never));
    expect(await as(member).request(readNotifications({ fields: ['subject'] }))).toEqual([{ subject: 'c' }]);
  });

  it('takes filters of 32 levels in a body as in a URL, and refuses deeper ones in the same words', async () => {
    await as(admin).request(createNotification({ recipient: id(member), subject: 'deep' }));
    const nested = (levels: number): never => {
      let filter: object = { status: { _in: ['inbox'] } };
      for (let level = 2; level < levels; level += 1) filter = { _and: [filter] };
      return filter as never;
    };
    const ways = [
      (levels: number) => readNotifications({ fields: ['subject'], filter: nested(levels) }),
      (levels: number) => withSearch(readNotifications({ fields: ['subject'], filter: nested(levels) })),
    ];
    for (const way of ways) {
      expect(await as(member).request(way(32) as never)).toEqual([{ subject: 'deep' }]);
      await expect(as(member).request(way(33) as never)).rejects.toMatchObject({
        errors: [{ message: 'Invalid query. A query must not be nested deeper than 32 levels.' }],
      });
    }
  });

  it('tells who is signed in', async () => {
    const me = await as(member).request(readMe({ fields: ['id', 'status'] }));
    expect(me).toEqual({ id: id(member), status: 'active' });
  });

  it.each([
    { name: 'create', run: () => createNotification({ recipient: id(member), subject: 's' }) },
    { name: 'delete', run: () => deleteNotification(1 as never) },
  ])('lets no member $name', async ({ run }) => {
    await expect(as(member).request(run() as never)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it("takes an admin's token without the scope of admins for a member's", async () => {
    const made = await as(admin).request(createNotification({ recipient: id(member), subject: 's' }));
    const own = await as(admin).request(createNotification({ recipient: id(admin), subject: 'own' }));
    const limited = as({ ...(admin as Actor), token: await api.makeToken(admin as Actor, ['inbox']) });
    expect(await limited.request(readNotifications({ fields: ['id'] }))).toEqual([{ id: own.id }]);
    const forbidden = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
    for (const attempt of [
      createNotification({ recipient: id(member), subject: 's' }),
      updateNotification(made.id as never, { status: 'archived' }),
      deleteNotification(made.id as never),
    ])
      await expect(limited.request(attempt as never)).rejects.toMatchObject(forbidden);
    const whole = as({ ...(admin as Actor), token: await api.makeToken(admin as Actor, ['inbox', 'admin']) });
    expect(await whole.request(readNotifications({ fields: ['id'] }))).toHaveLength(2);
  });

  it('lets a member change the status of the own rows and nothing else', async () => {
    const made = await as(admin).request(createNotification({ recipient: id(member), subject: 's' }));
    const number = made.id;
    await expect(as(member).request(updateNotification(number, { subject: 'x' }))).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('field "subject"'), extensions: { code: 'FORBIDDEN' } }],
    });
    await expect(as(other).request(updateNotification(number, { status: 'x' }))).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('perform "update" for the field(s) "status"') }],
    });
  });

  it('shows what came in through /v1, and /v1 what came in here', async () => {
    const placed = await writer.place(member as Actor, { title: 'From elsewhere', body: '**told**' });
    expect(await as(member).request(readNotifications({ fields: ['subject', 'message'] }))).toEqual([
      { subject: 'From elsewhere', message: '**told**' },
    ]);
    const [row] = await as(member).request(readNotifications({ fields: ['id'] }));
    await as(member).request(updateNotification(row?.id as never, { status: 'archived' }));
    const { body } = await api.ask('GET', `/v1/inbox/${placed}`, { token: member?.token });
    expect(body.archived_at).not.toBeNull();
    await as(member).request(updateNotification(row?.id as never, { status: 'inbox' }));
    const list = await api.ask('GET', '/v1/inbox', { token: member?.token });
    expect(list.body.data.map((item: { id: string }) => item.id)).toEqual([placed]);
  });

  async function rows(): Promise<Record<string, unknown>[]> {
    return runSql(api.databaseUrl, 'select id from notifications');
  }
});
