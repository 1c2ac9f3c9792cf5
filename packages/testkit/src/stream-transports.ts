import { WebSocket } from 'ws';
import type { ServerFrame } from '@carillon/contracts';

/** Where a stream is opened, and after which position. */
export interface StreamPlace {
  api: string;
  token: string;
  after: string | undefined;
}

/** How a stream ended: a WebSocket's close code, an HTTP status that refused it, or neither. */
export interface StreamEnd {
  code: number | undefined;
  reason: string;
}

export interface OpenStream {
  /** Drops the connection without a word. */
  drop(): void;
  ended: Promise<StreamEnd>;
}

export function openWebSocket(place: StreamPlace, onFrame: (frame: ServerFrame) => void): OpenStream {
  const url = new URL(streamUrl(place));
  url.protocol = 'ws:';
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${place.token}` } });
  // One text message comes as one Buffer with ws's own default for `binaryType`.
  socket.on('message', (data) => onFrame(parseFrame((data as Buffer).toString('utf8'))));
  const ended = new Promise<StreamEnd>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve({ code: response.statusCode, reason: 'refused' });
      response.destroy();
    });
    socket.on('error', (error) => resolve({ code: undefined, reason: error.message }));
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return { drop: () => socket.terminate(), ended };
}

/** As a browser's EventSource does it: the last `id` is what the next connection starts after. */
export function openSse(place: StreamPlace, onFrame: (frame: ServerFrame) => void): OpenStream {
  const dropping = new AbortController();
  return { drop: () => dropping.abort(), ended: readSse(place, dropping.signal, onFrame) };
}

async function readSse(
  place: StreamPlace,
  signal: AbortSignal,
  onFrame: (frame: ServerFrame) => void,
): Promise<StreamEnd> {
  try {
    const response = await fetch(streamUrl({ ...place, after: undefined }), {
      headers: {
        authorization: `Bearer ${place.token}`,
        accept: 'text/event-stream',
        ...(place.after !== undefined && { 'last-event-id': place.after }),
      },
      signal,
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return { code: response.status, reason: 'refused' };
    }
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) onFrame(parseFrame(data.slice('data: '.length)));
      }
    }
    return { code: undefined, reason: 'ended by the server' };
  } catch (error) {
    return { code: undefined, reason: String(error) };
  }
}

function streamUrl({ api, after }: StreamPlace): string {
  return `${api}/v1/inbox/stream${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`;
}

function parseFrame(text: string): ServerFrame {
  return JSON.parse(text) as ServerFrame;
}
