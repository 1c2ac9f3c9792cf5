import {
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import { isObject } from '../query/query-text.ts';

/**
 * The name under which the id of a bare relation is asked for. Neither a document nor JSON from PostgreSQL can hold
 * U+0000, so nothing that a caller wrote is ever mistaken for it.
 */
export const bareKey = '\0id';

/** Relations, by the types that have them. */
const relations = new Set([
  ...['directus_notifications.recipient', 'directus_notifications.sender', 'directus_users.role'],
]);

/**
 * Gives every relation that is selected without fields its id to select, which makes the document one that GraphQL
 * knows: there a field is either a value or an object. `putBareBack` undoes it in the answer. The same document where
 * there is none.
 */
export function expandBare(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema);
  const visitor = {
    Field(node: FieldNode): FieldNode | undefined {
      const isRelation = relations.has(`${types.getParentType()?.name}.${node.name.value}`);
      if (!isRelation || node.selectionSet !== undefined) return undefined;
      const name = { kind: Kind.NAME, value: 'id' } as const;
      const id = { kind: Kind.FIELD, name, alias: { kind: Kind.NAME, value: bareKey } } as const;
      return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections: [id] } };
    },
  };
  return visit(document, visitWithTypeInfo(types, visitor));
}

/** Puts each id in the place of its relation. Where fields were selected as well, those are told. */
export function putBareBack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(putBareBack);
  if (!isObject(value)) return value;
  const { [bareKey]: id, ...fields } = value;
  const entries = Object.entries(fields);
  if (id !== undefined && entries.length === 0) return id;
  return Object.fromEntries(entries.map(([key, one]) => [key, putBareBack(one)]));
}
