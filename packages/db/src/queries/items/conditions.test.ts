import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dateParts,
  type ItemColumn,
  type ItemCondition,
  type ItemOperand,
  type ItemPattern,
  type ItemQuery,
  type ItemSearch,
  type ItemTest,
  type ItemValue,
} from '@carillon/core';
import { found, holds } from '../../../test/item-oracle.ts';
import { makeItemSample, type ItemSample } from '../../../test/item-sample.ts';
import { openTestStore, type TestStore } from '../../../test/store.ts';
import type { Database } from '../../connect.ts';
import { inOrganization } from '../../transactions.ts';
import { listNotificationItems } from './list.ts';
import type { ItemScope } from './source.ts';

let store: TestStore;
let api: Database;
let sample: ItemSample;
let scope: ItemScope;
const now = new Date('2026-02-10T12:00:00.000Z');

beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api', 2);
  sample = await makeItemSample(store);
  const { organizationId, bob } = sample;
  scope = { organizationId, userId: undefined, now, currentUser: bob };
});
afterAll(() => store.stop());

const everything: ItemQuery = {
  ...{ selection: [], filter: undefined, search: undefined, numbers: undefined, sort: [] },
  ...{ limit: 1_000, offset: 0, counts: { total: false, filtered: false }, aggregation: undefined },
};

async function numbersOf(query: Partial<ItemQuery>): Promise<number[]> {
  const rows = await inOrganization(api, sample.organizationId, (db) =>
    listNotificationItems(db, scope, { ...everything, ...query }),
  );
  return rows.map((row) => row.number);
}

function expectedOf(condition: ItemCondition): unknown[] {
  return sample.items.filter((item) => holds(condition, item, scope)).map(({ fields }) => fields.number);
}

/** Columns by the type of their values, with values that occur and values that do not. */
const numbers: ItemColumn[] = [{ of: 'item', field: 'number' }];
const instants: ItemColumn[] = [{ of: 'item', field: 'timestamp' }];
const texts: ItemColumn[] = [
  ...(['status', 'title', 'body', 'collection', 'item'] as const).map(
    (field) => ({ of: 'item', field }) as const,
  ),
  ...(
    ['first_name', 'last_name', 'email', 'role', 'language', 'status', 'external_identifier'] as const
  ).flatMap((field) => [{ of: 'recipient', field } as const, { of: 'sender', field } as const]),
];
const uuids: ItemColumn[] = [
  ...(['recipient', 'sender'] as const).map((field) => ({ of: 'item', field }) as const),
  ...(['recipient', 'sender'] as const).map((of) => ({ of, field: 'id' }) as const),
];

const words = [
  'inbox',
  'Inbox',
  'archived',
  '',
  'build',
  'ILD',
  '%',
  '_',
  'a_b%c',
  '\\',
  "it's; -- drop",
  'Ada',
  'van',
  '42',
  '$1',
];
const wholes = fc.integer({ min: -3, max: 70 });
const dates = fc.oneof(
  fc
    .integer({ min: 0, max: 60 })
    .map((at) => new Date(Date.UTC(2026, 0, 1) + at * 37 * 3_600_000 + at * 61_001)),
  fc.record({
    relative: fc.constant('now' as const),
    amount: fc.integer({ min: -40, max: 40 }),
    unit: fc.constantFrom('month', 'week', 'day', 'hour'),
  }),
);

function scalarTests(values: fc.Arbitrary<ItemValue>): fc.Arbitrary<ItemTest>[] {
  return [
    fc.record({ op: fc.constantFrom('equals', 'differs'), value: values }),
    fc.record({ op: fc.constantFrom('one_of', 'none_of'), values: fc.array(values, { maxLength: 4 }) }),
    fc.record({ op: fc.constant('absent'), holds: fc.boolean() }),
  ];
}
function orderTests(values: fc.Arbitrary<ItemValue>): fc.Arbitrary<ItemTest>[] {
  return [
    ...scalarTests(values),
    fc.record({ op: fc.constantFrom('less', 'at_most', 'greater', 'at_least'), value: values }),
    fc.record({ op: fc.constantFrom('between', 'not_between'), from: values, to: values }),
  ];
}
const patterns: fc.Arbitrary<ItemPattern> = fc.record({
  op: fc.constantFrom('like', 'unlike'),
  at: fc.constantFrom('anywhere', 'start', 'end'),
  text: fc.constantFrom(...words),
  ignoreCase: fc.boolean(),
});

function leaves(): fc.Arbitrary<ItemCondition> {
  const { ada, bob } = sample;
  const users = fc.constantFrom<ItemValue>(ada, bob, '00000000-0000-4000-8000-000000000000', {
    relative: 'current_user',
  });
  const textTests = [
    ...scalarTests(fc.constantFrom(...words)),
    fc.record({ op: fc.constant('empty' as const), holds: fc.boolean() }),
    patterns,
  ];
  const over = (operands: fc.Arbitrary<ItemOperand>, tests: fc.Arbitrary<ItemTest>[]) =>
    fc.record({ is: fc.constant('test' as const), operand: operands, test: fc.oneof(...tests) });
  const whole = (columns: ItemColumn[]) => fc.constantFrom(...columns).map((column) => ({ column }));
  const parts = fc
    .constantFrom(...dateParts)
    .map((part) => ({ column: { of: 'item', field: 'timestamp' } as const, part }));
  return fc.oneof(
    over(whole(numbers), orderTests(wholes)),
    over(whole(instants), orderTests(dates)),
    over(parts, orderTests(wholes)),
    over(whole(texts), textTests),
    over(whole(uuids), scalarTests(users)),
  );
}

function trees(): fc.Arbitrary<ItemCondition> {
  return fc.letrec<{ tree: ItemCondition }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaves(),
      fc.record({ is: fc.constantFrom('every', 'some'), of: fc.array(tie('tree'), { maxLength: 4 }) }),
    ),
  })).tree;
}

describe('a filter', () => {
  it('answers the rows that a plain evaluation answers', async () => {
    await fc.assert(
      fc.asyncProperty(trees(), async (filter) => {
        expect(await numbersOf({ filter })).toEqual(expectedOf(filter));
      }),
      { numRuns: 150 },
    );
  });

  it('of one test too, whatever the column', async () => {
    await fc.assert(
      fc.asyncProperty(leaves(), async (filter) => {
        expect(await numbersOf({ filter })).toEqual(expectedOf(filter));
      }),
      { numRuns: 250 },
    );
  });

  it('leaves the counts of the rows that it answers', async () => {
    const filter: ItemCondition = {
      ...{ is: 'test', operand: { column: { of: 'item', field: 'status' } } },
      test: { op: 'equals', value: 'inbox' },
    };
    expect(expectedOf(filter)).toHaveLength(10);
    expect(await numbersOf({ filter })).toHaveLength(10);
  });
});

describe('a search', () => {
  it('answers the rows that a plain search answers', async () => {
    const searches: ItemSearch[] = [
      ...words.filter((text) => text !== '').map((text) => ({ text, number: undefined, userId: undefined })),
      { text: '7', number: 7, userId: undefined },
      { text: sample.bob, number: undefined, userId: sample.bob },
      { text: sample.bob.slice(0, 20), number: undefined, userId: undefined },
    ];
    for (const search of searches) {
      const expected = sample.items.filter((item) => found(search, item)).map(({ fields }) => fields.number);
      expect([search.text, await numbersOf({ search })]).toEqual([search.text, expected]);
    }
  });
});
