import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

let stage: GraphqlStage;
/** Ids as GraphQL tells them. */
const ids: Record<'first' | 'second' | 'third' | 'foreign', string> = {
  ...{ first: '', second: '', third: '', foreign: '' },
};

beforeAll(async () => {
  stage = await setGraphqlStage();
  const { api, admin, member, other } = stage;
  await api.ask('PATCH', `/v1/users/${member.id}`, {
    ...{ token: admin.token, body: { email: 'ada@example.com', name: 'Ada Lovelace' } },
  });
  const sender = member.id;
  ids.first = String(await stage.notify(member, { subject: 'First', message: '**A**', sender }));
  ids.second = String(await stage.notify(member, { subject: 'Second', sender: other.id, collection: 'a' }));
  ids.third = String(await stage.notify(member, { subject: 'Third', status: 'archived', item: '7' }));
  ids.foreign = String(await stage.notify(other, { subject: 'Foreign' }));
});
afterAll(() => stage.stop());

/** The data of an operation that has no errors. */
async function dataOf(query: string, as = stage.member, variables = {}) {
  const { status, body } = await stage.ask(query, { as, variables });
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  return body.data;
}

async function idsOf(args: string, as = stage.member): Promise<string[]> {
  const { notifications } = await dataOf(`{ notifications${args} { id } }`, as);
  return notifications.map(({ id }: { id: string }) => id);
}

describe("the SDK's graphql()", () => {
  it('runs the example of the document: lists with the bare recipient', async () => {
    const { notifications } = await stage
      .sdk(stage.member)
      .query<{ notifications: unknown[] }>('query { notifications { id recipient subject } }', {}, 'system');
    const recipient = stage.member.id;
    expect(notifications).toEqual([
      { id: ids.first, recipient, subject: 'First' },
      { id: ids.second, recipient, subject: 'Second' },
      { id: ids.third, recipient, subject: 'Third' },
    ]);
  });

  it('runs the example of the document: one by its id', async () => {
    const query = 'query($id: ID!) { notifications_by_id(id: $id) { id sender recipient message subject } }';
    const told = await stage.sdk(stage.member).query(query, { id: Number(ids.first) }, 'system');
    const { id } = stage.member;
    expect(told).toEqual({
      notifications_by_id: {
        ...{ id: ids.first, sender: id, recipient: id, message: '**A**', subject: 'First' },
      },
    });
  });

  it('asks without a scope at the other path, which serves the same', async () => {
    const told = await stage.sdk(stage.member).query('{ notifications(limit: 1) { id } }');
    expect(told).toEqual({ notifications: [{ id: ids.first }] });
  });

  it('rejects with the errors of a field', async () => {
    const asked = stage.sdk(stage.member).query('{ notifications_by_id(id: 999) { id } }', {}, 'system');
    await expect(asked).rejects.toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});

describe('a selection', () => {
  it('has every value as REST has it, ids as texts', async () => {
    const fields = 'id timestamp status subject message collection item recipient sender';
    const { notifications_by_id: told } = await dataOf(
      `{ notifications_by_id(id: ${ids.second}) { ${fields} } }`,
    );
    const { body } = await stage.send('GET', `/notifications/${ids.second}`, { as: stage.member });
    expect(told).toEqual({ ...body.data, id: ids.second });
    expect(told.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('expands a relation with fields and tells its id without, side by side under other names', async () => {
    const person = 'id email first_name role { id name }';
    const { notifications_by_id: told } = await dataOf(
      `{ notifications_by_id(id: ${ids.first}) {
        recipient s: sender who: recipient { ${person} } again: recipient { email role } } }`,
    );
    expect(told).toEqual({
      ...{
        recipient: stage.member.id,
        s: stage.member.id,
        again: { email: 'ada@example.com', role: 'member' },
      },
      who: {
        ...{ id: stage.member.id, email: 'ada@example.com', first_name: 'Ada' },
        role: { id: 'member', name: 'member' },
      },
    });
  });

  it('expands a foreign sender to nothing for members, and tells the bare id; admins see who it is', async () => {
    const query = `{ notifications_by_id(id: ${ids.second}) { sender who: sender { id } } }`;
    expect(await dataOf(query)).toEqual({ notifications_by_id: { sender: stage.other.id, who: null } });
    expect(await dataOf(query, stage.admin)).toEqual({
      notifications_by_id: { sender: stage.other.id, who: { id: stage.other.id } },
    });
  });

  it('tells a bare relation through fragments, variables and directives', async () => {
    const query = `query($with: Boolean!) { notifications_by_id(id: ${ids.third}) { ...Row ... { item } } }
      fragment Row on directus_notifications { __typename sender recipient @include(if: $with) id @skip(if: $with) }`;
    const __typename = 'directus_notifications';
    expect(await dataOf(query, stage.member, { with: true })).toEqual({
      notifications_by_id: { __typename, sender: null, recipient: stage.member.id, item: '7' },
    });
    expect(await dataOf(query, stage.member, { with: false })).toEqual({
      notifications_by_id: { __typename, sender: null, id: ids.third, item: '7' },
    });
  });

  it('filters each relation by its own arguments', async () => {
    const { id } = stage.member;
    const told = await dataOf(`{ notifications_by_id(id: ${ids.first}) {
      is: recipient(filter: { email: { _eq: "ada@example.com" } }) { id }
      not: recipient(filter: { email: { _eq: "eve@example.com" } }) { id } } }`);
    expect(told).toEqual({ notifications_by_id: { is: { id }, not: null } });
  });

  it('is not confused by a relation under the name of another field', async () => {
    const told = await dataOf(
      `{ notifications_by_id(id: ${ids.first}) { status: recipient { id } text: status } }`,
    );
    expect(told).toEqual({ notifications_by_id: { status: { id: stage.member.id }, text: 'inbox' } });
  });

  it('tells parts of instants', async () => {
    const { notifications_by_id: told } = await dataOf(
      `{ notifications_by_id(id: ${ids.first}) { timestamp timestamp_func { year month day hour } } }`,
    );
    const at = new Date(told.timestamp);
    expect(told.timestamp_func).toEqual({
      ...{
        year: at.getUTCFullYear(),
        month: at.getUTCMonth() + 1,
        day: at.getUTCDate(),
        hour: at.getUTCHours(),
      },
    });
  });

  it('reads nothing beyond what it names', async () => {
    expect(await dataOf(`{ notifications { __typename } }`)).toEqual({
      notifications: Array.from({ length: 3 }, () => ({ __typename: 'directus_notifications' })),
    });
  });
});

describe('the arguments of a list', () => {
  it.each([
    { name: 'nothing: by id', args: '', found: ['first', 'second', 'third'] },
    { name: 'sort', args: '(sort: ["-id"])', found: ['third', 'second', 'first'] },
    { name: 'limit and page', args: '(limit: 1, page: 2)', found: ['second'] },
    { name: 'limit and offset', args: '(limit: 1, offset: 2)', found: ['third'] },
    { name: 'limit of nothing', args: '(limit: 0)', found: [] },
    {
      name: 'null, as if it were left out',
      args: '(limit: null, filter: null, sort: null)',
      found: ['first', 'second', 'third'],
    },
    { name: 'search', args: '(search: "SECO")', found: ['second'] },
    { name: 'a filter of a text', args: '(filter: { status: { _neq: "inbox" } })', found: ['third'] },
    {
      name: 'a filter that asks for null',
      args: '(filter: { collection: { _null: true } })',
      found: ['first', 'third'],
    },
    {
      name: 'logic',
      args: '(filter: { _or: [{ subject: { _eq: "First" } }, { item: { _eq: "7" } }] })',
      found: ['first', 'third'],
    },
    {
      name: 'the user at the end of a relation',
      args: '(filter: { sender: { email: { _starts_with: "ada@" } } })',
      found: ['first'],
    },
    { name: 'who asks', args: '(filter: { sender: { id: { _eq: "$CURRENT_USER" } } })', found: ['first'] },
    { name: 'an instant', args: '(filter: { timestamp: { _lt: "$NOW(-1 day)" } })', found: [] },
    {
      name: 'a part of an instant',
      args: '(filter: { timestamp_func: { year: { _gt: 2000 }, month: { _between: ["1", 12] } } })',
      found: ['first', 'second', 'third'],
    },
    {
      name: 'another part of one',
      args: '(filter: { _and: [{ timestamp_func: { year: { _lt: 2000 } } }] })',
      found: [],
    },
  ] as const)('take $name', async ({ args, found }) => {
    expect(await idsOf(args)).toEqual(found.map((name) => ids[name]));
  });

  it('find rows of everybody for admins of the organization, and none of another', async () => {
    expect(await idsOf('', stage.admin)).toEqual(Object.values(ids));
    expect(await idsOf('', stage.stranger)).toEqual([]);
  });

  it('take numbers of a filter as variables of any JSON type', async () => {
    const query = 'query($n: GraphQLStringOrFloat) { notifications(filter: { id: { _eq: $n } }) { id } }';
    for (const n of [Number(ids.second), ids.second])
      expect(await dataOf(query, stage.member, { n })).toEqual({ notifications: [{ id: ids.second }] });
  });

  it('are those of every operation in a batch, answered in its order', async () => {
    const body = [
      { query: '{ notifications(limit: 1) { id } }' },
      { query: '{ notifications_by_id(id: 999) { id } }' },
    ];
    const answer = await stage.send('POST', '/graphql/system', { as: stage.member, body });
    expect(answer).toMatchObject({
      status: 200,
      body: [
        { data: { notifications: [{ id: ids.first }] } },
        { data: { notifications_by_id: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
      ],
    });
  });

  it('come in a URL as well, with variables and the name of the operation', async () => {
    const query = new URLSearchParams({
      query:
        'query A { notifications { id } } query B($id: ID!) { notifications_by_id(id: $id) { subject } }',
      ...{ variables: JSON.stringify({ id: ids.third }), operationName: 'B' },
    });
    expect(await stage.send('GET', `/graphql/system?${query}`, { as: stage.member })).toEqual({
      ...{ status: 200, body: { data: { notifications_by_id: { subject: 'Third' } } } },
    });
  });
});

describe('notifications_aggregated', () => {
  const aggregated = async (text: string, as = stage.admin) =>
    (await dataOf(text, as)).notifications_aggregated;

  it('computes numbers', async () => {
    const numbers = Object.values(ids).map(Number);
    const sum = numbers.reduce((left, one) => left + one, 0);
    const told = await aggregated(`{ notifications_aggregated {
      countAll count { id sender } countDistinct { status } sum { id } avg { id } min { id } max { id }
      sumDistinct { id } avgDistinct { id } group } }`);
    const [one, many] = [{ id: sum }, { id: sum / 4 }];
    expect(told).toEqual([
      {
        ...{ countAll: 4, count: { id: 4, sender: 2 }, countDistinct: { status: 2 }, group: null },
        ...{ sum: one, sumDistinct: one, avg: many, avgDistinct: many },
        ...{ min: { id: Math.min(...numbers) }, max: { id: Math.max(...numbers) } },
      },
    ]);
  });

  it.each([
    { sort: '-countAll', statuses: ['inbox', 'archived'] },
    { sort: 'countAll', statuses: ['archived', 'inbox'] },
    { sort: '-status', statuses: ['inbox', 'archived'] },
  ])('groups, sorted by $sort', async ({ sort, statuses }) => {
    const told = await aggregated(
      `{ notifications_aggregated(groupBy: ["status"], sort: ["${sort}"]) { group countAll n: count { id } } }`,
    );
    const counts: Record<string, number> = { inbox: 3, archived: 1 };
    expect(told).toEqual(
      statuses.map((status) => ({ group: { status }, countAll: counts[status], n: { id: counts[status] } })),
    );
  });

  it('counts only what the caller sees, and what the filter leaves', async () => {
    const query = '{ notifications_aggregated(filter: { status: { _eq: "inbox" } }) { countAll } }';
    expect(await aggregated(query, stage.member)).toEqual([{ countAll: 2 }]);
    expect(await aggregated(query, stage.stranger)).toEqual([{ countAll: 0 }]);
  });

  it('tells groups alone, and one row where nothing is asked', async () => {
    const groups = await aggregated(
      '{ notifications_aggregated(groupBy: ["item"], sort: ["item"]) { group } }',
    );
    expect(groups).toEqual([{ group: { item: '7' } }, { group: { item: null } }]);
    expect(await aggregated('{ notifications_aggregated { __typename group } }')).toHaveLength(1);
  });

  it('has no sum of no rows', async () => {
    const query = '{ notifications_aggregated(filter: { id: { _eq: 999 } }) { countAll sum { id } } }';
    expect(await aggregated(query)).toEqual([{ countAll: 0, sum: { id: null } }]);
  });
});
