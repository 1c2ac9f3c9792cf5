import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

const pieces = [
  ...[
    "'",
    '"',
    '`',
    '\\',
    '%',
    '_',
    '$1',
    ':name',
    '?',
    ';--',
    '/*',
    '{',
    '}',
    '(',
    ')',
    '[',
    '...',
    '@',
    '!',
    '#',
  ],
  ...[
    "'; drop table notifications; --",
    "' or 1=1 --",
    'recipient_id',
    "x' || version() || '",
    '"""',
    '\\u0000',
  ],
  ...[
    'null',
    'NaN',
    '-0',
    '1e308',
    '9007199254740993',
    '2147483648',
    '\u{1F514}',
    '\u2028',
    '',
    ' ',
    ',',
    'true',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '__typename',
    '$CURRENT_USER',
    '$NOW(-1 day)',
    'year(timestamp)',
  ],
  ...[
    '2026-01-01',
    '00000000-0000-0000-0000-000000000000',
    '*',
    'recipient.email',
    'recipient@a',
    '-id',
    'count',
  ],
];
const values = fc.oneof(
  fc.constantFrom<unknown>(...pieces, null, true, 0, -1, 1.5, 2_147_483_648, [], {}, { id: 1 }, [[]]),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

const document = `query(
  $filter: directus_notifications_filter, $sort: [String], $groupBy: [String], $search: String, $limit: Int, $page: Int, $id: ID!
) {
  notifications(filter: $filter, sort: $sort, search: $search, limit: $limit, page: $page) { id recipient }
  notifications_by_id(id: $id) { sender recipient(filter: { email: { _eq: $search } }) { id } }
  notifications_aggregated(groupBy: $groupBy, filter: $filter, sort: $sort) { group countAll }
}`;
const mutation = `mutation($data: create_directus_notifications_input!, $change: update_directus_notifications_input!, $ids: [ID]!) {
  create_notifications_item(data: $data) { id sender recipient }
  update_notifications_items(ids: $ids, data: $change) { id }
  delete_notifications_items(ids: $ids) { ids }
}`;

const columns = [
  'id',
  'timestamp',
  'status',
  'recipient',
  'sender',
  'subject',
  'message',
  'collection',
  'item',
];
const operators = ['_eq', '_neq', '_in', '_between', '_null', '_empty', '_contains', '_lt', '_istarts_with'];
const filters = fc.letrec((again) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(
      fc.constantFrom(...columns),
      fc.dictionary(fc.constantFrom(...operators), values, { maxKeys: 2 }),
      { maxKeys: 2 },
    ),
    fc.record({
      recipient: fc.dictionary(
        fc.constantFrom('id', 'email', 'role'),
        fc.dictionary(fc.constantFrom(...operators), values, { maxKeys: 1 }),
        { maxKeys: 2 },
      ),
    }),
    fc.record({ _and: fc.array(again('filter'), { maxLength: 3 }) }),
    values,
  ),
})).filter;

let stage: GraphqlStage;
beforeAll(async () => {
  stage = await setGraphqlStage();
  await stage.notify(stage.member);
});
afterAll(() => stage.stop());

/** Refused or answered, in Directus' envelope; what went wrong on our side would stand in the log. */
async function isTold(send: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await send;
  expect([200, 400]).toContain(status);
  expect(body).toBeInstanceOf(Object);
  expect(stage.api.logged()).not.toContain('request.failed');
}

describe('whatever a caller sends', () => {
  it('as variables of queries is answered, and is nothing of ours that failed', async () => {
    const variables = fc.record({
      ...{
        filter: filters,
        sort: fc.oneof(values, fc.array(values, { maxLength: 3 })),
        groupBy: fc.array(values, { maxLength: 3 }),
      },
      ...{ search: values, limit: values, page: values, id: values },
    });
    await fc.assert(
      fc.asyncProperty(variables, (given) =>
        isTold(stage.ask(document, { as: stage.member, variables: given })),
      ),
      { numRuns: 150 },
    );
  });

  it('as variables of mutations is answered, and is nothing of ours that failed', async () => {
    const row = fc.dictionary(fc.constantFrom(...columns), values, { maxKeys: 4 });
    const data = fc
      .record({ recipient: fc.oneof(fc.constant(stage.member.id), values), subject: values })
      .chain((must) => row.map((more) => ({ ...more, ...must })));
    await fc.assert(
      fc.asyncProperty(data, row, fc.array(values, { maxLength: 3 }), (one, change, ids) =>
        isTold(stage.ask(mutation, { as: stage.admin, variables: { data: one, change, ids } })),
      ),
      { numRuns: 150 },
    );
  });

  it('as the text of a document is answered, and is nothing of ours that failed', async () => {
    const words = fc.constantFrom(
      ...pieces,
      'query',
      'mutation',
      'fragment',
      'on',
      'notifications',
      'id',
      ':',
      '$a',
      'filter',
      '_eq',
    );
    const texts = fc.oneof(
      fc.array(words, { maxLength: 20 }).map((all) => all.join(' ')),
      fc
        .tuple(words, words)
        .map(([name, value]) => `{ notifications(filter: { subject: { ${name}: "${value}" } }) { id } }`),
      words.map((word) => `{ notifications(sort: ["${word}"], search: "${word}") { id ${word} } }`),
      words.map((word) => `{ a: notifications_aggregated(groupBy: ["${word}"]) { group } }`),
    );
    await fc.assert(
      fc.asyncProperty(texts, (query) => isTold(stage.ask(query, { as: stage.member }))),
      { numRuns: 150 },
    );
  });

  it('changes nothing that it may not: every table is there, and what is of others', async () => {
    const { body } = await stage.ask('{ notifications { recipient } }', { as: stage.member });
    for (const { recipient } of body.data.notifications) expect(recipient).toBe(stage.member.id);
    const told = await stage.ask('{ notifications_aggregated { countAll } }', { as: stage.stranger });
    expect(told.body).toEqual({ data: { notifications_aggregated: [{ countAll: 0 }] } });
  });
});
