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

const path = '/v1/inbox/stream';
const messageBytesMax = 64 * 1024;
const messagesPerSecond = 20;
const pingMs = 25_000;
const deadMs = 60_000;

type SocketDeps = Pick<
  ApiDeps,
  'tokens' | 'jwt' | 'system' | 'hub' | 'config' | 'log' | 'clock' | 'newId' | 'epoch'
>;

/** Serves inbox streams as WebSockets on an HTTP server's upgrades. */
export interface SocketServer {
  stop(): void;
}

export function serveWebSockets(deps: SocketDeps, server: Server): SocketServer {
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
    admitUpgrade(deps, request).then(
      (admitted) => {
        sockets.handleUpgrade(request, socket, head, (websocket) => {
          lastSeenMs.set(websocket, deps.clock.monotonicMs());
          websocket.on('close', () => lastSeenMs.delete(websocket));
          websocket.on('pong', () => lastSeenMs.set(websocket, deps.clock.monotonicMs()));
          connect(deps, websocket, admitted);
        });
      },
      (error: unknown) => refuse(deps, request, socket, error),
    );
  });

  return {
    stop() {
      void pinging.stop();
      for (const websocket of lastSeenMs.keys()) websocket.terminate();
    },
  };
}

async function admitUpgrade(deps: SocketDeps, request: IncomingMessage): Promise<Admitted> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== path) throw new NotFoundError('route.not_found', 'No stream is served at this path');
  return admit(deps, request, Object.fromEntries(url.searchParams));
}

function connect(deps: SocketDeps, websocket: WebSocket, { caller, after }: Admitted): void {
  const connection: Connection = {
    caller,
    transport: 'websocket',
    send: (text) => websocket.send(text),
    bufferedBytes: () => websocket.bufferedAmount,
    // What is buffered goes first, then the code; ws cuts a client that does not take it within 30 s.
    close: (reason) => websocket.close(closeCodes[reason], reason),
  };
  const budget = createBudget(deps);
  websocket.on('message', (data, isBinary) => {
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

function createBudget({ clock }: Pick<ApiDeps, 'clock'>): { spend(): boolean } {
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
      return spent <= messagesPerSecond;
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

/** An upgrade is refused by an ordinary HTTP answer before it. */
function refuse(deps: SocketDeps, request: IncomingMessage, socket: Duplex, error: unknown): void {
  const { requestId } = requestContext(deps.newId, request, undefined);
  const problem = toProblem(deps, error, requestId);
  const body = JSON.stringify(problem.body);
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    Connection: 'close',
    ...problem.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`,
  );
}
