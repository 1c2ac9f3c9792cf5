import {
  getArgumentValues,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql';
import type { Collection } from '../query/collections.ts';
import type { QuerySource } from '../query/query-text.ts';
import { toFilter } from './arguments.ts';
import { bareKey } from './bare-relations.ts';

/** What a selection needs of a place in a document. */
export type SelectionInfo = Pick<
  GraphQLResolveInfo,
  'fieldNodes' | 'fragments' | 'schema' | 'variableValues'
>;

interface Query {
  fields: string[];
  alias: Record<string, string>;
  deep: Record<string, unknown>;
}

/**
 * A selection of rows as a query that reads just that: relations, which may be selected twice with other arguments,
 * under the keys of `relationKey`.
 */
export function toQuery(info: SelectionInfo, collection: Collection): QuerySource {
  const query: Query = { fields: [], alias: {}, deep: {} };
  addFields(query, info, info.fieldNodes, collection, '');
  // Naming nothing would mean everything.
  return { ...query, fields: query.fields.length === 0 ? ['id'] : query.fields };
}

/** Where a row has what was selected of a relation. No name of GraphQL has this sign. */
export function relationKey(name: string, responseKey: string | number): string {
  return name === responseKey ? name : `${name}@${responseKey}`;
}

function addFields(
  query: Query,
  info: SelectionInfo,
  nodes: readonly FieldNode[],
  collection: Collection,
  path: string,
) {
  for (const [responseKey, same] of selectedFields(info, nodes)) {
    const name = same[0]?.name.value ?? '';
    const end = collection.fields.get(name)?.end;
    if (end !== undefined) {
      addRelation(query, info, { name, responseKey, nodes: same, collection, end, path });
      continue;
    }
    const of = /^(\w+)_func$/.exec(name)?.[1];
    const names = of === undefined ? [name] : [...selectedNames(info, same)].map((part) => `${part}(${of})`);
    query.fields.push(...names.map((one) => `${path}${one}`));
  }
}

interface Relation {
  name: string;
  responseKey: string;
  nodes: readonly FieldNode[];
  collection: Collection;
  end: Collection;
  path: string;
}

function addRelation(query: Query, info: SelectionInfo, relation: Relation) {
  const { name, responseKey, nodes, collection, end, path } = relation;
  // Only what notifications lead to can be read twice; of a user there is one role, whatever is asked of it.
  const key = path === '' ? relationKey(name, responseKey) : name;
  if (path === '' && key !== name) query.alias[key] = name;
  const isBare = [...selectedFields(info, nodes).keys()].every((one) => one === bareKey);
  if (isBare && path === '') {
    query.fields.push(key);
    return;
  }
  const before = query.fields.length;
  addFields(query, info, nodes, end, `${path}${key}.`);
  if (query.fields.length === before) query.fields.push(`${path}${key}.id`);
  const filter = path === '' ? filterOf(info, nodes, collection) : undefined;
  if (filter !== undefined) query.deep[key] = { _filter: filter };
}

function filterOf(info: SelectionInfo, [node]: readonly FieldNode[], { name }: Collection): unknown {
  const type = info.schema.getType(name);
  const field = isObjectType(type) && node !== undefined ? type.getFields()[node.name.value] : undefined;
  if (field === undefined || node === undefined) return undefined;
  const { filter } = getArgumentValues(field, node, info.variableValues);
  return filter == null ? undefined : toFilter(filter);
}

/** Names of what is selected below, `__typename` and the like left out. */
export function selectedNames(info: SelectionInfo, nodes: readonly FieldNode[]): Set<string> {
  return new Set([...selectedFields(info, nodes).values()].flatMap(([node]) => node?.name.value ?? []));
}

/** What is selected below, by the keys of the answer; fragments and directives are followed. */
export function selectedFields(info: SelectionInfo, nodes: readonly FieldNode[]): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  for (const { selectionSet } of nodes) gather(info, selectionSet?.selections ?? [], found);
  return found;
}

function gather(
  info: SelectionInfo,
  selections: readonly SelectionNode[],
  found: Map<string, FieldNode[]>,
): void {
  for (const node of selections) {
    if (!isIncluded(info, node)) continue;
    if (node.kind === Kind.FIELD) {
      if (node.name.value.startsWith('__')) continue;
      const key = node.alias?.value ?? node.name.value;
      found.set(key, [...(found.get(key) ?? []), node]);
      continue;
    }
    // Without unions and interfaces every fragment that passed validation is of the type where it stands.
    const within = node.kind === Kind.INLINE_FRAGMENT ? node : info.fragments[node.name.value];
    gather(info, within?.selectionSet.selections ?? [], found);
  }
}

function isIncluded({ variableValues }: SelectionInfo, node: SelectionNode): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
}
