import { GraphQLError, type ExecutionArgs } from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { inspect } from '@carillon/contracts';
import { TooManyError } from '@carillon/core';
import { every } from '@carillon/runtime';
import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import { closeCodes } from '../../../live/connection.ts';
import { createMessageBudget, type ServeSocket } from '../../../live/websocket.ts';
import type { DialectSocket } from '../../dialect.ts';
import { DirectusError, invalidPayload } from '../errors.ts';
import { jsonDepthMax } from '../query/query-text.ts';
import { needOrigin, textOf } from '../realtime/socket.ts';
import { checkOperation } from './document.ts';
import { tellResult } from './execute.ts';
import { createContext, fieldResolver } from './operations.ts';
import { readOperation } from './request.ts';
import type { OperationContext } from './resolve.ts';
import { schemaOf } from './schemas.ts';
import { createTalk, type Talk } from './talk.ts';

/** As with the other socket of Directus: so long a client may be silent before it says who it is. */
const handshakeMs = 10_000;
const recheckMs = 30_000;
const operationsMax = 50;
const messagesPerSecond = 150;
/** A client that leaves so much unread is closed, and may begin again. */
const bufferedBytesMax = 1024 * 1024;
/** Sockets whose client did not say yet who it is: they are nobody's, so nobody's room is counted. */
const strangersMax = 1_000;

/** What one operation on a socket is executed with. */
interface SocketContext extends OperationContext {
  talk: Talk;
  hasBare: boolean;
}

/** Subscriptions, and whatever HTTP takes as well, by the protocol `graphql-transport-ws`. */
export function graphqlSocket(deps: ApiDeps): DialectSocket {
  const server = createServer(deps);
  const strangers = new Set<Talk>();

  function serve(websocket: WebSocket, talk: Talk): void {
    const budget = createMessageBudget(deps, messagesPerSecond);
    strangers.add(talk);
    const closed = server.opened(
      {
        protocol: websocket.protocol,
        close: (code, reason) => websocket.close(code, reason),
        send(text) {
          if (websocket.bufferedAmount > bufferedBytesMax) return websocket.close(closeCodes.slow, 'slow');
          deps.metrics.framesSent.inc();
          websocket.send(text);
        },
        onMessage(hear) {
          websocket.on('message', (data, isBinary) => {
            const text = textOf(data, isBinary);
            if (text === undefined || !budget.spend()) return websocket.close(closeCodes.revoked, 'refused');
            hear(text).catch((error: unknown) => {
              deps.log.warn({ event: 'realtime.failed', requestId: talk.request.requestId, error });
              websocket.close(closeCodes.slow, 'try again later');
            });
          });
        },
      },
      { talk, welcomed: () => strangers.delete(talk) },
    );
    const rechecking = every(recheckMs, () => talk.recheck(), { onError: () => websocket.terminate() });
    websocket.on('error', (error) => deps.log.debug({ event: 'stream.error', detail: error.message }));
    websocket.on('close', (code, reason) => {
      strangers.delete(talk);
      talk.end();
      void rechecking.stop();
      void closed(code, reason.toString());
    });
  }

  return {
    path: '/graphql',
    async open(request, query, context): Promise<ServeSocket> {
      needOrigin(deps, request);
      if (strangers.size >= strangersMax)
        throw new TooManyError('rate.limited', 'Too many sockets wait for their handshake', {
          retryAfterMs: handshakeMs,
        });
      const token = query.get('access_token') ?? undefined;
      return (websocket) => {
        const end = (code: number, reason: string) => websocket.close(code, reason);
        serve(websocket, createTalk(deps, { request: context, token }, end));
      };
    },
  };
}

interface Extra {
  talk: Talk;
  welcomed(): void;
}

function createServer(deps: ApiDeps): Server<Extra> {
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: handshakeMs,
    async onConnect({ connectionParams, extra: { talk, welcomed } }) {
      const isKnown = await talk.welcome(connectionParams?.['access_token']);
      if (isKnown) welcomed();
      return isKnown;
    },
    onSubscribe({ extra: { talk }, subscriptions }, _id, payload) {
      const caller = talk.caller();
      if (caller === undefined) return [new GraphQLError('Nobody is here any more')];
      try {
        if (Object.keys(subscriptions).length > operationsMax)
          throw invalidPayload(`A socket may have ${operationsMax} operations at once`);
        return toExecution(deps, talk, caller, payload);
      } catch (error) {
        if (error instanceof DirectusError)
          return error.problems.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
        throw error;
      }
    },
    onNext({ extra: { talk } }, _id, _payload, { contextValue }, result) {
      const hasBare = isSocketContext(contextValue) && contextValue.hasBare;
      return tellResult(deps, result, { hasBare, requestId: talk.request.requestId });
    },
  });
}

/** Throws DirectusError. */
function toExecution(
  deps: ApiDeps,
  talk: Talk,
  caller: UserCaller,
  payload: SubscribePayload,
): ExecutionArgs {
  const [unstorable] = inspect(payload, jsonDepthMax).errors;
  if (unstorable !== undefined) throw invalidPayload(`${unstorable.pointer}: ${unstorable.detail}`);
  const context = createContext(deps, caller, talk.request);
  const schema = schemaOf(context.kind);
  const { document, variables, operationName, hasBare } = checkOperation(schema, readOperation(payload));
  const contextValue: SocketContext = { ...context, talk, hasBare };
  return {
    ...{ schema, document, contextValue, fieldResolver, variableValues: variables, operationName },
    // The only field of Subscription.
    subscribeFieldResolver: (
      _source,
      args: Record<string, unknown>,
      { talk: on, ...rest }: SocketContext,
      info,
    ) => on.listen(args, rest, info),
  };
}

function isSocketContext(value: unknown): value is SocketContext {
  return typeof value === 'object' && value !== null && 'talk' in value && 'hasBare' in value;
}
