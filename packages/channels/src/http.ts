import { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import type { Log } from '@carillon/core';
import { Agent, buildConnector } from 'undici';
import { dial, DialError, type DialDeps, type OpenSocket, type Resolve } from './dial.ts';
import { parseEgressAllow, type EgressAllowance } from './egress-policy.ts';
import { exchange, type Exchange, type HttpReply } from './http-exchange.ts';
import { checkHttpTarget } from './outgoing-url.ts';

export interface HttpDoorDeps {
  log: Log;
  egressAllow: readonly string[];
  /** The system's resolver when absent. */
  resolve?: Resolve;
  /** `net.connect` when absent. */
  openSocket?: OpenSocket;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  ca?: string;
  /** Whether HTTP/2 is spoken with servers that choose it. */
  http2?: boolean;
}

export interface OutgoingPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** The total time: aborting it ends the request wherever it stands. */
  signal: AbortSignal;
  /** Called when the body begins to go out: from then on the other side may have it, whatever is heard of it. */
  onSending?: () => void;
}

/** A request without a body. */
export type OutgoingGet = Pick<OutgoingPost, 'url' | 'headers' | 'signal'>;

/**
 * Without an answer there is one reason only, so that a target's owner learns nothing about what lies behind an
 * address (no SSRF oracle).
 */
export type HttpAnswer =
  | ({ reached: true } & HttpReply)
  | { reached: false; reason: typeof unreachableReason };

/** The only door for outgoing HTTP. It follows no redirect, decodes no compression and keeps connections for reuse. */
export interface HttpDoor {
  post(request: OutgoingPost): Promise<HttpAnswer>;
  get(request: OutgoingGet): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

export const unreachableReason = 'endpoint could not be reached';

const connectTimeoutMs = 10_000;
const silenceTimeoutMs = 30_000;
const answerHeaderBytesMax = 16 * 1024;
/** As many as are sent to one endpoint at once: one that waits for a connection uses up its own time to answer. */
const connectionsPerOrigin = 50;

export function createHttpDoor(deps: HttpDoorDeps): HttpDoor {
  const allowance = parseEgressAllow(deps.egressAllow);
  const targets = createTargets(allowance);
  const agent = new Agent({
    connect: guardedConnector({ allowance, resolve: deps.resolve, openSocket: deps.openSocket }, deps),
    allowH2: deps.http2 ?? false,
    connections: connectionsPerOrigin,
    pipelining: 1,
    maxHeaderSize: answerHeaderBytesMax,
    headersTimeout: silenceTimeoutMs,
    bodyTimeout: silenceTimeoutMs,
  });
  async function call(request: OutgoingGet, parts: RequestParts): Promise<HttpAnswer> {
    try {
      const target = targets.find(request.url);
      if (target === undefined) throw new DialError('target_refused');
      // The pool would begin to take a body before it looks.
      request.signal.throwIfAborted();
      return { reached: true, ...(await exchange(agent, { ...target, ...parts }, request.signal)) };
    } catch (error) {
      deps.log.debug({ event: 'egress.failed', code: codeOf(error) });
      return { reached: false, reason: unreachableReason };
    }
  }
  return {
    post: (request) => call(request, { method: 'POST', ...tellingBody(request) }),
    get: (request) => call(request, { method: 'GET', headers: request.headers }),
    stop: () => agent.destroy(),
  };
}

/** Connections of the pool pass the guard when they are made, not when the request was checked. */
function guardedConnector(
  deps: DialDeps,
  { ca, http2 = false }: Pick<HttpDoorDeps, 'ca' | 'http2'>,
): buildConnector.connector {
  const trust = ca === undefined ? {} : { ca };
  const upgradeToTls = buildConnector({ allowH2: http2, timeout: connectTimeoutMs, ...trust });
  return (options, callback) => {
    // `host` carries the port and the brackets of an IPv6 address, `hostname` does not.
    const check = checkHttpTarget(`${options.protocol}//${options.host ?? options.hostname}`, deps.allowance);
    if ('refused' in check) return callback(new DialError('target_refused'), null);
    const { destination } = check;
    callbackify(() => dial(deps, destination, connectTimeoutMs))((error, socket) => {
      if (error !== null) callback(error, null);
      else if (options.protocol === 'https:') upgradeToTls({ ...options, httpSocket: socket }, callback);
      else callback(null, socket);
    });
  };
}

type RequestParts = Pick<Exchange, 'method' | 'headers' | 'body'>;
type Target = Pick<Exchange, 'origin' | 'path'>;

/** So many addresses are remembered; then it begins anew. */
const targetsMax = 1_000;

/** Addresses as they were parsed and judged, because many requests in a row have the same one. */
function createTargets(allowance: EgressAllowance): { find(url: string): Target | undefined } {
  const known = new Map<string, Target | undefined>();
  return {
    find(text) {
      if (known.has(text)) return known.get(text);
      if (known.size >= targetsMax) known.clear();
      const target = 'refused' in checkHttpTarget(text, allowance) ? undefined : targetOf(new URL(text));
      known.set(text, target);
      return target;
    },
  };
}

function targetOf({ origin, pathname, search }: URL): Target {
  return { origin, path: `${pathname}${search}` };
}

/** A body that tells when it is taken is no text to the pool, which is why its length is said. */
function tellingBody({ headers, body, onSending }: OutgoingPost): Pick<Exchange, 'headers' | 'body'> {
  if (onSending === undefined) return { headers, body };
  const bytes = Buffer.from(body);
  const told = async function* (): AsyncGenerator<Buffer> {
    onSending();
    yield bytes;
  };
  return { headers: { ...headers, 'content-length': String(bytes.length) }, body: Readable.from(told()) };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
