import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import { explainQueries } from '../../test/statements.ts';
import {
  fillInbox,
  makeChannel,
  makeOrganization,
  makeUser,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';
import {
  changeInboxItems,
  getInboxItem,
  inboxVerbs,
  loadInboxSummary,
  readAll,
  type InboxItem,
  type InboxVerb,
} from './inbox.ts';
import { readInboxPage, readInboxSummary, type InboxPage, type InboxStatus } from './inbox-pages.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId);
});
afterAll(() => store.stop());

async function makeInbox(count: number): Promise<{ userId: UserId; ids: NotificationId[] }> {
  const userId = await makeUser(store.db, organizationId);
  return {
    userId,
    ids: await fillInbox(store.db, organizationId, userId, count, { title: 'T', body: 'secret' }),
  };
}
const readAllOf = (userId: UserId, upTo: number) =>
  readAll(organizationId, userId, upTo, (work) => inTransaction(store.db, work));
const edgeOf = (item: InboxItem, direction: 'next' | 'prev' = 'next') => ({
  ...{ inboxAt: item.inbox_at, id: item.id, direction },
});
const list = async (userId: UserId, page: InboxPage, db = store.db) =>
  (await readInboxPage(db, { organizationId, userId }, page)).items;
const idsIn = async (userId: UserId, status: InboxStatus) =>
  (await list(userId, { status, limit: 200 })).map((item) => item.id).toSorted();

describe('paging through an inbox', () => {
  it('shows every item once, newest first, while new ones arrive', async () => {
    const { userId, ids } = await makeInbox(0);
    for (let batch = 0; batch < 5; batch += 1)
      ids.push(...(await fillInbox(store.db, organizationId, userId, 5)));
    const seen: InboxItem[] = [];
    for (let pages = 0; pages < 9; pages += 1) {
      const last = seen.at(-1);
      const edge = last === undefined ? undefined : edgeOf(last);
      seen.push(...(await list(userId, { status: 'all', limit: 3, edge })));
      await fillInbox(store.db, organizationId, userId, 2);
    }
    expect(seen.map((item) => item.id).toSorted()).toEqual(ids.toSorted());
    const order = seen.map((item) => `${item.inbox_at.toISOString()} ${item.id}`);
    expect(order).toEqual(order.toSorted().toReversed());
    const back = await list(userId, {
      status: 'all',
      limit: 2,
      edge: edgeOf(seen[4] as InboxItem, 'prev'),
    });
    expect(back.map((item) => item.id)).toEqual([seen[3]?.id, seen[2]?.id]);
  });

  it.each([
    { name: 'asked anew', prepares: false },
    { name: 'kept, whose plan is made without arguments after some runs', prepares: true },
  ])('finds nothing behind another wall, by statements $name', async ({ prepares }) => {
    const userId = await makeUser(store.db, organizationId);
    const page = { status: 'all', limit: 3 } as const;
    const api = store.connect('carillon_api', 1, prepares);
    const reader = { organizationId, userId };
    const state = { head: 0, resyncBelow: 0, unread: 0, unseen: 0 };
    expect(await readInboxPage(api, reader, page)).toEqual({ summary: state, items: [] });
    expect(await readInboxSummary(api, reader)).toEqual(state);
    await fillInbox(store.db, organizationId, userId, 2);
    const stranger = { organizationId: await makeOrganization(store.db), userId };
    for (let runs = 0; runs < 8; runs += 1) {
      expect((await readInboxPage(api, reader, page)).items).toHaveLength(2);
      expect(await readInboxSummary(api, reader)).toMatchObject({ unread: 2 });
      await expect(readInboxPage(api, stranger, page)).rejects.toThrow('There is no such user');
      await expect(readInboxSummary(api, stranger)).rejects.toThrow('There is no such user');
    }
  });

  it('stands behind its wall where all tables are small, and their rows may be read in any order', async () => {
    const small = await openTestStore();
    try {
      const organization = await makeOrganization(small.db);
      const userId = await makeUser(small.db, organization);
      await fillInbox(small.db, organization, userId, 1);
      await small.rows('vacuum analyze');
      const api = small.connect('carillon_api', 1);
      const reader = { organizationId: organization, userId };
      expect(await readInboxSummary(api, reader)).toMatchObject({ unread: 1 });
      expect((await readInboxPage(api, reader, { status: 'all', limit: 3 })).items).toHaveLength(1);
    } finally {
      await small.stop();
    }
  });

  it('keeps to category, environment and project', async () => {
    const userId = await makeUser(store.db, organizationId);
    const content = { category: 'deploys', environment: 'prod', project: 'p' };
    const [id] = await fillInbox(store.db, organizationId, userId, 1, content);
    await fillInbox(store.db, organizationId, userId, 1);
    for (const filter of [{ category: 'deploys' }, { environment: 'prod' }, { project: 'p' }, content]) {
      const items = await list(userId, { status: 'all', limit: 10, ...filter });
      expect(items.map((item) => item.id)).toEqual([id]);
    }
    expect(await list(userId, { status: 'all', limit: 10, category: 'none' })).toEqual([]);
  });
});

describe('what can be done to items', () => {
  const expected: Record<InboxVerb, { in: InboxStatus[]; unread: number; unseen: number }> = {
    read: { in: ['all', 'read'], unread: 0, unseen: 0 },
    unread: { in: ['all', 'unread'], unread: 1, unseen: 0 },
    seen: { in: ['all', 'unread'], unread: 1, unseen: 0 },
    unseen: { in: ['all', 'unread'], unread: 1, unseen: 1 },
    archive: { in: ['archived'], unread: 0, unseen: 0 },
    unarchive: { in: ['all', 'unread'], unread: 1, unseen: 1 },
    dismiss: { in: ['archived'], unread: 0, unseen: 0 },
    acknowledge: { in: ['all', 'read'], unread: 0, unseen: 0 },
    delete: { in: [], unread: 0, unseen: 0 },
  };
  const firstVerb: Partial<Record<InboxVerb, InboxVerb>> = {
    unread: 'read',
    unseen: 'seen',
    unarchive: 'archive',
  };

  it.each([...inboxVerbs])('%s changes lists and counts once, and twice is once', async (verb) => {
    const { userId, ids } = await makeInbox(1);
    const first = firstVerb[verb];
    if (first !== undefined) await changeInboxItems(store.db, userId, ids, first);
    const before = await loadInboxSummary(store.db, userId);
    const change = await changeInboxItems(store.db, userId, ids, verb);
    expect(change).toEqual({ found: ids, changed: ids, head: before.head + 1 });
    for (const status of ['all', 'unread', 'read', 'archived'] as const) {
      expect([status, await idsIn(userId, status)]).toEqual([
        status,
        expected[verb].in.includes(status) ? ids : [],
      ]);
    }
    const { unread, unseen } = expected[verb];
    expect(await loadInboxSummary(store.db, userId)).toEqual({
      unread,
      unseen,
      head: before.head + 1,
      resyncBelow: 0,
    });
    const again = await changeInboxItems(store.db, userId, ids, verb);
    expect(again).toEqual({ found: verb === 'delete' ? [] : ids, changed: [], head: undefined });
    expect((await loadInboxSummary(store.db, userId)).head).toBe(before.head + 1);
  });

  it('leaves what was archived or dismissed in the list that has both, newest first, and nothing else', async () => {
    const { userId, ids } = await makeInbox(6);
    const [live, archived, dismissed, deleted, snoozed, expired] = ids;
    const verbs = { archive: archived, dismiss: dismissed, delete: deleted };
    for (const [verb, id] of Object.entries(verbs)) {
      await changeInboxItems(store.db, userId, id === undefined ? [] : [id], verb as InboxVerb);
    }
    const until = "carillon_now() + interval '1 hour'";
    await store.rows(`update notifications set snoozed_until = ${until} where id = $1`, [snoozed]);
    await store.rows('update notifications set expired_at = carillon_now() where id = $1', [expired]);
    const items = await list(userId, { status: 'with_archived', limit: 10 });
    expect(items.map(({ id }) => id).toSorted()).toEqual([live, archived, dismissed].map(String).toSorted());
    const order = items.map((item) => [item.inbox_at.getTime(), item.id].join(' '));
    expect(order).toEqual(order.toSorted().toReversed());
    await store.rows(`update notifications set snoozed_until = ${until} where id = $1`, [archived]);
    expect(await idsIn(userId, 'with_archived')).toEqual([live, archived, dismissed].map(String).toSorted());
  });

  it('finds nothing of another user', async () => {
    const { ids } = await makeInbox(1);
    const other = await makeUser(store.db, organizationId);
    expect(await changeInboxItems(store.db, other, ids, 'delete')).toEqual({
      found: [],
      changed: [],
      head: undefined,
    });
    const get = getInboxItem(store.db, other, ids[0] as NotificationId);
    await expect(get).rejects.toMatchObject({ code: 'inbox.not_found' });
  });
});

describe('a deleted item', () => {
  it('leaves a tombstone without content, in its deliveries too, and cancels what was pending', async () => {
    const { userId, ids } = await makeInbox(2);
    const [sent, pending] = ids as [NotificationId, NotificationId];
    await store.rows(
      `update deliveries set message = '{"text": "secret"}', state = case when notification_id = $1 then 'sent'
       else 'pending' end where notification_id = any($2)`,
      [sent, ids],
    );
    await changeInboxItems(store.db, userId, ids, 'delete');
    const rows = await store.rows('select * from notifications where id = any($1) order by id', [ids]);
    for (const row of rows) {
      expect(row).toMatchObject({ title: '', body: '', data: {}, decisions: null, placed_sequence: '1' });
      expect(row['deleted_at']).not.toBeNull();
    }
    expect(JSON.stringify(rows)).not.toContain('secret');
    const deliveries = await store.rows(
      'select notification_id as id, state, reason, message from deliveries where notification_id = any($1) order by 1',
      [ids],
    );
    expect(deliveries).toEqual([
      { id: sent, state: 'sent', reason: null, message: null },
      { id: pending, state: 'cancelled', reason: 'notification_deleted', message: null },
    ]);
    await expect(getInboxItem(store.db, userId, sent)).rejects.toMatchObject({ code: 'inbox.not_found' });
  });
});

describe('an acknowledged item', () => {
  it('cancels what waits to be sent for it, and leaves what was sent and what is of others alone', async () => {
    const { userId, ids } = await makeInbox(3);
    const [sent, held, other] = ids as [NotificationId, NotificationId, NotificationId];
    await store.rows(
      `update deliveries set message = '{"text": "secret"}', reason = case when state = 'sent' then null
         else 'quiet_hours' end, not_before = carillon_now() + interval '1 hour'
       where notification_id = any($1)`,
      [ids],
    );
    await store.rows("update deliveries set state = 'sent' where notification_id = $1", [sent]);
    await store.rows("update deliveries set state = 'pending' where notification_id = any($1)", [
      [held, other],
    ]);
    await changeInboxItems(store.db, userId, [sent, held], 'acknowledge');
    const deliveries = await store.rows(
      'select notification_id as id, state, message from deliveries where notification_id = any($1) order by 1',
      [ids],
    );
    expect(deliveries).toEqual([
      { id: sent, state: 'sent', message: { text: 'secret' } },
      { id: held, state: 'cancelled', message: null },
      { id: other, state: 'pending', message: { text: 'secret' } },
    ]);
    const item = await getInboxItem(store.db, userId, held);
    expect(item.acknowledged_at).toEqual(item.read_at);
    expect(item.acknowledged_at).toEqual(item.seen_at);
  });

  it('stays acknowledged, and keeps when it was read before', async () => {
    const { userId, ids } = await makeInbox(1);
    const [id] = ids as [NotificationId];
    await store.rows(
      "update notifications set read_at = '2026-01-01', seen_at = '2026-01-01' where id = $1",
      [id],
    );
    await changeInboxItems(store.db, userId, ids, 'acknowledge');
    const { acknowledged_at: at, read_at: readAt } = await getInboxItem(store.db, userId, id);
    expect(readAt?.toISOString()).toContain('2026-01-01');
    await changeInboxItems(store.db, userId, ids, 'unread');
    expect(await getInboxItem(store.db, userId, id)).toMatchObject({ acknowledged_at: at, read_at: null });
  });
});

describe('marking all as read', () => {
  it('leaves what arrived later unread', async () => {
    const { userId } = await makeInbox(3);
    const { head } = await loadInboxSummary(store.db, userId);
    const [late] = await fillInbox(store.db, organizationId, userId, 1);
    expect(await readAllOf(userId, head)).toEqual({ changed: 3, head: head + 2 });
    expect(await idsIn(userId, 'unread')).toEqual([late]);
    expect(await readAllOf(userId, head)).toEqual({ changed: 0, head: undefined });
  });

  it('goes in chunks of five thousand, each a change of its own', async () => {
    const { userId } = await makeInbox(1);
    await store.rows(
      `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at,
         inbox_at, placed_sequence, changed_sequence)
       select gen_random_uuid(), $1, 1000000 + n, $2, $2, 'x', carillon_now(), carillon_now(), 1, 1
       from generate_series(1, 11000) n`,
      [organizationId, userId],
    );
    expect(await readAllOf(userId, 1)).toEqual({ changed: 11_001, head: 4 });
    const rows = await store.rows(
      'select count(*)::int from notifications where recipient_id = $1 group by changed_sequence order by 1',
      [userId],
    );
    expect(rows.map((row) => row['count'])).toEqual([1_001, 5_000, 5_000]);
    expect((await loadInboxSummary(store.db, userId)).unread).toBe(0);
  });
});

describe('an inbox of many among many', () => {
  it('is listed and counted by its indexes alone, behind the wall between organizations too', async () => {
    const { userId } = await makeInbox(1);
    await store.rows(
      `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at,
         inbox_at, placed_sequence, changed_sequence)
       select gen_random_uuid(), $1, 2000000 + n, $2, case when n % 100 = 0 then $2 else gen_random_uuid() end, 'x',
         carillon_now(), carillon_now() - n * interval '1 second', 1, 1
       from generate_series(1, 50000) n`,
      [organizationId, userId],
    );
    await store.rows('vacuum analyze notifications');
    for (const role of ['carillon_system', 'carillon_api'] as const) {
      const listFirst = (db: Database) => list(userId, { status: 'all', limit: 20 }, db);
      const listing = await explainQueries(store, listFirst, role);
      expect(listing).toContain('Index Scan using notifications_inbox');
      expect(listing).not.toMatch(/Seq Scan|Sort/);
      const counting = await explainQueries(
        store,
        (db) => readInboxSummary(db, { organizationId, userId }),
        role,
      );
      expect(counting).toContain('Index Only Scan using notifications_unread');
      expect(counting).not.toContain('Seq Scan on notifications');
    }
  });
});
