import type { Call } from '../call.ts';
import { parseFrame, type StreamTransport } from './transport.ts';

/** What of a WebSocket is used: the browser's, Node's (22 and later), or that of the library `ws`. */
export interface WebSocketLike {
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
  close(): void;
}
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** The platform's WebSocket; undefined where there is none. */
export function platformWebSocket(): WebSocketConstructor | undefined {
  const found: unknown = Reflect.get(globalThis, 'WebSocket');
  return typeof found === 'function' ? (found as WebSocketConstructor) : undefined;
}

/** Each socket is opened with a ticket of its own, because browsers cannot send the credential as a header. */
export function webSocketTransport(deps: {
  url: string;
  call: Call;
  WebSocket: WebSocketConstructor;
}): StreamTransport {
  return {
    name: 'websocket',
    async open(after, signal, onFrame) {
      const { ticket } = await deps.call('createStreamTicket', {}, { signal, timeoutMs: 15_000 });
      const query = new URLSearchParams({ after, ticket });
      const url = `${deps.url.replace(/^http/, 'ws')}/v1/inbox/stream?${query.toString()}`;
      await untilClosed(new deps.WebSocket(url), signal, onFrame);
    },
  };
}

function untilClosed(
  socket: WebSocketLike,
  signal: AbortSignal,
  onFrame: Parameters<StreamTransport['open']>[2],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      socket.close();
      reject(signal.reason);
    };
    const end = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    socket.addEventListener('message', ({ data }) => {
      // A socket that was given up may still deliver what was on its way: that will be told by the next one.
      if (signal.aborted || typeof data !== 'string') return;
      const frame = parseFrame(data);
      if (frame !== undefined) onFrame(frame);
    });
    socket.addEventListener('close', end);
    socket.addEventListener('error', end);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
