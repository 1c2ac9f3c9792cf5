import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { ForbiddenError, TooManyError } from '@carillon/core';
import { every, sleep } from '@carillon/runtime';
import type { ApiDeps } from '../../../deps.ts';
import { createClientIp } from '../../../http/client-ip.ts';
import { isOriginAllowed } from '../../../http/cors.ts';
import { needRoom, toLiveCaller } from '../../../live/admit.ts';
import type { ServeSocket } from '../../../live/websocket.ts';
import type { DialectSocket } from '../../dialect.ts';
import { createConversation } from './conversation.ts';
import { helloBy, type Hello, type SocketOrigin } from './handshake.ts';

/** As Directus does it: so long a client may be silent before it says who it is, and between two pings. */
export interface RealtimeTimes {
  handshakeMs: number;
  pingMs: number;
}

const times: RealtimeTimes = { handshakeMs: 10_000, pingMs: 30_000 };
/** Sockets whose client did not say yet who it is: they are nobody's, so nobody's room is counted. */
const strangersMax = 1_000;

/** The socket of Directus' `realtime()`: what is said on it stands in README.md. */
export function realtimeSocket(deps: ApiDeps, { handshakeMs, pingMs }: RealtimeTimes = times): DialectSocket {
  const clientIp = createClientIp(deps.config.trustedProxies);
  const strangers = new Set<WebSocket>();

  function serve(websocket: WebSocket, origin: SocketOrigin, hello: Hello | undefined): void {
    const line = {
      send: (text: string) => websocket.send(text),
      bufferedBytes: () => websocket.bufferedAmount,
      welcomed: () => void strangers.delete(websocket),
      close: (code?: number, reason?: string) => websocket.close(code, reason),
    };
    const conversation = createConversation(deps, line, origin, hello);
    const closing = new AbortController();
    let isAlive = true;
    const pinging = every(
      pingMs,
      () => {
        if (!isAlive) return websocket.terminate();
        isAlive = false;
        conversation.ping();
      },
      { onError: () => websocket.terminate() },
    );
    websocket.on('message', (data, isBinary) => {
      isAlive = true;
      conversation.hear(textOf(data, isBinary));
    });
    websocket.on('error', (error) => deps.log.debug({ event: 'stream.error', detail: error.message }));
    websocket.on('close', () => {
      strangers.delete(websocket);
      closing.abort();
      conversation.end();
      void pinging.stop();
    });
    if (hello !== undefined) return;
    strangers.add(websocket);
    void sleep(handshakeMs, closing.signal).then((isOver) => {
      if (isOver) conversation.refuseStranger();
    });
  }

  return {
    path: '/websocket',
    async open(request, query, { requestId }): Promise<ServeSocket> {
      needOrigin(deps, request);
      const token = query.get('access_token');
      if (token === null && strangers.size >= strangersMax)
        throw new TooManyError('rate.limited', 'Too many sockets wait for their handshake', {
          retryAfterMs: handshakeMs,
        });
      const hello = token === null ? undefined : await helloBy(deps, token);
      if (hello !== undefined) needRoom(deps, toLiveCaller(hello.caller));
      const origin = { clientIp: clientIp(request), requestId };
      return (websocket) => serve(websocket, origin, hello);
    },
  };
}

/** Throws ForbiddenError for a page of another origin than those that are allowed. */
export function needOrigin(
  deps: Pick<ApiDeps, 'config' | 'log'>,
  { headers: { origin } }: IncomingMessage,
): void {
  if (isOriginAllowed(deps.config.allowedOrigins, origin)) return;
  deps.log.warn({ event: 'origin.refused', origin, setting: 'CARILLON_ALLOWED_ORIGINS' });
  throw new ForbiddenError('origin.refused', 'This origin is not in CARILLON_ALLOWED_ORIGINS');
}

/** Undefined for what is no text. */
export function textOf(data: RawData, isBinary: boolean): string | undefined {
  return isBinary || !Buffer.isBuffer(data) ? undefined : data.toString('utf8');
}
