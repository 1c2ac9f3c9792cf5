import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NextFunction, Request, Response, Router } from 'express';
import { inspect, type RouteAuth } from '@carillon/contracts';
import {
  CarillonError,
  ForbiddenError,
  MalformedError,
  NotFoundError,
  parsePosition,
  TooManyError,
  UnauthenticatedError,
} from '@carillon/core';
import { getState } from '../actions/inbox.ts';
import type { ApiDeps } from '../deps.ts';
import { authenticateToken } from '../http/authenticate.ts';
import { asUser, authorize, type UserCaller } from '../http/caller.ts';
import { toPattern } from '../http/methods.ts';
import { asKnown } from '../http/problem.ts';
import { readJsonBody } from '../http/read-body.ts';
import { requestContext } from '../http/request-context.ts';
import { isOwnPage } from '../http/same-site.ts';
import { needRoom, toLiveCaller } from '../live/admit.ts';
import { streamRoute, type SocketRoute } from '../live/websocket.ts';
import type { Dialect, DialectReply, DialectRoute, DialectStream } from './dialect.ts';

const bodyBytesMax = 256 * 1024;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Serves a dialect's routes: credential → caller → rights → body → handler → answer, the same for all. */
export function mountDialect(deps: ApiDeps, router: Router, dialect: Dialect): void {
  const routes = dialect.routes(deps);
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[lower(route.method)](path, (request: Request, response: Response) => {
      reply(deps, dialect, request, response, () => answer(deps, dialect, route, request, response));
    });
  }
  for (const mount of dialect.mounts) {
    router.use(mount, (request: Request, response: Response) => {
      const path = `${request.baseUrl}${request.path}`;
      reply(deps, dialect, request, response, async () =>
        refuseUnserved(dialect, routes, path, request.method),
      );
    });
    // The router throws for a path whose escapes are broken: no path that is served.
    router.use(mount, (_error: unknown, request: Request, response: Response, _next: NextFunction) => {
      reply(deps, dialect, request, response, async () => dialect.fromError(unserved()));
    });
  }
}

function lower(method: DialectRoute['method']) {
  return (
    {
      GET: 'get',
      POST: 'post',
      PUT: 'put',
      PATCH: 'patch',
      DELETE: 'delete',
      SEARCH: 'search',
      OPTIONS: 'options',
    } as const
  )[method];
}

function reply(
  deps: ApiDeps,
  dialect: Dialect,
  request: IncomingMessage,
  response: ServerResponse,
  make: () => Promise<DialectReply>,
): void {
  const { requestId } = requestContext(deps.newId, request, response);
  make()
    .catch((error: unknown) => toReply(deps, dialect, error, requestId))
    .then((made) => send(dialect, request, response, made))
    .catch((error: unknown) => {
      deps.log.error({ event: 'request.failed', requestId, error });
      response.destroy();
    });
}

async function answer(
  deps: ApiDeps,
  dialect: Dialect,
  route: DialectRoute,
  request: Request,
  response: ServerResponse,
): Promise<DialectReply> {
  const context = requestContext(deps.newId, request, undefined);
  const query = queryOf(request);
  const params = Object.fromEntries(
    Object.entries(request.params).map(([name, text]) => [name, String(text)]),
  );
  const said = { params, query, context, headers: request.headers, clientIp: request.ip };
  if (route.auth === 'public') {
    const body = route.method === 'GET' ? undefined : await readBody(dialect, request);
    refuseUnstorable(dialect, query, body);
    return route.handle({
      ...{ ...said, body },
      get caller(): never {
        throw new UnauthenticatedError('auth.required', 'This call knows no caller');
      },
    });
  }
  if (route.handleNobody !== undefined && dialect.credential(request, query) === undefined) {
    const body = await readBody(dialect, request);
    refuseUnstorable(dialect, query, body);
    return route.handleNobody({ ...said, body });
  }
  const caller = await callerOf(deps, dialect, route.auth, request, query);
  await keepPace(deps, dialect, caller, response);
  // What no store can hold names nothing.
  if (inspect(params).errors.length > 0) throw unserved();
  const body = await readBody(dialect, request);
  refuseUnstorable(dialect, query, body);
  return route.handle({ ...said, body, caller });
}

/** Throws TooManyError. */
async function keepPace(
  deps: ApiDeps,
  dialect: Dialect,
  caller: UserCaller,
  response: ServerResponse,
): Promise<void> {
  const pace = await dialect.pace?.(deps, caller);
  if (pace === undefined) return;
  for (const [name, value] of Object.entries(pace.headers)) response.setHeader(name, value);
  const { retryAfterMs } = pace;
  if (retryAfterMs === undefined) return;
  throw new TooManyError('rate.limited', 'Too many calls; wait before the next one', { retryAfterMs });
}

async function readBody(dialect: Dialect, request: Request): Promise<unknown> {
  const isJson = (request.headers['content-type'] ?? '').toLowerCase().includes('json');
  if (dialect.needsJsonType === true && !isJson) return undefined;
  const read = await readJsonBody(request, dialect.bodyBytesMax ?? bodyBytesMax, {
    ...{ anyType: true, depthMax: dialect.bodyDepthMax },
  });
  return read?.value;
}

/** Throws MalformedError for what no schema of a dialect's looks for: U+0000, halves of characters, `__proto__`. */
function refuseUnstorable(dialect: Dialect, query: URLSearchParams, body: unknown): void {
  const errors = [
    ...inspect(Object.fromEntries(query)).errors.map((error) => ({
      ...error,
      pointer: `/query${error.pointer}`,
    })),
    ...inspect(body, dialect.bodyDepthMax).errors,
  ];
  const [first] = errors;
  if (first === undefined) return;
  throw new MalformedError('request.invalid', `${first.pointer}: ${first.detail}`, { errors });
}

/** Throws UnauthenticatedError and ForbiddenError. */
async function callerOf(
  deps: Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt' | 'config' | 'log'>,
  dialect: Dialect,
  auth: RouteAuth,
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<UserCaller> {
  const credential = dialect.credential(request, query);
  if (credential === undefined) throw new UnauthenticatedError('auth.required', 'Send a session token');
  const mayBeForeign = credential.from === 'cookie' && !isOwnPage(deps.config, request);
  const isUpgrade = request.headers.upgrade !== undefined;
  if (mayBeForeign && (isUpgrade || !safeMethods.has(request.method ?? 'GET'))) {
    const { origin } = request.headers;
    deps.log.warn({ event: 'origin.refused', origin, setting: 'CARILLON_ALLOWED_ORIGINS' });
    throw new ForbiddenError(
      'origin.refused',
      'A cookie counts only on pages of this server and of origins in CARILLON_ALLOWED_ORIGINS; other clients send a header',
    );
  }
  const caller = asUser(await authenticateToken(deps, credential.token));
  authorize(auth, caller);
  return caller;
}

function queryOf(request: IncomingMessage): URLSearchParams {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

/** The paths that are served, but not for this method, are told with the methods that are. */
function refuseUnserved(
  dialect: Dialect,
  routes: readonly DialectRoute[],
  path: string,
  method: string,
): DialectReply {
  if (dialect.unserved !== undefined) return dialect.unserved(path, method);
  const allowed = routes.filter((route) => toPattern(route.path).test(path)).map((route) => route.method);
  if (allowed.length === 0) return dialect.fromError(unserved());
  const error = new NotFoundError('method.not_allowed', `${path} does not take ${method}`);
  return { ...dialect.fromError(error), status: 405, headers: { Allow: [...new Set(allowed)].join(', ') } };
}

function unserved(): NotFoundError {
  return new NotFoundError('route.not_found', 'Route not found.');
}

/** The only logger of what went wrong on our side; the cause of an unknown error stands nowhere else. */
function toReply(
  deps: Pick<ApiDeps, 'log'>,
  dialect: Dialect,
  error: unknown,
  requestId: string,
): DialectReply {
  const known = error instanceof CarillonError ? error : asKnown(error)?.error;
  if (known === undefined) deps.log.error({ event: 'request.failed', requestId, error });
  const made = dialect.fromError(known);
  if (made.status === 503) deps.log.warn({ event: 'request.unavailable', requestId, error });
  if (known instanceof UnauthenticatedError || made.status === 401)
    deps.log.info({ event: 'auth.refused', dialect: dialect.name, requestId });
  if (known?.retryAfterMs === undefined) return made;
  return {
    ...made,
    headers: { 'Retry-After': String(Math.ceil(known.retryAfterMs / 1000)), ...made.headers },
  };
}

async function send(
  dialect: Dialect,
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, body, text: given, chunks, headers, cookies = [] }: DialectReply,
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  const text = given ?? (body === undefined ? undefined : dialect.write(body));
  const type =
    text === undefined
      ? {}
      : { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) };
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
  response.writeHead(status, { 'Cache-Control': 'no-store', ...type, ...headers });
  if (chunks === undefined || method === 'HEAD') response.end(text);
  else await stream(response, chunks);
}

/** Throws what the making of the chunks throws; a client that leaves in the middle is no error. */
async function stream(response: ServerResponse, chunks: AsyncIterable<string>): Promise<void> {
  try {
    // One chunk is made while one is sent.
    await pipeline(Readable.from(chunks, { highWaterMark: 1 }), response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

/** The streams and sockets of a dialect, for the server of WebSockets. */
export function dialectSockets(deps: ApiDeps, dialect: Dialect): SocketRoute[] {
  const refuse = refusalOf(deps, dialect);
  const streams = dialect.streams(deps).map((stream) => toSocket(deps, dialect, stream));
  const sockets = (dialect.sockets?.(deps) ?? []).map(({ path, open }): SocketRoute => ({
    ...{ path, refuse },
    admit: (request, query) => open(request, query, requestContext(deps.newId, request, undefined)),
  }));
  return [...streams, ...sockets].map((route) => ({ ...route, mounts: dialect.mounts }));
}

function refusalOf(deps: ApiDeps, dialect: Dialect): SocketRoute['refuse'] {
  return (error, requestId, path) => {
    const isUnserved = error instanceof NotFoundError && error.code === 'route.not_found';
    const told = isUnserved ? dialect.unserved?.(path, 'GET') : undefined;
    const made = told ?? toReply(deps, dialect, error, requestId);
    const headers = { 'Content-Type': 'application/json; charset=utf-8', ...made.headers };
    return { status: made.status, headers, body: dialect.write(made.body) };
  };
}

function toSocket(deps: ApiDeps, dialect: Dialect, { path, auth, form }: DialectStream): SocketRoute {
  return streamRoute(deps, {
    path,
    takesPings: false,
    refuse: refusalOf(deps, dialect),
    async admit(request, query) {
      const user = await callerOf(deps, dialect, auth, request, query);
      const caller = toLiveCaller(user);
      const told = form(query, caller);
      needRoom(deps, caller);
      // No message says when the stream begins, so it begins before the client learns that it is open.
      const { position } = await getState(deps, user);
      return { caller, form: told, after: parsePosition(position) };
    },
  });
}
