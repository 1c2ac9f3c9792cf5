import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemColumn, ItemQuery, ItemSort, OrganizationId, SelectedField, UserId } from '@carillon/core';
import { valueOf } from '../../../test/item-oracle.ts';
import { makeItemSample, type ItemSample } from '../../../test/item-sample.ts';
import {
  accept,
  dispatch,
  fillInbox,
  makeOrganization,
  makeUser,
  openTestStore,
  type TestStore,
} from '../../../test/store.ts';
import type { Database } from '../../connect.ts';
import { inOrganization } from '../../transactions.ts';
import { cancelNotification } from '../notifications.ts';
import { changeInboxItems } from '../inbox.ts';
import { deleteUser } from '../users.ts';
import { countNotificationItems, listNotificationItems, listNotificationKeys } from './list.ts';
import type { ItemScope } from './source.ts';

let store: TestStore;
let api: Database;
let sample: ItemSample;
let everybody: ItemScope;

beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api', 2);
  sample = await makeItemSample(store);
  everybody = scopeOf(sample.organizationId, undefined, sample.ada);
});
afterAll(() => store.stop());

function scopeOf(organizationId: OrganizationId, userId: UserId | undefined, currentUser: UserId): ItemScope {
  return { organizationId, userId, currentUser, now: new Date('2026-02-10T12:00:00.000Z') };
}

const everything: ItemQuery = {
  ...{ selection: [], filter: undefined, search: undefined, numbers: undefined, sort: [] },
  ...{ limit: 1_000, offset: 0, counts: { total: false, filtered: false }, aggregation: undefined },
};

function list(scope: ItemScope, query: Partial<ItemQuery> = {}) {
  return inOrganization(api, scope.organizationId, (db) =>
    listNotificationItems(db, scope, { ...everything, ...query }),
  );
}
const numbersOf = async (scope: ItemScope, query: Partial<ItemQuery> = {}) =>
  (await list(scope, query)).map((row) => row.number);
const count = (scope: ItemScope, query: Partial<ItemQuery>) =>
  inOrganization(api, scope.organizationId, (db) =>
    countNotificationItems(db, scope, { ...everything, ...query }),
  );

const isInbox: ItemQuery['filter'] = {
  ...{ is: 'test', operand: { column: { of: 'item', field: 'status' } } },
  test: { op: 'equals', value: 'inbox' },
};

describe('the order of a list', () => {
  it('is that of a plain sort, nothing last when ascending and first when descending, then by number', async () => {
    const columns: ItemColumn[] = [
      ...(['number', 'timestamp', 'status', 'recipient', 'sender', 'title', 'body', 'item'] as const).map(
        (field) => ({ of: 'item', field }) as const,
      ),
      ...(['recipient', 'sender'] as const).map((of) => ({ of, field: 'email' }) as const),
    ];
    const keys: fc.Arbitrary<ItemSort> = fc.oneof(
      fc.record({ column: fc.constantFrom(...columns), descending: fc.boolean() }),
      fc.record({
        column: fc.constant<ItemColumn>({ of: 'item', field: 'timestamp' }),
        part: fc.constantFrom('weekday', 'hour', 'week'),
        descending: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { maxLength: 3 }), async (sort) => {
        const expected = sample.items
          .toSorted((a, b) => compare(sort, a, b))
          .map(({ fields }) => fields.number);
        expect(await numbersOf(everybody, { sort })).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('gives pages that follow each other', async () => {
    const sort: ItemSort[] = [{ column: { of: 'item', field: 'status' }, descending: true }];
    const pages = await Promise.all(
      [0, 25, 50, 75].map((offset) => numbersOf(everybody, { sort, offset, limit: 25 })),
    );
    expect(pages.map((page) => page.length)).toEqual([25, 25, 10, 0]);
    expect(pages.flat()).toEqual(await numbersOf(everybody, { sort }));
    expect(await numbersOf(everybody, { limit: 0 })).toEqual([]);
  });
});

type Item = ItemSample['items'][number];

function compare(sort: readonly ItemSort[], a: Item, b: Item): number {
  for (const { column, part, descending } of sort) {
    const order = compareOne(valueOf({ column, part }, a), valueOf({ column, part }, b));
    if (order !== 0) return descending ? -order : order;
  }
  return compareOne(a.fields.number, b.fields.number);
}

function compareOne(a: ReturnType<typeof valueOf>, b: ReturnType<typeof valueOf>): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [left, right] = [a, b].map((one) => (one instanceof Date ? one.getTime() : one)) as [string, string];
  return left < right ? -1 : Number(left > right);
}

describe('what is selected', () => {
  const one = (selection: SelectedField[], scope = everybody, numbers = [1]) =>
    list(scope, { selection, numbers }).then((rows) => rows.map((row) => row.cells));

  it('are values as they are stored, an empty body as none and parts as text', async () => {
    const selection: SelectedField[] = [
      { name: 'id', field: 'number' },
      { name: 't', field: 'timestamp' },
      { name: 'year', field: 'timestamp', part: 'year' },
      { name: 'message', field: 'body' },
      { name: 'again', field: 'title' },
      { name: 'title', field: 'title' },
    ];
    const at = new Date('2026-01-01T00:00:00.000Z');
    expect(await one(selection)).toEqual([[1, at, '2026', null, 'Build ok', 'Build ok']]);
  });

  it('is a user with everything of the profile, never a secret', async () => {
    await store.rows(`update users set password_hash = 'scrypt$secret' where id = $1`, [sample.ada]);
    const selection: SelectedField[] = [
      {
        ...{ name: 'sender', relation: 'sender', filter: undefined },
        fields: (
          [
            'id',
            'first_name',
            'last_name',
            'email',
            'password',
            'tfa_secret',
            'token',
            'tags',
            'language',
            'status',
            'role',
            'email_notifications',
            'avatar',
            'provider',
          ] as const
        ).map((field) => ({ name: field, field })),
      },
    ];
    const [cells] = await one(selection);
    const user = [
      sample.ada,
      'Ada',
      null,
      'ada@example.com',
      '**********',
      null,
      null,
      ['x', 'y'],
      'en',
      'active',
      'admin',
      true,
      null,
      null,
    ];
    expect(cells).toEqual([user]);
  });

  it('is no user where the filter of the relation does not hold, the user is gone or there is none', async () => {
    const filter: SelectedField & { relation: 'sender' } = {
      ...{ name: 'sender', relation: 'sender', fields: [{ name: 'id', field: 'id' }] },
      filter: {
        ...{ is: 'test', operand: { column: { of: 'sender', field: 'email' } } },
        test: { op: 'like', at: 'anywhere', text: 'ADA', ignoreCase: true },
      },
    };
    expect(await one([filter], everybody, [1, 2, 3, 4])).toEqual([[[sample.ada]], [null], [null], [null]]);
    expect(await one([{ ...filter, filter: undefined }], everybody, [1, 2, 3, 4])).toEqual([
      ...[[[sample.ada]], [null], [[sample.bob]], [null]],
    ]);
  });

  it('is no other user for whoever sees only the own rows, in filters and orders neither', async () => {
    const own = scopeOf(sample.organizationId, sample.bob, sample.bob);
    const sender: SelectedField = {
      ...{
        name: 'sender',
        relation: 'sender',
        filter: undefined,
        fields: [{ name: 'email', field: 'email' }],
      },
    };
    const plain: SelectedField = { name: 'plain', field: 'sender' };
    expect(await one([plain, sender], own, [1, 7])).toEqual([
      [sample.ada, null],
      [sample.bob, [null]],
    ]);
    const spying: ItemQuery['filter'] = {
      ...{ is: 'test', operand: { column: { of: 'sender', field: 'email' } } },
      test: { op: 'like', at: 'start', text: 'ada', ignoreCase: false },
    };
    expect(await numbersOf(own, { filter: spying })).toEqual([]);
    expect(await numbersOf(everybody, { filter: spying })).toHaveLength(15);
  });
});

describe('the rows of a scope', () => {
  it('are those of one recipient, or of one organization', async () => {
    const own = scopeOf(sample.organizationId, sample.bob, sample.bob);
    const ofBob = sample.items.filter(({ fields }) => fields.recipient === sample.bob);
    expect(await numbersOf(own)).toEqual(ofBob.map(({ fields }) => fields.number));
    const stranger = await makeOrganization(store.db);
    expect(await numbersOf(scopeOf(stranger, undefined, sample.ada))).toEqual([]);
    expect(await numbersOf(scopeOf(stranger, sample.bob, sample.bob))).toEqual([]);
  });

  it('are what is placed and not deleted, or waits for an inbox that will have it anyway', async () => {
    const organizationId = await makeOrganization(store.db);
    const userId = await makeUser(store.db, organizationId);
    const placed = await fillInbox(store.db, organizationId, userId, 3);
    for (const [at, verb] of (['read', 'delete', 'archive'] as const).entries())
      await changeInboxItems(store.db, userId, placed.slice(at, at + 1), verb);
    await accept(store.db, organizationId, [userId]);
    const cancelled = await accept(store.db, organizationId, [userId]);
    const waiting = await accept(store.db, organizationId, [userId]);
    await store.rows(
      'update notifications set inbox_always = true where organization_id = $1 and number >= 5',
      [organizationId],
    );
    for (const id of cancelled) await cancelNotification(store.db, organizationId, id, false);
    for (const scope of [
      scopeOf(organizationId, undefined, userId),
      scopeOf(organizationId, userId, userId),
    ]) {
      expect(await numbersOf(scope)).toEqual([1, 3, 6]);
      expect(await count(scope, { counts: { total: true, filtered: true } })).toEqual({
        total: 3,
        filtered: 3,
      });
    }
    await dispatch(store.db, waiting);
    expect(await numbersOf(scopeOf(organizationId, userId, userId))).toEqual([1, 3, 6]);
  });

  it('stay when a user is deleted, who is nobody then', async () => {
    const organizationId = await makeOrganization(store.db);
    const [userId, senderId] = [
      await makeUser(store.db, organizationId),
      await makeUser(store.db, organizationId),
    ];
    await fillInbox(store.db, organizationId, userId, 1, { senderId });
    await deleteUser(store.db, organizationId, senderId);
    const selection: SelectedField[] = [
      { name: 'sender', relation: 'sender', filter: undefined, fields: [{ name: 'id', field: 'id' }] },
      { name: 'plain', field: 'sender' },
    ];
    const rows = await list(scopeOf(organizationId, undefined, userId), { selection });
    expect(rows.map((row) => row.cells)).toEqual([[null, senderId]]);
  });
});

describe('counts', () => {
  it('are of all that is visible, and of what filter, search and ids leave, whatever the limit', async () => {
    const search = { text: 'build', number: undefined, userId: undefined };
    const counts = { total: true, filtered: true };
    const query = { counts, filter: isInbox, limit: 2, offset: 1 };
    expect(await count(everybody, query)).toEqual({ total: 60, filtered: 10 });
    expect(await count(everybody, { ...query, search })).toEqual({ total: 60, filtered: 10 });
    expect(await count(everybody, { ...query, numbers: [1, 2, 7] })).toEqual({ total: 60, filtered: 2 });
    const filteredOnly = { ...query, counts: { total: false, filtered: true } };
    expect(await count(everybody, filteredOnly)).toEqual({ total: undefined, filtered: 10 });
    const totalOnly = { ...query, counts: { total: true, filtered: false } };
    expect(await count(everybody, totalOnly)).toEqual({ total: 60, filtered: undefined });
    expect(await count(everybody, {})).toEqual({ total: undefined, filtered: undefined });
  });
});

describe('keys for a write', () => {
  it('are those that the list answers, never more than allowed', async () => {
    const keys = (query: Partial<ItemQuery>, max: number) =>
      inOrganization(api, sample.organizationId, (db) =>
        listNotificationKeys(db, everybody, { ...everything, ...query }, max),
      );
    const all = await keys({ filter: isInbox }, 1_000);
    expect(all.map((key) => key.number)).toEqual(await numbersOf(everybody, { filter: isInbox }));
    const stored = await store.rows(
      'select id, recipient_id from notifications where organization_id = $1 and number = 1',
      [sample.organizationId],
    );
    expect(all[0]).toEqual({ id: stored[0]?.['id'], number: 1, recipientId: stored[0]?.['recipient_id'] });
    expect(await keys({ filter: isInbox, limit: 7 }, 3)).toHaveLength(3);
    expect(await keys({ filter: isInbox, limit: 2 }, 3)).toHaveLength(2);
  });
});
