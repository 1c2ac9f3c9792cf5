import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

let stage: GraphqlStage;
let foreign: number;
beforeAll(async () => {
  stage = await setGraphqlStage();
  foreign = await stage.notify(stage.other);
});
afterAll(() => stage.stop());

type Who = 'admin' | 'member' | 'nobody';
const actorOf = (who: Who) => (who === 'nobody' ? undefined : stage[who]);
const uuid = '01981c5e-8f00-7000-8000-0000000000ff';
const path = '/graphql/system';

describe('400 with everything that is wrong in the document', () => {
  it.each<{ name: string; query: string; who?: Who; messages: unknown[] }>([
    {
      name: 'a text that is no GraphQL',
      query: '{ notifications {',
      messages: [/^Syntax Error: Expected Name/],
    },
    { name: 'a text with wrong tokens', query: '{ a(b: "', messages: [/^Syntax Error: Unterminated string/] },
    {
      name: 'unknown fields',
      query: '{ nope notifications { no } }',
      messages: [/"nope" on type "Query"/, /"no" on type "directus_notifications"/],
    },
    {
      name: 'a list without a selection',
      query: '{ notifications }',
      messages: [/must have a selection of subfields/],
    },
    {
      name: 'one without a selection',
      query: '{ notifications_by_id(id: 1) }',
      messages: [/must have a selection of subfields/],
    },
    {
      name: 'an argument that is missing',
      query: '{ notifications_by_id { id } }',
      messages: [/"id" of type "ID!" is required/],
    },
    {
      name: 'an argument of another type',
      query: '{ notifications(limit: "a") { id } }',
      messages: [/Int cannot represent non-integer value: "a"/],
    },
    {
      name: 'an unknown operator',
      query: '{ notifications(filter: { id: { _regex: 1 } }) { id } }',
      messages: [/"_regex" is not defined by type "number_filter_operators"/],
    },
    {
      name: 'a create without its subject',
      who: 'admin',
      query: `mutation { create_notifications_item(data: { recipient: "${uuid}" }) { id } }`,
      messages: [/subject" of required type "String!" was not provided/],
    },
    {
      name: 'a fragment in a circle',
      query: '{ notifications { ...A } } fragment A on directus_notifications { id ...A }',
      messages: [/Cannot spread fragment "A" within itself/],
    },
    {
      name: 'no operation',
      query: 'fragment A on directus_notifications { id }',
      messages: [/Fragment "A" is never used/],
    },
    {
      name: 'a schema',
      query: 'type Query { a: Int }',
      messages: [/The "Query" definition is not executable/],
    },
    {
      name: 'nobody, who has no notifications',
      who: 'nobody',
      query: '{ notifications { id } }',
      messages: [/Cannot query field "notifications" on type "Query"/],
    },
    {
      name: 'nobody, who changes nothing',
      who: 'nobody',
      query: 'mutation { delete_notifications_item(id: 1) { id } }',
      messages: [/There is no mutation/],
    },
    {
      name: 'members, who do not create',
      query: `mutation { create_notifications_item(data: { subject: "" }) { id } }`,
      messages: [/Cannot query field "create_notifications_item" on type "Mutation"/],
    },
    {
      name: 'members, who do not delete',
      query: 'mutation { delete_notifications_items(ids: [1]) { ids } }',
      messages: [/Cannot query field "delete_notifications_items"/],
    },
    {
      name: 'members, who change only the status',
      query: 'mutation { update_notifications_item(id: 1, data: { subject: "" }) { id } }',
      messages: [/"subject" is not defined by type "update_directus_notifications_input"/],
    },
    {
      name: 'members, who do not see secrets of users',
      query: '{ notifications { recipient { token } } }',
      messages: [/Cannot query field "token" on type "directus_users"/],
    },
  ])('tells of $name', async ({ query, who = 'member', messages }) => {
    const { status, body } = await stage.ask(query, { as: actorOf(who) });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: 'GraphQL validation error.',
            extensions: {
              code: 'GRAPHQL_VALIDATION',
              errors: messages.map(() => ({ message: expect.any(String), locations: expect.any(Array) })),
            },
          },
        ],
      },
    });
    for (const [at, message] of messages.entries())
      expect(body.errors[0].extensions.errors[at].message).toMatch(message as RegExp);
  });

  it.each([
    {
      name: 'which of several operations',
      operationName: undefined,
      message: 'Must provide an operation name.',
    },
    { name: 'that there is none of a name', operationName: 'C', message: 'Unknown operation.' },
  ])('tells $name', async ({ operationName, message }) => {
    const query = 'query A { notifications { id } } query B { notifications { id } }';
    const more = operationName === undefined ? {} : { operationName };
    const { status, body } = await stage.ask(query, { as: stage.member, ...more });
    expect({ status, errors: body.errors[0].extensions.errors }).toEqual({
      status: 400,
      errors: [{ message }],
    });
  });
});

describe('400 for a request that is none', () => {
  const missing = 'Must provide query string';
  it.each([
    { name: 'no body', method: 'POST', reason: missing },
    { name: 'a body without a query', method: 'POST', body: { variables: {} }, reason: missing },
    { name: 'a query that is no text', method: 'POST', body: { query: 5 }, reason: missing },
    {
      name: 'a body of GraphQL',
      method: 'POST',
      body: '{ notifications { id } }',
      headers: { 'content-type': 'application/graphql' },
      reason: missing,
    },
    { name: 'an empty batch', method: 'POST', body: [], reason: missing },
    { name: 'a batch of something else', method: 'POST', body: [1], reason: missing },
    { name: 'no query in the URL', method: 'GET', reason: missing },
    {
      name: 'variables that are no object',
      method: 'POST',
      body: { query: '{ _ }', variables: 'x' },
      reason: '"variables" must be of type object',
    },
    {
      name: 'a name that is no text',
      method: 'POST',
      body: { query: '{ _ }', operationName: 5 },
      reason: '"operationName" must be a string',
    },
  ])('tells of $name', async ({ method, reason, ...more }) => {
    expect(await stage.send(method, path, { as: stage.member, ...more })).toEqual({
      status: 400,
      body: {
        errors: [{ message: `Invalid payload. ${reason}.`, extensions: { reason, code: 'INVALID_PAYLOAD' } }],
      },
    });
  });

  it.each([
    { name: 'that are no JSON', text: '{"id":', reason: /^Variables are invalid JSON$/ },
    { name: 'with a name that is not taken', text: '{"__proto__":{}}', reason: /^Variables \/__proto__ / },
    {
      name: 'nested without end',
      text: '['.repeat(1_000) + ']'.repeat(1_000),
      reason: /^Variables .*must not be nested deeper/,
    },
  ])('tells of variables in the URL $name', async ({ text, reason }) => {
    const query = new URLSearchParams({ query: '{ notifications { id } }', variables: text });
    const { status, body } = await stage.send('GET', `${path}?${query}`, { as: stage.member });
    expect({ status, code: body.errors[0].extensions.code }).toEqual({ status: 400, code: 'INVALID_QUERY' });
    expect(body.errors[0].extensions.reason).toMatch(reason);
  });

  it('tells where subscriptions are served', async () => {
    const query = 'subscription { directus_notifications_mutated { key } }';
    const { status, body } = await stage.ask(query, { as: stage.member });
    expect({ status, reason: body.errors[0].extensions.reason }).toEqual({
      ...{ status: 400, reason: 'Subscriptions are served over a WebSocket' },
    });
  });

  it('tells of JSON that is none', async () => {
    const { status, body } = await stage.send('POST', path, { as: stage.member, body: '{"query":' });
    expect({ status, code: body.errors[0].extensions.code }).toEqual({
      status: 400,
      code: 'INVALID_PAYLOAD',
    });
  });
});

describe('who asks', () => {
  it.each([path, '/graphql'])('is 401 at %s with a token that is not known', async (at) => {
    const headers = { authorization: `Bearer ${'a'.repeat(10)}-${'b'.repeat(33)}` };
    const body = { query: '{ __typename }' };
    expect(await stage.send('POST', at, { body, headers })).toEqual({
      status: 401,
      body: {
        errors: [{ message: 'Invalid user credentials.', extensions: { code: 'INVALID_CREDENTIALS' } }],
      },
    });
  });

  it('is nobody with another scheme, and may ask for as much', async () => {
    const headers = { authorization: 'Basic YTpi' };
    const answer = await stage.send('POST', path, { body: { query: '{ _empty __typename }' }, headers });
    expect(answer).toEqual({ status: 200, body: { data: { _empty: null, __typename: 'Query' } } });
  });

  it('may say so in the URL', async () => {
    const query = new URLSearchParams({ query: '{ notifications { id } }', access_token: stage.other.token });
    expect(await stage.send('GET', `${path}?${query}`)).toMatchObject({
      ...{ status: 200, body: { data: { notifications: [{ id: String(foreign) }] } } },
    });
  });
});

describe('405', () => {
  it('for a mutation by GET', async () => {
    const query = new URLSearchParams({ query: 'mutation { delete_notifications_item(id: 1) { id } }' });
    expect(await stage.send('GET', `${path}?${query}`, { as: stage.admin })).toEqual({
      status: 405,
      body: {
        errors: [
          {
            message: 'Invalid method "GET" used. Should be one of "POST".',
            extensions: { allowed: ['POST'], current: 'GET', code: 'METHOD_NOT_ALLOWED' },
          },
        ],
      },
    });
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'SEARCH'])('for %s', async (method) => {
    const { status, body } = await stage.send(method, path, { as: stage.admin });
    expect({ status, extensions: body.errors[0].extensions }).toEqual({
      status: 405,
      extensions: { allowed: ['GET', 'POST'], current: method, code: 'METHOD_NOT_ALLOWED' },
    });
  });

  it('but 404 below', async () => {
    const { status, body } = await stage.send('POST', `${path}/more`, { as: stage.admin });
    expect({ status, code: body.errors[0].extensions.code }).toEqual({
      status: 404,
      code: 'ROUTE_NOT_FOUND',
    });
  });
});
