import {
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type SourceLocation,
} from 'graphql';
import { CarillonError } from '@carillon/core';
import type { ApiDeps } from '../../../deps.ts';
import { asKnown } from '../../../http/problem.ts';
import type { DirectusProblem } from '../errors.ts';
import { asDirectusError } from '../from-error.ts';
import { isObject } from '../query/query-text.ts';
import { putBareBack } from './bare-relations.ts';
import type { CheckedOperation } from './document.ts';
import type { OperationContext } from './resolve.ts';

/** What is answered to one operation: data, or where there could be none only errors. */
export interface OperationAnswer {
  data?: Record<string, unknown>;
  errors?: OperationProblem[];
}

export interface OperationProblem extends DirectusProblem {
  locations?: readonly SourceLocation[];
  path?: readonly (string | number)[];
}

export interface Execution {
  schema: GraphQLSchema;
  fieldResolver: GraphQLFieldResolver<unknown, OperationContext>;
  /** Undefined for nobody, whose schema has nothing that would look into it. */
  context: OperationContext | undefined;
}

/** Executes what was checked. What goes wrong stands in the answer, in Directus' own words. */
export async function executeOperation(
  deps: Pick<ApiDeps, 'log'>,
  { document, variables, operationName, hasBare }: CheckedOperation,
  { schema, fieldResolver, context }: Execution,
  requestId: string,
): Promise<OperationAnswer> {
  const result = await execute({
    ...{ schema, document, variableValues: variables, operationName, contextValue: context, fieldResolver },
  });
  return tellResult(deps, result, { hasBare, requestId });
}

/** What became of an operation, or of one event of it. */
export function tellResult(
  deps: Pick<ApiDeps, 'log'>,
  { data, errors }: { data?: unknown; errors?: readonly GraphQLError[] | undefined },
  { hasBare, requestId }: { hasBare: boolean; requestId: string },
): OperationAnswer {
  const told = hasBare ? putBareBack(data) : data;
  return {
    ...(errors !== undefined && { errors: errors.flatMap((error) => tellError(deps, error, requestId)) }),
    // Where a list that cannot be null failed, there is none.
    ...(isObject(told) && { data: told }),
  };
}

/** One entry for each thing that an error tells. The only logger of what went wrong on our side. */
function tellError(deps: Pick<ApiDeps, 'log'>, error: GraphQLError, requestId: string): OperationProblem[] {
  const { locations, path } = error;
  const place = { ...(locations !== undefined && { locations }), ...(path !== undefined && { path }) };
  const cause = error.originalError;
  // Variables and values that are not of their type: what a caller sent, which Directus tells with this code.
  if (cause === undefined || cause === null || cause instanceof GraphQLError) {
    const extensions = { code: 'INTERNAL_SERVER_ERROR' } as const;
    return [{ message: error.message, extensions, ...place }];
  }
  const known = cause instanceof CarillonError ? cause : asKnown(cause)?.error;
  if (known === undefined) deps.log.error({ event: 'request.failed', requestId, error: cause });
  const told = asDirectusError(known);
  if (told.status === 503) deps.log.warn({ event: 'request.unavailable', requestId, error: cause });
  return told.problems.map((problem) => ({ ...problem, ...place }));
}
