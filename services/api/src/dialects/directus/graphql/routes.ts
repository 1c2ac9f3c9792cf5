import { OperationTypeNode } from 'graphql';
import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import type { DialectCall, DialectReply, DialectRoute } from '../../dialect.ts';
import { everybody } from '../../rights.ts';
import { invalidPayload, methodNotAllowed } from '../errors.ts';
import { checkOperation, type CheckedOperation } from './document.ts';
import { executeOperation, type Execution, type OperationAnswer } from './execute.ts';
import { createContext, fieldResolver } from './operations.ts';
import { readBody, readUrl, type Operation } from './request.ts';
import { schemaOf } from './schemas.ts';

/** Notifications are system items; with nothing else to serve, both paths serve them. */
export const graphqlPaths = ['/graphql/system', '/graphql'] as const;
/** Of requests; a WebSocket begins as a GET. */
export const graphqlMethods = ['GET', 'POST'] as const;

/** The collection over GraphQL. */
export function graphqlRoutes(deps: ApiDeps): DialectRoute[] {
  return graphqlPaths.flatMap((path) =>
    graphqlMethods.map((method): DialectRoute => {
      const answerTo = (call: Call, caller: UserCaller | undefined) =>
        answer(deps, { ...call, method, caller });
      return {
        ...{ method, path, auth: everybody('inbox') },
        handle: (call) => answerTo(call, call.caller),
        handleNobody: (call) => answerTo(call, undefined),
      };
    }),
  );
}

type Call = Pick<DialectCall, 'query' | 'body' | 'context'>;

interface Asked extends Call {
  method: (typeof graphqlMethods)[number];
  caller: UserCaller | undefined;
}

/** Throws DirectusError before anything is executed when one of the operations may not be. */
async function answer(deps: ApiDeps, asked: Asked): Promise<DialectReply> {
  const given = asked.method === 'GET' ? readUrl(asked.query) : readBody(asked.body);
  const execution = executionOf(deps, asked);
  const checked = asListOf(given).map((one) => checkOperation(execution.schema, one));
  for (const one of checked) refuseType(one, asked.method);
  const answers: OperationAnswer[] = [];
  for (const one of checked)
    answers.push(await executeOperation(deps, one, execution, asked.context.requestId));
  return { status: 200, body: Array.isArray(given) ? answers : answers[0] };
}

function asListOf(given: Operation | Operation[]): Operation[] {
  return Array.isArray(given) ? given : [given];
}

function executionOf(deps: ApiDeps, { caller, context: request }: Asked): Execution {
  if (caller === undefined) return { schema: schemaOf('none'), fieldResolver, context: undefined };
  const context = createContext(deps, caller, request);
  return { schema: schemaOf(context.kind), fieldResolver, context };
}

/** Throws DirectusError. */
function refuseType({ type }: CheckedOperation, method: Asked['method']): void {
  if (type === OperationTypeNode.MUTATION && method === 'GET') throw methodNotAllowed(method, ['POST']);
  if (type === OperationTypeNode.SUBSCRIPTION)
    throw invalidPayload('Subscriptions are served over a WebSocket');
}
