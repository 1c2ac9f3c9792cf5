import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

let stage: GraphqlStage;
let foreign: number;
beforeAll(async () => {
  stage = await setGraphqlStage();
  foreign = await stage.notify(stage.other);
});
afterAll(() => stage.stop());

type Who = 'admin' | 'member';
const uuid = '01981c5e-8f00-7000-8000-0000000000ff';

describe('200 with the errors of fields', () => {
  const byId = (id: string) => `{ notifications_by_id(id: ${id}) { id } }`;
  const create = (data: string) => `mutation { create_notifications_item(data: { ${data} }) { id } }`;
  const list = (filter: string) => `{ notifications(filter: { ${filter} }) { id } }`;

  it.each<{ name: string; query: string; who?: Who; code: string; data?: unknown; message?: string }>([
    {
      name: 'a row that is missing',
      query: byId('99999'),
      code: 'FORBIDDEN',
      data: { notifications_by_id: null },
      message: "You don't have permission to access this.",
    },
    {
      name: 'an id that is none',
      query: byId('"1.5"'),
      code: 'FORBIDDEN',
      data: { notifications_by_id: null },
    },
    {
      name: 'a version, of which there are none',
      query: '{ notifications_by_id(id: 1, version: "draft") { id } }',
      who: 'admin',
      code: 'FORBIDDEN',
      data: { notifications_by_id: null },
    },
    {
      name: 'a filter by a value of another type',
      query: list('id: { _eq: "abc" }'),
      code: 'INVALID_QUERY',
      message: 'Invalid query. Invalid numeric value.',
    },
    { name: 'a filter by no instant', query: list('timestamp: { _eq: "soon" }'), code: 'INVALID_QUERY' },
    { name: 'a filter by no uuid', query: list('recipient: { id: { _eq: "x" } }'), code: 'INVALID_QUERY' },
    {
      name: 'an operator that a uuid does not have',
      query: list('recipient: { id: { _contains: "x" } }'),
      code: 'INVALID_QUERY',
    },
    {
      name: 'an empty list of values',
      query: list('id: { _in: [] }'),
      code: 'INVALID_QUERY',
      message: 'Invalid query. "_in" has to be an array of values.',
    },
    { name: 'a limit below -1', query: '{ notifications(limit: -2) { id } }', code: 'INVALID_QUERY' },
    {
      name: 'a sort by what does not exist',
      query: '{ notifications(sort: ["nope"]) { id } }',
      code: 'FORBIDDEN',
    },
    { name: 'a sort that is null', query: '{ notifications(sort: [null]) { id } }', code: 'INVALID_QUERY' },
    {
      name: 'groups by what does not exist',
      query: '{ notifications_aggregated(groupBy: ["nope"]) { group } }',
      code: 'FORBIDDEN',
    },
    {
      name: 'a create without a recipient',
      who: 'admin',
      query: create('subject: "x"'),
      code: 'FAILED_VALIDATION',
      data: { create_notifications_item: null },
      message: 'Validation failed for field "recipient". Value is required.',
    },
    {
      name: 'a recipient who is null',
      who: 'admin',
      query: create('subject: "x", recipient: null'),
      code: 'FAILED_VALIDATION',
      data: { create_notifications_item: null },
      message: 'Validation failed for field "recipient". Value can\'t be null.',
    },
    {
      name: 'a recipient who is no uuid',
      who: 'admin',
      query: create('subject: "x", recipient: "me"'),
      code: 'INVALID_FOREIGN_KEY',
      data: { create_notifications_item: null },
    },
    {
      name: 'a recipient who is nobody',
      who: 'admin',
      query: create(`subject: "x", recipient: { id: "${uuid}" }`),
      code: 'INVALID_FOREIGN_KEY',
      data: { create_notifications_item: null },
      message: `Invalid foreign key "${uuid}" for field "recipient" in collection "directus_notifications".`,
    },
    {
      name: 'a recipient who is to be made',
      who: 'admin',
      query: create('subject: "x", recipient: { id: "x", email: "a@example.com" }'),
      code: 'FORBIDDEN',
      data: { create_notifications_item: null },
    },
    {
      name: 'a recipient of a wild form',
      who: 'admin',
      query: create('subject: "x", recipient: [1, { a: null }]'),
      code: 'FORBIDDEN',
      data: { create_notifications_item: null },
    },
    {
      name: 'a subject that is too long',
      who: 'admin',
      query: create(`subject: "${'x'.repeat(256)}", recipient: "${uuid}"`),
      code: 'VALUE_TOO_LONG',
      data: { create_notifications_item: null },
    },
    {
      name: 'a text that no database holds',
      who: 'admin',
      query: create(`subject: "a\\u0000b", recipient: "${uuid}"`),
      code: 'INVALID_PAYLOAD',
      data: { create_notifications_item: null },
    },
    {
      name: 'a list of creates that is none',
      who: 'admin',
      query: 'mutation { create_notifications_items { id } }',
      code: 'INVALID_PAYLOAD',
    },
    {
      name: 'an update of what is missing',
      who: 'admin',
      query: 'mutation { update_notifications_item(id: 99999, data: { status: "x" }) { id } }',
      code: 'FORBIDDEN',
      data: { update_notifications_item: null },
      message: "You don't have permission to access this.",
    },
    {
      name: "a member's update of what is missing",
      query: 'mutation { update_notifications_item(id: 99999, data: { status: "x" }) { id } }',
      code: 'FORBIDDEN',
      data: { update_notifications_item: null },
      message: `You don't have permissions to perform "update" for the field(s) "status" in collection "directus_notifications" or it does not exist.`,
    },
    {
      name: 'a batch that names no row',
      query: 'mutation { update_notifications_batch(data: [{ status: "x" }]) { id } }',
      code: 'INVALID_PAYLOAD',
      message: 'Invalid payload. Item in update misses primary key.',
    },
    {
      name: 'an update of a subject to null',
      who: 'admin',
      query: 'mutation { update_notifications_item(id: 1, data: { subject: null }) { id } }',
      code: 'FAILED_VALIDATION',
      data: { update_notifications_item: null },
    },
    {
      name: 'ids that are none',
      who: 'admin',
      query: 'mutation { delete_notifications_items(ids: [null, "x"]) { ids } }',
      code: 'FORBIDDEN',
      data: { delete_notifications_items: null },
    },
  ])('tells of $name', async ({ query, who = 'member', code, data, message }) => {
    const { status, body } = await stage.ask(query, { as: stage[who] });
    expect({ status, data: body.data }).toEqual({ status: 200, data });
    expect(body.errors).toEqual([
      {
        message: expect.stringContaining(message ?? ''),
        extensions: expect.objectContaining({ code }),
        ...{ locations: [{ line: 1, column: expect.any(Number) }], path: [expect.any(String)] },
      },
    ]);
  });

  it("tells somebody else's row in the words for one that is missing", async () => {
    const told = async (id: string) => JSON.stringify(await stage.ask(byId(id), { as: stage.member }));
    expect(await told(String(foreign))).toEqual(await told('99999'));
  });

  it('tells of variables that are not of their type', async () => {
    const query = 'query($limit: Int) { notifications(limit: $limit) { id } }';
    const { status, body } = await stage.ask(query, { as: stage.member, variables: { limit: 'x' } });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        errors: [
          {
            message: 'Variable "$limit" got invalid value "x"; Int cannot represent non-integer value: "x"',
            ...{ extensions: { code: 'INTERNAL_SERVER_ERROR' }, locations: [{ line: 1, column: 7 }] },
          },
        ],
      },
    });
  });

  it('keeps what can be told beside what cannot', async () => {
    const query = '{ one: notifications_by_id(id: 99999) { id } other: __typename }';
    const { body } = await stage.ask(query, { as: stage.member });
    expect(body).toMatchObject({ data: { one: null, other: 'Query' }, errors: [{ path: ['one'] }] });
  });
});
