import { dateParts } from '@carillon/core';
import { collections, type CallerKind, type Collection, type Field } from '../query/collections.ts';
import { listOperators } from '../query/operators.ts';

type Reader = Exclude<CallerKind, 'none'>;

/**
 * The schema of one sort of caller in the schema language: what it may not ask for does not exist in it. Names and
 * nullability are those that Directus 12 tells on introspection.
 */
export function schemaText(kind: CallerKind): string {
  if (kind === 'none') return 'type Query { _empty: Void }\nscalar Void';
  const collection = collections[kind];
  const types = reachable(collection);
  return [
    ...scalars(kind),
    ...operations(kind),
    ...types.map((one) => block('type', one.name, [...one.fields.values()].flatMap(outputs))),
    ...types.map((one) => filterInput(one)),
    ...operatorInputs,
    block('type', 'datetime_functions', each(dateParts, 'Int')),
    block('input', 'datetime_function_filter_operators', each(dateParts, 'number_filter_operators')),
    ...aggregates(collection),
    ...inputs(kind, collection),
  ].join('\n');
}

const list = (of: string) =>
  `filter: ${of}_filter, sort: [String], limit: Int, offset: Int, page: Int, search: String`;
const rows = '[directus_notifications!]!';
const row = 'directus_notifications';

function operations(kind: Reader): string[] {
  const change = 'data: update_directus_notifications_input!';
  const draft = 'create_directus_notifications_input!';
  const forAdmins = [
    `create_notifications_item(data: ${draft}): ${row}`,
    `create_notifications_items(${list(row)}, data: [${draft}]): ${rows}`,
    'delete_notifications_item(id: ID!): delete_one',
    'delete_notifications_items(ids: [ID]!): delete_many',
  ];
  const onlyAdmins = kind === 'admin' ? forAdmins : [];
  return [
    block('type', 'Query', [
      `notifications(${list(row)}): ${rows}`,
      `notifications_by_id(id: ID!, version: String): ${row}`,
      `notifications_aggregated(groupBy: [String], ${list(row)}): [directus_notifications_aggregated!]!`,
    ]),
    block('type', 'Mutation', [
      ...onlyAdmins,
      `update_notifications_item(id: ID!, ${change}): ${row}`,
      `update_notifications_items(${list(row)}, ids: [ID]!, ${change}): ${rows}`,
      `update_notifications_batch(${list(row)}, data: [update_directus_notifications_input!]): ${rows}`,
    ]),
    block('type', 'Subscription', [`${row}_mutated(event: EventEnum): ${row}_mutated`]),
    block('type', `${row}_mutated`, ['key: ID!', 'event: EventEnum', `data: ${row}`]),
    'enum EventEnum { create update delete }',
    ...(kind === 'admin'
      ? [block('type', 'delete_one', ['id: ID!']), block('type', 'delete_many', ['ids: [ID]!'])]
      : []),
  ];
}

function scalars(kind: Reader): string[] {
  const user = '"""\nA user, by the uuid or as an object with the uuid as its `id`\n"""';
  return [
    ...['Date', 'GraphQLStringOrFloat', 'Hash', 'JSON'].map((name) => `scalar ${name}`),
    // Of Directus' names, but not input objects: a text is no value of one (docs/decisions).
    ...(kind === 'admin'
      ? ['create', 'update'].map((verb) => `${user} scalar ${verb}_directus_users_input`)
      : []),
  ];
}

/** A collection and what its relations lead to, each once. */
function reachable(from: Collection, found = new Map<string, Collection>()): Collection[] {
  if (!found.has(from.name)) {
    found.set(from.name, from);
    for (const { end } of from.fields.values()) if (end !== undefined) reachable(end, found);
  }
  return [...found.values()];
}

const never = new Set(['id', 'subject', 'name']);

function outputs(field: Field): string[] {
  const { name, end } = field;
  if (end !== undefined) return [`${name}(${list(end.name)}): ${end.name}`];
  const own = `${name}: ${outputType(field)}${never.has(name) ? '!' : ''}`;
  return field.type === 'timestamp' ? [own, `${name}_func: datetime_functions`] : [own];
}

function outputType({ name, type }: Field): string {
  if (name === 'id') return 'ID';
  return (
    {
      ...{ integer: 'Int', timestamp: 'Date', string: 'String', text: 'String', uuid: 'String' },
      ...{ json: 'JSON', boolean: 'Boolean', hash: 'Hash' },
    } as const
  )[type];
}

function filterInput({ name, fields }: Collection): string {
  const logic = ['_and', '_or'].map((key) => `${key}: [${name}_filter]`);
  return block('input', `${name}_filter`, [...[...fields.values()].flatMap(filters), ...logic]);
}

function filters(field: Field): string[] {
  const { name, type, end } = field;
  if (end !== undefined) return [`${name}: ${end.name}_filter`];
  if (type === 'timestamp')
    return [`${name}: date_filter_operators`, `${name}_func: datetime_function_filter_operators`];
  if (name === 'id' && type !== 'integer') return [`${name}: id_filter_operators`];
  return [`${name}: ${operatorsOf[type]}_filter_operators`];
}

const operatorsOf = {
  ...{ integer: 'number', string: 'string', text: 'string', uuid: 'id' },
  ...{ json: 'json', boolean: 'boolean', hash: 'hash' },
} as const;

const flags = new Set(['_null', '_nnull', '_empty', '_nempty']);
const lists = new Set(['_in', '_nin', '_between', '_nbetween']);

const operatorInputs = (
  [
    ['number', 'integer', 'GraphQLStringOrFloat'],
    ['date', 'timestamp', 'String'],
    ['string', 'string', 'String'],
    ['id', 'string', 'ID'],
    ['json', 'json', 'String'],
    ['boolean', 'boolean', 'Boolean'],
    ['hash', 'hash', 'String'],
  ] as const
).map(([name, type, value]) => {
  const names = listOperators().flatMap((one) => (one.types.has(type) ? [one.name] : []));
  const fields = names.map((one) => {
    if (flags.has(one)) return `${one}: Boolean`;
    return `${one}: ${lists.has(one) ? `[${value}]` : value}`;
  });
  return block('input', `${name}_filter_operators`, fields);
});

/** Computed of a group: whether they give whole numbers, and are of any field, or are of numbers alone. */
export const aggregateFields = {
  ...{ count: 'count', countDistinct: 'count' },
  ...{ avg: 'fields', sum: 'fields', avgDistinct: 'fields', sumDistinct: 'fields' },
  ...{ min: 'fields', max: 'fields' },
} as const;

function aggregates({ name, fields }: Collection): string[] {
  const own = Object.entries(aggregateFields).map(([fn, of]) => `${fn}: ${name}_aggregated_${of}`);
  const numbers = [...fields.values()].filter(({ type }) => type === 'integer');
  return [
    block('type', `${name}_aggregated`, ['group: JSON', 'countAll: Int', ...own]),
    block('type', `${name}_aggregated_count`, each([...fields.keys()], 'Int')),
    block(
      'type',
      `${name}_aggregated_fields`,
      numbers.map((field) => `${field.name}: Float`),
    ),
  ];
}

function inputs(kind: Reader, { name, fields }: Collection): string[] {
  if (kind === 'member') return [block('input', `update_${name}_input`, ['status: String'])];
  return (['create', 'update'] as const).map((verb) => {
    const given = [...fields.values()].map((field) => {
      if (field.end !== undefined) return `${field.name}: ${verb}_${field.end.name}_input`;
      const must = verb === 'create' && field.name === 'subject' ? '!' : '';
      return `${field.name}: ${outputType(field)}${must}`;
    });
    return block('input', `${verb}_${name}_input`, given);
  });
}

function each(names: readonly string[], type: string): string[] {
  return names.map((name) => `${name}: ${type}`);
}

function block(keyword: 'type' | 'input', name: string, lines: readonly string[]): string {
  return `${keyword} ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}`;
}
