import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { parseClientFrame, type ErrorFrame } from '@carillon/contracts';
import { NotFoundError } from '@carillon/core';
import { every } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { toProblem } from '../http/problem.ts';
import { requestContext } from '../http/request-context.ts';
import { admit, type Admitted } from './admit.ts';
import { closeCodes, type Connection } from './connection.ts';
import { writeFrame } from './frames.ts';

const messageBytesMax = 64 * 1024;
const messagesPerSecond = 20;
/** Some clients close a socket that is not pinged for half a minute. */
const pingMs = 15_000;
const deadMs = 45_000;

type SocketDeps = Pick<
  ApiDeps,
  'tokens' | 'sessions' | 'jwt' | 'system' | 'hub' | 'config' | 'log' | 'clock' | 'newId' | 'epoch'
>;

type StreamDeps = Pick<ApiDeps, 'hub' | 'log' | 'clock'>;

/** Takes over a socket that was just opened: whatever is said on it, and its end. */
export type ServeSocket = (websocket: WebSocket) => void;

/** A path that becomes a WebSocket: of `/v1` or of a dialect. */
export interface SocketRoute {
  path: string;
  /** Paths below which it also refuses what is not served, in the words of its clients. */
  mounts?: readonly string[];
  /** Decides before anything is opened; throws what the refusal is. */
  admit(request: IncomingMessage, query: URLSearchParams): Promise<ServeSocket>;
  /** A refusal is an ordinary HTTP answer before the upgrade. */
  refuse(
    error: unknown,
    requestId: string,
    path: string,
  ): { status: number; headers: Record<string, string>; body: string };
}

/** A path whose socket is an inbox stream and nothing else. */
export interface StreamRoute extends Omit<SocketRoute, 'admit'> {
  admit(request: IncomingMessage, query: URLSearchParams): Promise<Admitted>;
  /** Whether a client may ask for a heartbeat; else whatever it says ends the socket. */
  takesPings: boolean;
}

/** Makes an inbox stream of what the route admits. */
export function streamRoute(deps: StreamDeps, { admit: admitStream, ...route }: StreamRoute): SocketRoute {
  return {
    ...route,
    async admit(request, query) {
      const admitted = await admitStream(request, query);
      return (websocket) => connect(deps, websocket, route, admitted);
    },
  };
}

/** Serves WebSockets on an HTTP server's upgrades. */
export interface SocketServer {
  stop(): void;
}

/** `others` are the streams of dialects. */
export function serveWebSockets(
  deps: SocketDeps,
  server: Server,
  others: readonly SocketRoute[] = [],
): SocketServer {
  const own = v1Stream(deps);
  const routes = new Map([own, ...others].map((route) => [route.path, route]));
  const sockets = new WebSocketServer({
    ...{ noServer: true, maxPayload: messageBytesMax, perMessageDeflate: false, clientTracking: false },
    ...{ maxFragments: 64 },
  });
  const lastSeenMs = new Map<WebSocket, number>();
  const pinging = every(pingMs, () => pingAll(deps, lastSeenMs), {
    onError: (error) => deps.log.warn({ event: 'stream.ping_failed', error }),
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const url = URL.canParse(request.url ?? '', base) ? new URL(request.url ?? '', base) : undefined;
    const path = url?.pathname ?? '';
    const route = routes.get(path) ?? others.find((other) => isBelow(other, path)) ?? own;
    admitTo(route, request, url).then(
      (serve) => {
        sockets.handleUpgrade(request, socket, head, (websocket) => {
          lastSeenMs.set(websocket, deps.clock.monotonicMs());
          websocket.on('close', () => lastSeenMs.delete(websocket));
          websocket.on('pong', () => lastSeenMs.set(websocket, deps.clock.monotonicMs()));
          serve(websocket);
        });
      },
      (error: unknown) => refuse(deps, route, path, request, socket, error),
    );
  });

  return {
    stop() {
      void pinging.stop();
      for (const websocket of lastSeenMs.keys()) websocket.terminate();
    },
  };
}

const base = 'http://localhost';

function isBelow({ mounts = [] }: SocketRoute, path: string): boolean {
  return mounts.some((mount) => path.startsWith(`${mount}/`));
}

async function admitTo(
  route: SocketRoute,
  request: IncomingMessage,
  url: URL | undefined,
): Promise<ServeSocket> {
  if (url?.pathname === route.path) return route.admit(request, url.searchParams);
  throw new NotFoundError('route.not_found', 'No stream is served at this path');
}

/** The stream of our own API, as a WebSocket. */
function v1Stream(deps: SocketDeps): SocketRoute {
  return streamRoute(deps, {
    path: '/v1/inbox/stream',
    takesPings: true,
    admit: (request, query) => admit(deps, request, Object.fromEntries(query)),
    refuse(error, requestId) {
      const { status, headers, body } = toProblem(deps, error, requestId);
      const type = { 'Content-Type': 'application/problem+json' };
      return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
    },
  });
}

function connect(
  deps: StreamDeps,
  websocket: WebSocket,
  { takesPings }: Pick<StreamRoute, 'takesPings'>,
  { caller, form, after }: Admitted,
): void {
  const connection: Connection = {
    ...{ caller, form },
    transport: 'websocket',
    send: ({ text }) => websocket.send(text),
    bufferedBytes: () => websocket.bufferedAmount,
    // What is buffered goes first, then the code; ws cuts a client that does not take it within 30 s.
    close: (reason) => websocket.close(closeCodes[reason], reason),
  };
  const budget = createMessageBudget(deps, messagesPerSecond);
  websocket.on('message', (data, isBinary) => {
    if (!takesPings) return websocket.close(1008, 'this stream only tells');
    const refusal = budget.spend() ? answerTo(data, isBinary) : tooMany;
    if (refusal === undefined) {
      deps.hub.ping(connection);
      return;
    }
    websocket.send(writeFrame(refusal));
    websocket.close(1008, refusal.code);
  });
  websocket.on('error', (error) => deps.log.debug({ event: 'stream.error', detail: error.message }));
  websocket.on('close', () => deps.hub.leave(connection));
  deps.hub.join(connection, after).catch((error: unknown) => {
    deps.log.warn({ event: 'stream.join_failed', error });
    websocket.close(1013, 'try again later');
  });
}

const tooMany: ErrorFrame = {
  ...{ type: 'error', code: 'rate.limited' },
  message: `A client may send ${messagesPerSecond} messages a second`,
};

/** Undefined for a ping. */
function answerTo(data: RawData, isBinary: boolean): ErrorFrame | undefined {
  const text = isBinary || !Buffer.isBuffer(data) ? undefined : data.toString('utf8');
  if (text !== undefined && parseClientFrame(text) !== undefined) return undefined;
  return { type: 'error', code: 'frame.malformed', message: 'A client may send only {"type":"ping"}' };
}

/** What a client may send; `spend` is false for what is more than `perSecond`. */
export function createMessageBudget(
  { clock }: Pick<ApiDeps, 'clock'>,
  perSecond: number,
): { spend(): boolean } {
  let windowMs = clock.monotonicMs();
  let spent = 0;
  return {
    spend() {
      const nowMs = clock.monotonicMs();
      if (nowMs - windowMs > 1_000) {
        windowMs = nowMs;
        spent = 0;
      }
      spent += 1;
      return spent <= perSecond;
    },
  };
}

function pingAll(deps: Pick<ApiDeps, 'clock'>, lastSeenMs: Map<WebSocket, number>): void {
  const nowMs = deps.clock.monotonicMs();
  for (const [websocket, seenMs] of lastSeenMs) {
    if (nowMs - seenMs > deadMs) websocket.terminate();
    else websocket.ping();
  }
}

function refuse(
  deps: SocketDeps,
  route: SocketRoute,
  path: string,
  request: IncomingMessage,
  socket: Duplex,
  error: unknown,
): void {
  const { requestId } = requestContext(deps.newId, request, undefined);
  const { status, headers, body } = route.refuse(error, requestId, path);
  const all = {
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    Connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
