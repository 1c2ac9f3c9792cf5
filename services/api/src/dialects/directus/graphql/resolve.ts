import { dateParts } from '@carillon/core';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import type { RequestContext } from '../../../http/request-context.ts';
import type { Collection } from '../query/collections.ts';
import { isObject } from '../query/query-text.ts';
import type { Arguments } from './arguments.ts';
import type { RequestBudget } from './budget.ts';
import { relationKey } from './selection.ts';

/** What the operations of one request have in common. */
export interface OperationContext {
  deps: ApiDeps;
  caller: UserCaller;
  kind: 'admin' | 'member';
  collection: Collection;
  request: RequestContext;
  budget: RequestBudget;
}

/** A field of Query or Mutation by its name. */
export type Operations = Readonly<
  Record<string, (args: Arguments, context: OperationContext, info: GraphQLResolveInfo) => Promise<unknown>>
>;

/** A resolver for every field of the schema: at the root one of `operations`, elsewhere what the row has. */
export function createResolver(operations: Operations): GraphQLFieldResolver<unknown, OperationContext> {
  return (source, args: Arguments, context, info) => {
    const operation = operations[info.fieldName];
    if (info.path.prev === undefined && operation !== undefined)
      return context.budget.inTurn(() => operation(args, context, info));
    return isObject(source) ? resolveOf(source, info) : defaultFieldResolver(source, args, context, info);
  };
}

function resolveOf(row: Readonly<Record<string, unknown>>, { fieldName, path }: GraphQLResolveInfo): unknown {
  const of = /^(\w+)_func$/.exec(fieldName)?.[1];
  if (of !== undefined) return Object.fromEntries(dateParts.map((part) => [part, row[`${of}_${part}`]]));
  const key = relationKey(fieldName, path.key);
  if (key === fieldName || !Object.hasOwn(row, key)) return asEnd(row, fieldName);
  return asEnd(row, key);
}

/** A relation that was read without what it leads to is the id of it. */
function asEnd(row: Readonly<Record<string, unknown>>, key: string): unknown {
  const isRelation = /^(?:recipient|sender)(?:@|$)/.test(key);
  const value = row[key];
  return isRelation && typeof value === 'string' ? { id: value } : value;
}
