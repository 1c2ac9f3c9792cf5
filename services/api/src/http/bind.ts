import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response, Router } from 'express';
import {
  bodyBytesMaxDefault,
  compileRoute,
  takesIfMatch,
  takesIfNoneMatch,
  type BodyOf,
  type Checked,
  type CompiledRoute,
  type ParamsOf,
  type QueryOf,
  type Route,
} from '@carillon/contracts';
import { MalformedError, UnauthenticatedError } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';
import { authenticate } from './authenticate.ts';
import { authorize, type Caller } from './caller.ts';
import { etagOf, isKnown, readIfMatch, type IfMatch } from './etag.ts';
import { readIdempotencyKey, type RequestKey } from './idempotency-key.ts';
import { toProblem } from './problem.ts';
import { readJsonBody } from './read-body.ts';
import { requestContext, type RequestContext } from './request-context.ts';

/** What a handler gets: everything checked, nothing of HTTP. */
export interface Call<R extends Route> {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  context: RequestContext;
  /** The `Idempotency-Key` with the hash of the body; undefined without the header. */
  key: RequestKey | undefined;
  /** The `If-Match` of a call that takes one. */
  ifMatch: IfMatch | undefined;
}

/** What a handler gives back. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Told with an answer that was given before for the same idempotency key. */
export const replayedHeader = { 'Idempotency-Replayed': 'true' };
/** For answers that hold a secret. */
export const noStore = { 'Cache-Control': 'no-store' };

/** The answer of a change that shows the same as a GET would now. */
export function changed(body: object): Reply {
  return { status: 200, body, headers: { ETag: etagOf(body) } };
}

export type Handler<R extends Route> = (call: Call<R> & { caller: Caller }) => Promise<Reply>;

type BindDeps = Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt' | 'log' | 'config' | 'newId'>;

/** What a server knows of a request besides what Node's parser says. */
export interface RequestParts {
  params: Readonly<Record<string, string>>;
  query: Record<string, unknown>;
  /** For the log of refused credentials. */
  clientIp?: string | undefined;
  /** Answers a refused credential instead of this route. */
  onUnauthenticated?: () => void;
}

/** Serves one route on a plain request, whatever found it. */
export type Serve = (request: IncomingMessage, response: ServerResponse, parts: RequestParts) => void;

/** Mounts one route: authenticate → validate → handle → answer, the same for all. */
export function bind<R extends Route>(deps: BindDeps, router: Router, route: R, handle: Handler<R>): Serve {
  const compiled = compileRoute(route);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  const serve: Serve = (request, response, parts) => {
    const context = requestContext(deps.newId, request, response);
    answer(deps, compiled, handle, request, { ...parts, context }).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        if (error instanceof UnauthenticatedError) {
          if (parts.onUnauthenticated !== undefined) return parts.onUnauthenticated();
          deps.log.info({ event: 'auth.refused', code: error.code, clientIp: parts.clientIp, ...context });
        }
        sendProblem(deps, response, error, context.requestId);
      },
    );
  };
  router[methodOf(route)](path, (request: Request, response: Response) => {
    const params = Object.fromEntries(
      Object.entries(request.params).map(([name, text]) => [name, String(text)]),
    );
    serve(request, response, { params, query: request.query, clientIp: request.ip });
  });
  return serve;
}

function methodOf(route: Route): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  switch (route.method) {
    case 'GET':
      return 'get';
    case 'POST':
      return 'post';
    case 'PUT':
      return 'put';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
  }
}

async function answer<R extends Route>(
  deps: BindDeps,
  compiled: CompiledRoute<R>,
  handle: Handler<R>,
  request: IncomingMessage,
  { params: rawParams, query: rawQuery, context }: RequestParts & { context: RequestContext },
): Promise<Reply> {
  const { route } = compiled;
  if (route.auth === 'public') throw new TypeError(`${route.operationId} is mounted by itself`);
  const caller = await authenticate(deps, request.headers.authorization);
  authorize(route.auth, caller);
  const key = readIdempotencyKey(route, request.headers['idempotency-key']);
  const ifMatch = takesIfMatch(route) ? readIfMatch(request.headers['if-match']) : undefined;
  const params = right(compiled.params(rawParams));
  const query = right(compiled.query(refuseTokens(rawQuery)));
  const read = await readJsonBody(request, route.bodyBytesMax ?? bodyBytesMaxDefault);
  const body = right(compiled.body(read?.value));
  const keyed =
    key === undefined ? undefined : { key, route: route.operationId, bodyHash: hashOf(request, read?.text) };
  const reply = await handle({ params, query, body, context, key: keyed, ifMatch, caller });
  return takesIfNoneMatch(route) ? tag(reply, request.headers['if-none-match']) : reply;
}

/** Whoever keeps an answer may do so for one reader, and asks each time whether it still holds. */
const revalidated = { 'Cache-Control': 'private, no-cache' };

function tag(reply: Reply, ifNoneMatch: string | undefined): Reply {
  const headers = { ...reply.headers, ...revalidated, ETag: etagOf(reply.body) };
  return isKnown(ifNoneMatch, headers.ETag) ? { status: 304, headers } : { ...reply, headers };
}

/** The same key must mean the same request: path and body. */
function hashOf(request: IncomingMessage, text: string | undefined): string {
  const path = (request.url ?? '').split('?', 1)[0];
  return createHash('sha256')
    .update(`${path}\0${text ?? ''}`)
    .digest('base64url');
}

/** What was checked, or a MalformedError with each wrong place. */
export function right<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  const first = checked.errors[0];
  const detail = first === undefined ? 'The request is not valid' : `${first.pointer}: ${first.detail}`;
  throw new MalformedError('request.invalid', detail, { errors: checked.errors });
}

/** A long-lived token in a URL ends up in logs and histories. */
export function refuseTokens(query: Record<string, unknown>): Record<string, unknown> {
  for (const name of ['access_token', 'token', 'api_key']) {
    if (Object.hasOwn(query, name)) {
      throw new UnauthenticatedError('auth.required', 'Tokens in a query string are refused: send a header');
    }
  }
  return query;
}

/** Sends an answer as JSON, if nothing was sent yet. */
export function send(response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const body = reply.body === undefined ? undefined : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(body !== undefined && {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    }),
    ...reply.headers,
  });
  response.end(body);
}

/** Answers an error in the form of `/v1`. */
export function sendProblem(
  deps: Pick<ApiDeps, 'log' | 'config'>,
  response: ServerResponse,
  error: unknown,
  requestId: string,
): void {
  if (response.headersSent || response.destroyed) return;
  const problem = toProblem(deps, error, requestId);
  const body = JSON.stringify(problem.body);
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...problem.headers,
  });
  response.end(body);
}
