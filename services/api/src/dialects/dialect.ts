import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RouteAuth } from '@carillon/contracts';
import type { CarillonError, SystemTemplate } from '@carillon/core';
import type { DialectName } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { LiveCaller } from '../live/connection.ts';
import type { StreamForm } from '../live/form.ts';
import type { ServeSocket } from '../live/websocket.ts';

/**
 * The notification calls of another system, as its clients know them: one form more in which the same inbox is
 * served. A dialect translates and nothing else: what it does is done by actions that all edges share.
 */
export interface Dialect {
  name: DialectName;
  /** Everything below these paths is answered by it, errors too. */
  mounts: readonly string[];
  /** The credential of a request, wherever this system's clients put it. */
  credential(request: IncomingMessage, query: URLSearchParams): Credential | undefined;
  routes(deps: ApiDeps): readonly DialectRoute[];
  streams(deps: ApiDeps): readonly DialectStream[];
  /** Paths on which both sides speak. */
  sockets?(deps: ApiDeps): readonly DialectSocket[];
  /** In this system's own form; undefined for an error whose cause stands only in the log. */
  fromError(error: CarillonError | undefined): DialectReply;
  write(body: unknown): string;
  /** What is asked for and not served, upgrades included; by `fromError` where it is not told apart. */
  unserved?(path: string, method: string): DialectReply;
  /** Counts each call of whoever is known by now; what it tells is on every answer. */
  pace?(deps: ApiDeps, caller: UserCaller): Promise<Pace>;
  /** A body of another type than JSON counts as none, instead of being read all the same. */
  needsJsonType?: boolean;
  /** Where a body may be larger than usual. */
  bodyBytesMax?: number;
  /** Levels of a body where more than usual are needed. */
  bodyDepthMax?: number;
  /** Templates that clients of this system expect to find. */
  templates: readonly SystemTemplate[];
}

/** How often somebody may call, as headers, and in how many milliseconds again if not now. */
export interface Pace {
  headers: Record<string, string>;
  retryAfterMs: number | undefined;
}

export interface Credential {
  token: string;
  /** A browser sends a cookie along by itself, so its page must be asked about too. */
  from: 'header' | 'query' | 'cookie';
}

export interface DialectRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'SEARCH' | 'OPTIONS';
  /** With its mount; parameters as `{id}`. */
  path: string;
  auth: RouteAuth | 'public';
  handle(call: DialectCall): Promise<DialectReply>;
  /** Answers whoever sends no credential, where there is something for them too. */
  handleNobody?(call: Omit<DialectCall, 'caller'>): Promise<DialectReply>;
}

export interface DialectCall {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON; undefined where nothing was sent. */
  body: unknown;
  headers: IncomingHttpHeaders;
  /** As far as proxies are trusted. */
  clientIp: string | undefined;
  context: RequestContext;
  /** Throws UnauthenticatedError on a public route that was called without a credential. */
  caller: UserCaller;
}

export interface DialectReply {
  status: number;
  body?: unknown;
  /** In the place of a body: as it is, of the type that the headers name. */
  text?: string;
  /** As `text`, for what is too much to be in memory at once: written as fast as the client takes it. */
  chunks?: AsyncIterable<string>;
  headers?: Record<string, string>;
  /** Each as a `Set-Cookie` header. */
  cookies?: readonly string[];
}

/** A path that becomes an inbox stream. */
export interface DialectStream {
  path: string;
  auth: RouteAuth;
  /** What the stream tells, by its query; throws MalformedError. */
  form(query: URLSearchParams, caller: LiveCaller): StreamForm;
}

/** A path that becomes a WebSocket of the system's own protocol, from who says hello to its end. */
export interface DialectSocket {
  path: string;
  /** Decides before it is opened; throws what the refusal is, which is told by `fromError`. */
  open(request: IncomingMessage, query: URLSearchParams, context: RequestContext): Promise<ServeSocket>;
}
