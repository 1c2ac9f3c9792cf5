import { buildSchema, type GraphQLSchema } from 'graphql';
import type { CallerKind } from '../query/collections.ts';
import { schemaText } from './schema-text.ts';

const built = new Map<CallerKind, GraphQLSchema>();

/** The schema of a sort of caller; each is built when it is first asked for, and once. */
export function schemaOf(kind: CallerKind): GraphQLSchema {
  const schema = built.get(kind) ?? buildSchema(schemaText(kind));
  built.set(kind, schema);
  return schema;
}
