import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

let stage: GraphqlStage;
const schemas: Record<string, GraphQLSchema> = {};

beforeAll(async () => {
  stage = await setGraphqlStage();
  const { admin, member } = stage;
  for (const [name, as] of Object.entries({ admin, member, nobody: undefined })) {
    const { body } = await stage.ask(getIntrospectionQuery(), { as });
    schemas[name] = buildClientSchema(body.data);
  }
});
afterAll(() => stage.stop());

/** The signatures of a type's fields, as introspection tells them; undefined for a type that there is not. */
function told(caller: string, name: string): string[] | undefined {
  const type = schemas[caller]?.getType(name);
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((one) => `${one.name}: ${one.type.toString()}`);
  if (!isObjectType(type)) return undefined;
  return Object.values(type.getFields()).map(({ name: field, args, type: result }) => {
    const list = args.map((one) => `${one.name}: ${one.type.toString()}`).join(', ');
    return `${field}${list === '' ? '' : `(${list})`}: ${result.toString()}`;
  });
}

const list = (of: string) =>
  `filter: ${of}_filter, sort: [String], limit: Int, offset: Int, page: Int, search: String`;
const [rows, persons] = [list('directus_notifications'), list('directus_users')];
const all = '[directus_notifications!]!';
const change = 'data: update_directus_notifications_input!';
const parts = ['year', 'month', 'week', 'day', 'weekday', 'hour', 'minute', 'second'];
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

const updates = [
  `update_notifications_item(id: ID!, ${change}): directus_notifications`,
  `update_notifications_items(${rows}, ids: [ID]!, ${change}): ${all}`,
  `update_notifications_batch(${rows}, data: [update_directus_notifications_input!]): ${all}`,
];

const common: Record<string, string[]> = {
  Query: [
    `notifications(${rows}): ${all}`,
    'notifications_by_id(id: ID!, version: String): directus_notifications',
    `notifications_aggregated(groupBy: [String], ${rows}): [directus_notifications_aggregated!]!`,
  ],
  Subscription: ['directus_notifications_mutated(event: EventEnum): directus_notifications_mutated'],
  directus_notifications_mutated: ['key: ID!', 'event: EventEnum', 'data: directus_notifications'],
  EventEnum: ['create', 'update', 'delete'],
  directus_notifications: [
    ...['id: ID!', 'timestamp: Date', 'timestamp_func: datetime_functions', 'status: String'],
    ...[`recipient(${persons}): directus_users`, `sender(${persons}): directus_users`],
    ...['subject: String!', 'message: String', 'collection: String', 'item: String'],
  ],
  directus_notifications_filter: [
    ...['id: number_filter_operators', 'timestamp: date_filter_operators'],
    ...['timestamp_func: datetime_function_filter_operators', 'status: string_filter_operators'],
    ...['recipient: directus_users_filter', 'sender: directus_users_filter'],
    ...['subject', 'message', 'collection', 'item'].map((name) => `${name}: string_filter_operators`),
    ...['_and: [directus_notifications_filter]', '_or: [directus_notifications_filter]'],
  ],
  directus_notifications_aggregated: [
    ...['group: JSON', 'countAll: Int'],
    ...['count', 'countDistinct'].map((fn) => `${fn}: directus_notifications_aggregated_count`),
    ...['avg', 'sum', 'avgDistinct', 'sumDistinct', 'min', 'max'].map(
      (fn) => `${fn}: directus_notifications_aggregated_fields`,
    ),
  ],
  directus_notifications_aggregated_count: columns.map((name) => `${name}: Int`),
  directus_notifications_aggregated_fields: ['id: Float'],
  datetime_functions: parts.map((part) => `${part}: Int`),
  datetime_function_filter_operators: parts.map((part) => `${part}: number_filter_operators`),
  number_filter_operators: [
    ...['_eq', '_neq', '_lt', '_lte', '_gt', '_gte'].map((name) => `${name}: GraphQLStringOrFloat`),
    ...['_in', '_nin', '_between', '_nbetween'].map((name) => `${name}: [GraphQLStringOrFloat]`),
    ...['_null: Boolean', '_nnull: Boolean'],
  ],
  date_filter_operators: [
    ...['_eq', '_neq', '_lt', '_lte', '_gt', '_gte'].map((name) => `${name}: String`),
    ...['_in', '_nin', '_between', '_nbetween'].map((name) => `${name}: [String]`),
    ...['_null: Boolean', '_nnull: Boolean'],
  ],
  string_filter_operators: textOperators('String'),
  id_filter_operators: textOperators('ID'),
};

function textOperators(type: string): string[] {
  const patterns = ['contains', 'starts_with', 'ends_with'].flatMap((one) => [
    `_${one}`,
    `_n${one}`,
    `_i${one}`,
  ]);
  return [
    ...['_eq', '_neq', ...patterns, '_nistarts_with', '_niends_with'].map((name) => `${name}: ${type}`),
    ...['_in', '_nin'].map((name) => `${name}: [${type}]`),
    ...['_null', '_nnull', '_empty', '_nempty'].map((name) => `${name}: Boolean`),
  ];
}

const ofAdmins: Record<string, string[]> = {
  ...common,
  Mutation: [
    'create_notifications_item(data: create_directus_notifications_input!): directus_notifications',
    `create_notifications_items(${rows}, data: [create_directus_notifications_input!]): ${all}`,
    'delete_notifications_item(id: ID!): delete_one',
    'delete_notifications_items(ids: [ID]!): delete_many',
    ...updates,
  ],
  delete_one: ['id: ID!'],
  delete_many: ['ids: [ID]!'],
  create_directus_notifications_input: inputs('create', 'subject: String!'),
  update_directus_notifications_input: inputs('update', 'subject: String'),
};

function inputs(verb: string, subject: string): string[] {
  return [
    ...['id: ID', 'timestamp: Date', 'status: String', subject, 'message: String'],
    ...['recipient', 'sender'].map((name) => `${name}: ${verb}_directus_users_input`),
    ...['collection: String', 'item: String'],
  ];
}

const ofMembers: Record<string, string[]> = {
  ...common,
  Mutation: updates,
  update_directus_notifications_input: ['status: String'],
};

const table = [
  ...Object.entries(ofAdmins).map(([type, lines]) => ({ caller: 'admin', type, lines })),
  ...Object.entries(ofMembers).map(([type, lines]) => ({ caller: 'member', type, lines })),
  { caller: 'nobody', type: 'Query', lines: ['_empty: Void'] },
];

describe('the schema that introspection tells', () => {
  it.each(table)('has $type of $caller as Directus has it', ({ caller, type, lines }) => {
    expect(told(caller, type)?.toSorted()).toEqual(lines.toSorted());
  });

  it.each([
    { caller: 'member', types: ['create_directus_notifications_input', 'delete_one', 'delete_many'] },
    { caller: 'nobody', types: ['Mutation', 'directus_notifications', 'directus_users'] },
  ])('has nothing in it that a $caller may not do', ({ caller, types }) => {
    for (const type of types) expect(schemas[caller]?.getType(type)).toBeUndefined();
  });

  it("tells members less of users than admins: nobody's secrets' names", () => {
    const names = (caller: string) =>
      (told(caller, 'directus_users') ?? []).map((line) => line.split(/\W/)[0]);
    expect(names('member')).toEqual(
      expect.arrayContaining(['id', 'email', 'first_name', 'role', 'password']),
    );
    expect(names('admin')).toEqual(expect.arrayContaining([...names('member'), 'token', 'auth_data']));
    expect(names('member')).not.toContain('token');
  });

  it.each(['/graphql/system', '/graphql'])('is that of notifications at %s', async (path) => {
    const query = '{ __type(name: "directus_notifications") { fields { name } } }';
    const { body } = await stage.ask(query, { as: stage.member, path });
    expect(body.data.__type.fields).toHaveLength(10);
  });
});
