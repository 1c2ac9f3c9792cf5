import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import { explainQueries } from '../../test/statements.ts';
import { fillInbox, makeOrganization, makeUser, openTestStore, type TestStore } from '../../test/store.ts';
import { changeInboxItems, getInboxItem } from './inbox.ts';
import { listOrganizationHeads, loadHeads, loadInboxDeltas, loadRowDeltas } from './live.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

async function makeInbox(count: number): Promise<{ userId: UserId; ids: NotificationId[] }> {
  const userId = await makeUser(store.db, organizationId);
  const ids: NotificationId[] = [];
  for (let n = 0; n < count; n += 1) ids.push(...(await fillInbox(store.db, organizationId, userId, 1)));
  return { userId, ids };
}
const all = { limit: 100, counts: true };

describe('what changed after a cursor', () => {
  it('is told in the order of changes, tombstones included, with head and counts of the same moment', async () => {
    const { userId, ids } = await makeInbox(4);
    const [a, b, c, d] = ids as [NotificationId, NotificationId, NotificationId, NotificationId];
    await changeInboxItems(store.db, userId, [a], 'read');
    await changeInboxItems(store.db, userId, [c], 'delete');
    const [delta] = await loadInboxDeltas(store.db, [{ userId, after: 1 }], all);
    expect(delta).toMatchObject({ userId, head: 6, resyncBelow: 0, counts: { unread: 2, unseen: 2 } });
    expect(delta?.rows.map((row) => [row.id, row.changed_sequence, row.placed_sequence])).toEqual([
      [b, 2, 2],
      [d, 4, 4],
      [a, 5, 1],
      [c, 6, 3],
    ]);
    expect(delta?.rows.map((row) => row.deleted_at instanceof Date)).toEqual([false, false, false, true]);
  });

  it('has the same values as the item itself, instants to the millisecond', async () => {
    const { userId, ids } = await makeInbox(1);
    await changeInboxItems(store.db, userId, ids, 'read');
    const [delta] = await loadInboxDeltas(store.db, [{ userId, after: 0 }], { limit: 1, counts: false });
    expect(delta?.rows).toEqual([await getInboxItem(store.db, userId, ids[0] as NotificationId)]);
    expect(delta?.counts).toBeUndefined();
  });

  it('is read for many users at once, each from its own cursor, nothing at the head', async () => {
    const [one, two] = [await makeInbox(2), await makeInbox(3)];
    const cursors = [
      { userId: one.userId, after: 2 },
      { userId: two.userId, after: 1 },
    ];
    const deltas = await loadInboxDeltas(store.db, cursors, all);
    const rowsOf = (userId: UserId) =>
      deltas.find((delta) => delta.userId === userId)?.rows.map((row) => row.id);
    expect(rowsOf(one.userId)).toEqual([]);
    expect(rowsOf(two.userId)).toEqual(two.ids.slice(1));
    const limited = await loadInboxDeltas(store.db, cursors, { limit: 1, counts: false });
    expect(limited.map((delta) => delta.rows.length).toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  it('is found by index', async () => {
    const { userId } = await makeInbox(1);
    await store.rows(
      `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, inbox_at,
         placed_sequence, changed_sequence)
       select gen_random_uuid(), $1, 1000 + n, $2, case when n % 50 = 0 then $2 else gen_random_uuid() end, 'x',
         carillon_now(), n, n from generate_series(1, 20000) n`,
      [organizationId, userId],
    );
    await store.rows('analyze notifications');
    const cursors = [{ userId, after: 19_000 }];
    for (const load of [loadRowDeltas, loadInboxDeltas]) {
      const plan = await explainQueries(store, (db) =>
        load === loadRowDeltas ? loadRowDeltas(db, cursors, 100) : loadInboxDeltas(db, cursors, all),
      );
      expect(plan).toContain('Index Scan using notifications_changes');
      expect(plan).not.toContain('Seq Scan on notifications');
    }
  });
});

describe('which rows changed after a cursor', () => {
  it('is told by their numbers, tombstones included, up to a limit, with the head of the same moment', async () => {
    const { userId, ids } = await makeInbox(3);
    const [first, second] = ids as [NotificationId, NotificationId];
    await changeInboxItems(store.db, userId, [first], 'read');
    await changeInboxItems(store.db, userId, [second], 'delete');
    const numberOf = async (id: NotificationId) =>
      (await store.rows('select number from notifications where id = $1', [id]))[0]?.['number'];
    const [delta] = await loadRowDeltas(store.db, [{ userId, after: 2 }], 10);
    expect(delta).toMatchObject({ userId, head: 5 });
    expect(delta?.rows).toMatchObject([
      { placed_sequence: 3, changed_sequence: 3, deleted: false },
      { number: Number(await numberOf(first)), placed_sequence: 1, changed_sequence: 4, deleted: false },
      { number: Number(await numberOf(second)), placed_sequence: 2, changed_sequence: 5, deleted: true },
    ]);
    const nobody = organizationId as string as UserId;
    const limited = await loadRowDeltas(
      store.db,
      [userId, nobody].map((one) => ({ userId: one, after: 0 })),
      2,
    );
    expect(limited.map(({ head, rows }) => [head, rows.length])).toEqual([[5, 2]]);
  });
});

describe('heads', () => {
  it('are read at once, without users who were removed', async () => {
    const [here, gone] = [await makeInbox(2), await makeInbox(1)];
    await deleteUser(store.db, organizationId, gone.userId);
    expect(await loadHeads(store.db, [here.userId, gone.userId])).toEqual([{ userId: here.userId, head: 2 }]);
    expect(await loadHeads(store.db, [])).toEqual([]);
  });

  it('are looked up user by user, also before there are statistics', async () => {
    const fresh = await openTestStore();
    try {
      const crowd = await makeOrganization(fresh.db);
      await fresh.rows(
        `with u as (insert into users (id, organization_id)
           select gen_random_uuid(), $1 from generate_series(1, 3000) returning id, organization_id)
         insert into inbox_state (user_id, organization_id) select id, organization_id from u`,
        [crowd],
      );
      const rows = await fresh.rows('select user_id as id from inbox_state limit 1000');
      const ids = rows.map((row) => row['id'] as UserId);
      const plan = await explainQueries(fresh, (db) => loadHeads(db, ids));
      expect(plan).toContain('Index Scan using users_pkey on users u');
      expect(plan).not.toContain('Seq Scan on users');
      expect(await loadHeads(fresh.db, ids)).toHaveLength(1_000);
    } finally {
      await fresh.stop();
    }
  });

  it('of an organization are those of its users who are there, no more than asked for', async () => {
    const other = await makeOrganization(store.db);
    const [here, gone, quiet] = [
      await makeUser(store.db, other),
      await makeUser(store.db, other),
      await makeUser(store.db, other),
    ];
    await fillInbox(store.db, other, here, 2);
    await deleteUser(store.db, other, gone);
    const heads = await listOrganizationHeads(store.db, other, 10);
    expect(new Map(heads.map(({ userId, head }) => [userId, head]))).toEqual(
      new Map([
        [here, 1],
        [quiet, 0],
      ]),
    );
    expect(await listOrganizationHeads(store.db, other, 1)).toHaveLength(1);
  });
});
