import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, TriggerId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { explainQueries } from '../../test/statements.ts';
import {
  accept,
  dispatch,
  idsOf,
  makeChannel,
  makeOrganization,
  makeRequest,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { insertNotifications } from './accept.ts';
import {
  cancelNotifications,
  countCancellable,
  findCancelRange,
  walkCancelRange,
  type CancelCandidate,
  type CancelSelection,
} from './cancel.ts';
import { loadInboxSummary } from './inbox.ts';

let store: TestStore;
let organizationId: OrganizationId;
let users: UserId[];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId);
  users = [await makeUser(store.db, organizationId), await makeUser(store.db, organizationId)];
});

const acceptAll = (content = {}) => accept(store.db, organizationId, users, { title: 'secret', ...content });

async function select(selection: CancelSelection, looked = 2): Promise<CancelCandidate[]> {
  const range = await findCancelRange(store.db, organizationId, selection);
  const all: CancelCandidate[] = [];
  let from: number | undefined = range.from;
  while (from !== undefined) {
    const step = { selection, range: { from, end: range.end }, looked };
    const { found, next } = await walkCancelRange(store.db, organizationId, step);
    all.push(...found);
    from = next;
  }
  return all;
}
const idsFound = async (selection: CancelSelection) => (await select(selection)).map((one) => one.id);
const cancel = async (selection: CancelSelection, withdraw = false) =>
  cancelNotifications(store.db, organizationId, await select(selection), withdraw);

const none = { cancelled: 0, inFlight: 0, sent: 0 };
const everything: CancelSelection = {};

describe('looking for what is to be cancelled', () => {
  it('finds those of one call, wherever their ids stand', async () => {
    await acceptAll();
    const request = makeRequest(organizationId, users);
    const triggerId = request.triggers[0]?.id as TriggerId;
    await insertNotifications(store.db, [request]);
    // A later part of the same call, hours after it, between rows of others.
    await advanceDatabaseClock(store, 3 * 3_600_000);
    const [late] = (await acceptAll()) as [NotificationId];
    await store.rows('update notifications set trigger_id = $1 where id = $2', [triggerId, late]);
    expect((await idsFound({ triggerId })).toSorted()).toEqual([...idsOf(request), late].toSorted());
  });

  it('finds those of templates and of a category, and nothing of another organization', async () => {
    const [one, two] = (await acceptAll({ category: 'news' })) as [NotificationId, NotificationId];
    const template = newId();
    await store.rows('update notifications set template_id = $1 where id = $2', [template, one]);
    expect(await idsFound({ templateIds: [template] })).toEqual([one]);
    expect(await idsFound({ templateIds: [template], category: 'other' })).toEqual([]);
    expect(await idsFound({ category: 'news' })).toEqual([one, two]);
    organizationId = await makeOrganization(store.db);
    expect(await idsFound({ templateIds: [template] })).toEqual([]);
  });

  it('finds those of a time, its first instant in, its last out', async () => {
    const made: { id: NotificationId; at: Date }[] = [];
    for (let day = 0; day < 9; day += 1) {
      const [id] = (await accept(store.db, organizationId, [users[0] as UserId])) as [NotificationId];
      const [row] = await store.rows('select created_at from notifications where id = $1', [id]);
      made.push({ id, at: row?.['created_at'] as Date });
      await advanceDatabaseClock(store, 86_400_000);
    }
    const [createdAfter, createdBefore] = [made[2]?.at, made[6]?.at];
    expect(await idsFound({ createdAfter, createdBefore })).toEqual(made.slice(2, 6).map((one) => one.id));
    // The walk is not longer than it has to be: a day lies between two rows, an hour is the margin.
    const range = await findCancelRange(store.db, organizationId, { createdAfter, createdBefore });
    expect(range).toEqual({ from: 3, end: 8 });
    const later = new Date((made[8]?.at.getTime() ?? 0) + 86_400_000);
    expect(await findCancelRange(store.db, organizationId, { createdAfter: later })).toEqual({
      ...{ from: 10, end: 10 },
    });
  });

  it('walks past what was deleted', async () => {
    const ids = [...(await acceptAll()), ...(await acceptAll()), ...(await acceptAll())];
    await store.rows('update notifications set deleted_at = carillon_now() where id = any($1)', [
      ids.slice(1, 5),
    ]);
    expect(await idsFound(everything)).toEqual([ids[0], ids[5]]);
  });

  it('reads notifications_number, a bounded stretch at a time', async () => {
    await store.rows(
      `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title)
       select gen_random_uuid(), $1, n, $1, $1, 'x' from generate_series(1, 20000) n`,
      [organizationId],
    );
    await store.rows('update organization_numbers set next_number = 20001 where organization_id = $1', [
      organizationId,
    ]);
    await store.rows('analyze notifications');
    const plan = await explainQueries(store, async (db) => {
      const selection = { createdAfter: new Date(0), createdBefore: new Date('2100-01-01') };
      const range = await findCancelRange(db, organizationId, selection);
      await walkCancelRange(db, organizationId, { selection, range, looked: 1_000 });
    });
    expect(plan).toContain('notifications_number');
    expect(plan).not.toMatch(/Seq Scan on notifications/);
  });
});

describe('cancelling many', () => {
  it('before the dispatch keeps all of them out of their inboxes, and twice changes nothing', async () => {
    const ids = await acceptAll();
    expect(await cancel(everything)).toEqual({ ...none, cancelled: 2, heads: [] });
    const before = await store.rows('select xmin, * from notifications where id = any($1)', [ids]);
    expect(await cancel(everything)).toEqual({ ...none, heads: [] });
    expect(await store.rows('select xmin, * from notifications where id = any($1)', [ids])).toEqual(before);
    expect(await dispatch(store.db, ids)).toEqual([]);
  });

  it('after it stops what has not begun, and tells what it cannot take back', async () => {
    const ids = [...(await acceptAll()), ...(await acceptAll())];
    await dispatch(store.db, ids);
    await store.rows("update deliveries set state = 'sent' where notification_id = $1", [ids[0]]);
    await store.rows("update deliveries set state = 'sending' where notification_id = $1", [ids[1]]);
    const expected = { cancelled: 2, inFlight: 1, sent: 1 };
    expect(await countCancellable(store.db, organizationId, await select(everything))).toEqual(expected);
    expect(await cancel(everything)).toEqual({ ...expected, heads: [] });
    const states = await store.rows(
      'select state, reason from deliveries where notification_id = any($1) order by notification_id',
      [ids.slice(2)],
    );
    const cancelled = { state: 'cancelled', reason: 'notification_cancelled' };
    expect(states).toEqual([cancelled, cancelled]);
    expect(await cancel(everything)).toEqual({ ...none, inFlight: 1, sent: 1, heads: [] });
  });

  it('with withdraw takes them out of their inboxes, one change for each user, leaving no content', async () => {
    const ids = [...(await acceptAll()), ...(await acceptAll())];
    await dispatch(store.db, ids);
    const before = await Promise.all(users.map((id) => loadInboxSummary(store.db, id)));
    await cancel(everything);
    const { heads } = await cancel(everything, true);
    expect(heads.toSorted((a, b) => a.user_id.localeCompare(b.user_id))).toEqual(
      users
        .map((user_id, index) => ({ user_id, head: (before[index]?.head ?? 0) + 1 }))
        .toSorted((a, b) => a.user_id.localeCompare(b.user_id)),
    );
    for (const id of users) expect(await loadInboxSummary(store.db, id)).toMatchObject({ unread: 0 });
    const rows = await store.rows('select * from notifications where id = any($1)', [ids]);
    expect(JSON.stringify(rows)).not.toContain('secret');
    expect(await select(everything)).toEqual([]);
  });

  it('raced by a dispatch leaves either nothing placed or nothing pending', async () => {
    const ids = await accept(
      ...([store.db, organizationId] as const),
      Array.from({ length: 40 }, (_one, index) => users[index % 2] as UserId),
    );
    await Promise.all([dispatch(store.db, ids.slice(0, 20)), cancel(everything), dispatch(store.db, ids)]);
    const rows = await store.rows(
      `select n.id from notifications n left join deliveries d on d.notification_id = n.id and d.state = 'pending'
       where n.id = any($1) and (n.dispatched_at is null or d.id is not null)`,
      [ids],
    );
    expect(rows).toEqual([]);
  });

  it('does nothing to ids of another organization', async () => {
    await acceptAll();
    const candidates = await select(everything);
    const other = await makeOrganization(store.db);
    expect(await cancelNotifications(store.db, other, candidates, true)).toEqual({ ...none, heads: [] });
    expect(await countCancellable(store.db, organizationId, candidates)).toEqual({ ...none, cancelled: 2 });
  });
});
