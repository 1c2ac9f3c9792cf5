import { buildSchema, type GraphQLSchema } from 'graphql';
import type { CallerKind } from '../query/collections.ts';
import { schemaText } from './schema-text.ts';

/** The schema of each sort of caller. */
export type Schemas = (kind: CallerKind) => GraphQLSchema;

/** Each is built when it is first asked for, and once. */
export function createSchemas(): Schemas {
  const built = new Map<CallerKind, GraphQLSchema>();
  return (kind) => {
    const schema = built.get(kind) ?? buildSchema(schemaText(kind));
    built.set(kind, schema);
    return schema;
  };
}
