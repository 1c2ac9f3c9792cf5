import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AggregateFunction,
  AggregateValue,
  ItemAggregation,
  ItemField,
  ItemQuery,
} from '@carillon/core';
import { makeItemSample, type ItemSample } from '../../../test/item-sample.ts';
import { openTestStore, type TestStore } from '../../../test/store.ts';
import type { Database } from '../../connect.ts';
import { inOrganization } from '../../transactions.ts';
import { aggregateNotificationItems } from './aggregate.ts';

let store: TestStore;
let api: Database;
let sample: ItemSample;

beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api', 2);
  sample = await makeItemSample(store);
});
afterAll(() => store.stop());

const everything: ItemQuery = {
  ...{ selection: [], filter: undefined, search: undefined, numbers: undefined, sort: [] },
  ...{ limit: 100, offset: 0, counts: { total: false, filtered: false }, aggregation: undefined },
};

function aggregate(aggregation: Partial<ItemAggregation>, query: Partial<ItemQuery> = {}) {
  const { organizationId, ada } = sample;
  const scope = { organizationId, userId: undefined, currentUser: ada, now: new Date(0) };
  const full = { groups: [], values: [], sort: [], ...aggregation };
  return inOrganization(api, organizationId, (db) =>
    aggregateNotificationItems(db, scope, { ...everything, ...query }, full),
  );
}

const value = (fn: AggregateFunction, field?: ItemField): AggregateValue => ({ fn, field, path: [fn] });
const rowCount = value('count');

describe('aggregates', () => {
  it.each<{ name: string; values: AggregateValue[]; expected: unknown[] }>([
    {
      name: 'count rows, and values that are there',
      values: [rowCount, value('count', 'sender'), value('count', 'body'), value('count_distinct', 'status')],
      expected: ['60', '45', '45', '5'],
    },
    {
      name: 'add up and average as text, as PostgreSQL writes it',
      values: [
        value('sum', 'number'),
        value('avg', 'number'),
        value('sum_distinct', 'number'),
        value('avg_distinct', 'number'),
      ],
      expected: ['1830', '30.5000000000000000', '1830', '30.5000000000000000'],
    },
    {
      name: 'find the least and the greatest in their own type',
      values: [value('min', 'number'), value('max', 'timestamp'), value('min', 'status')],
      expected: [1, new Date(Date.UTC(2026, 0, 1) + 59 * 37 * 3_600_000 + 59 * 61_001), ''],
    },
  ])('$name', async ({ values, expected }) => {
    expect(await aggregate({ values })).toEqual([{ groups: [], values: expected }]);
  });

  it('find the least of uuids too', async () => {
    const [row] = await aggregate({ values: [value('min', 'recipient'), value('max', 'recipient')] });
    expect(row?.values).toEqual([sample.ada, sample.bob].toSorted());
  });

  it('count nothing where nothing is, and have no sum of it', async () => {
    const rows = await aggregate({ values: [rowCount, value('sum', 'number')] }, { numbers: [] });
    expect(rows).toEqual([{ groups: [], values: ['0', null] }]);
  });

  it('without functions are one row of nothing', async () => {
    expect(await aggregate({})).toEqual([{ groups: [], values: [] }]);
    expect(await aggregate({}, { limit: 0 })).toEqual([]);
  });
});

describe('groups', () => {
  const byStatus = { name: 'status', field: 'status' } as const;

  it('come in their own order unless another is asked for', async () => {
    const rows = await aggregate({ groups: [byStatus], values: [rowCount] }, { limit: 3 });
    expect(rows.map((row) => [...row.groups, ...row.values])).toEqual([
      ['', '10'],
      ['100%_\\', '10'],
      ['Inbox', '10'],
    ]);
  });

  it('are ordered by numbers where these are shown as text', async () => {
    const rows = await aggregate({
      groups: [
        { name: 'recipient', field: 'recipient' },
        { name: 'item', field: 'item' },
      ],
      values: [rowCount],
      sort: [{ by: 'value', position: 0, descending: true }],
    });
    const counts = rows.map((row) => Number(row.values[0]));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(Math.max(...counts)).toBeGreaterThan(9);
    expect(Math.min(...counts)).toBeLessThan(9);
  });

  it('can be parts of instants, told as text', async () => {
    const rows = await aggregate({
      groups: [{ name: 'timestamp_month', field: 'timestamp', part: 'month' }],
      values: [rowCount],
      sort: [{ by: 'group', position: 0, descending: true }],
    });
    const months = sample.items.map(({ fields }) =>
      fields.timestamp instanceof Date ? fields.timestamp.getUTCMonth() + 1 : 0,
    );
    const expected = [4, 3, 2, 1].map((month) => ({
      groups: [String(month)],
      values: [String(months.filter((one) => one === month).length)],
    }));
    expect(rows).toEqual(expected);
  });

  it('alone are the distinct values, page by page', async () => {
    const page = (offset: number) => aggregate({ groups: [byStatus] }, { limit: 4, offset });
    const rows = [...(await page(0)), ...(await page(4))];
    expect(rows.map((row) => row.groups[0])).toEqual(['', '100%_\\', 'Inbox', 'archived', 'inbox', null]);
  });
});
