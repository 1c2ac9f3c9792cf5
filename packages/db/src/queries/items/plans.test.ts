import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ItemCondition, ItemQuery, OrganizationId, UserId } from '@carillon/core';
import { explainQueries } from '../../../test/statements.ts';
import { makeOrganization, makeUser, openTestStore, type TestStore } from '../../../test/store.ts';
import { aggregateNotificationItems } from './aggregate.ts';
import { countNotificationItems, listNotificationItems, listNotificationKeys } from './list.ts';
import type { ItemScope } from './source.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;

beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId, { email: 'one@example.com' });
  await store.rows(manyRows, [organizationId, userId]);
  await store.rows('analyze notifications');
}, 120_000);
afterAll(() => store.stop());

/** One organization; of its rows each thousandth is the user's, the newest are all the user's, and some of them wait. */
const manyRows = `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, body,
    created_at, inbox_at, dispatched_at, placed_sequence, inbox_always)
  select gen_random_uuid(), $1, n, gen_random_uuid(), case when n % 1000 = 0 or n > 99800 then $2 else
      ('00000000-0000-4000-8000-' || lpad((n % 997)::text, 12, '0'))::uuid end, 'Title ' || n, 'Body',
    t, case when n % 7 > 0 then t end, case when n % 7 > 0 then t end, case when n % 7 > 0 then n end, n % 7 = 0
  from (select n, timestamptz '2026-01-01Z' + n * interval '1 minute' as t from generate_series(1, 100000) n) s`;

const ownRows = `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, inbox_at,
    dispatched_at, placed_sequence)
  select gen_random_uuid(), $1, n, gen_random_uuid(), $2, 'Title ' || n, now_ + n * interval '1 s', now_, n
  from generate_series(1, 20000) n, (select carillon_now() as now_) c`;

const everything: ItemQuery = {
  selection: [
    { name: 'id', field: 'number' },
    { name: 'subject', field: 'title' },
    { name: 'sender', relation: 'sender', filter: undefined, fields: [{ name: 'email', field: 'email' }] },
  ],
  ...{ filter: undefined, search: undefined, numbers: undefined, sort: [] },
  ...{ limit: 25, offset: 0, counts: { total: true, filtered: true }, aggregation: undefined },
};

function scopeOf(own: boolean): ItemScope {
  const now = new Date('2026-02-10T12:00:00.000Z');
  return { organizationId, userId: own ? userId : undefined, currentUser: userId, now };
}

const isOfUser = (): ItemCondition => ({
  ...{ is: 'test', operand: { column: { of: 'item', field: 'recipient' } } },
  test: { op: 'equals', value: userId },
});
const contains: ItemCondition = {
  ...{ is: 'test', operand: { column: { of: 'item', field: 'title' } } },
  test: { op: 'like', at: 'anywhere', text: '99', ignoreCase: true },
};

const questions: { name: string; query: Partial<ItemQuery> }[] = [
  { name: 'by number', query: {} },
  {
    name: 'newest number first',
    query: { sort: [{ column: { of: 'item', field: 'number' }, descending: true }] },
  },
  { name: 'by time', query: { sort: [{ column: { of: 'item', field: 'timestamp' }, descending: true }] } },
  {
    name: 'by the sender',
    query: { sort: [{ column: { of: 'sender', field: 'email' }, descending: false }] },
  },
  { name: 'with a filter', query: { filter: contains } },
  { name: 'with a search', query: { search: { text: '99', number: 99, userId: undefined } } },
  { name: 'far from the start', query: { offset: 200 } },
];

describe.each(questions)('the rows of one recipient among many, $name,', ({ query }) => {
  it.each([
    { name: 'asked by the recipient', own: true },
    { name: 'asked by somebody who sees all', own: false },
  ])('are read from the index of the recipient when $name', async ({ own }) => {
    const filter = own ? query.filter : joined(query.filter);
    const full = { ...everything, ...query, filter };
    const scope = scopeOf(own);
    const answered: number[] = [];
    const plan = await explainQueries(store, async (db) => {
      answered.push((await listNotificationItems(db, scope, full)).length);
      answered.push((await listNotificationKeys(db, scope, full, 25)).length);
      const count = await countNotificationItems(db, scope, {
        ...full,
        counts: { total: own, filtered: true },
      });
      const values = [{ fn: 'count', field: undefined, path: ['count'] }] as const;
      const rows = await aggregateNotificationItems(
        db,
        scope,
        { ...full, offset: 0 },
        { groups: [], values, sort: [] },
      );
      answered.push(count.filtered ?? 0);
      expect(rows[0]?.values).toEqual([String(count.filtered)]);
    });
    expect(answered.every((count) => count > 0)).toBe(true);
    expect(plan).toContain('notifications_of_recipient');
    expect(plan).not.toMatch(/Seq Scan on notifications|notifications_number|notifications_undispatched/);
  });
});

function joined(filter: ItemCondition | undefined): ItemCondition {
  return filter === undefined ? isOfUser() : { is: 'every', of: [filter, isOfUser()] };
}

describe('the rows of one recipient who has most of them', () => {
  it.each([
    { name: 'first', query: {} },
    {
      name: 'last',
      query: { sort: [{ column: { of: 'item', field: 'number' }, descending: true } as const] },
    },
    { name: 'of a page', query: { offset: 200 } },
  ])('are walked by number, the $name of them, and not sorted', async ({ query }) => {
    const elsewhere = await makeOrganization(store.db);
    const own = await makeUser(store.db, elsewhere);
    await store.rows(ownRows, [elsewhere, own]);
    await store.rows('analyze notifications');
    const scope = { ...scopeOf(false), organizationId: elsewhere, userId: own };
    const plan = await explainQueries(store, (db) =>
      listNotificationItems(db, scope, { ...everything, ...query }),
    );
    expect(plan).toMatch(/Index Scan (Backward )?using notifications_of_recipient/);
    expect(plan).not.toContain('Sort');
  });
});

describe('the rows of everybody', () => {
  it('are walked by number, not gathered and sorted', async () => {
    const plan = await explainQueries(store, (db) => listNotificationItems(db, scopeOf(false), everything));
    expect(plan).toContain('Index Scan using notifications_number');
    expect(plan).not.toContain('Sort');
  });

  it('are looked up by number where numbers are given', async () => {
    const plan = await explainQueries(store, (db) =>
      listNotificationItems(db, scopeOf(false), { ...everything, numbers: [5, 70_000] }),
    );
    expect(plan).toMatch(/notifications_number[\s\S]*Index Cond: .*number = ANY/);
  });
});
