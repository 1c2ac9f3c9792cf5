import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trackOpen } from '@carillon/testkit';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What is answered: a status with a body, a connection that is reset, or silence. */
export type Scripted =
  | { status: number; headers?: Record<string, string>; body?: unknown; text?: string }
  | 'reset'
  | 'silence';

/** A real HTTP server that answers as it is told, one answer for each request, the last one again and again. */
export interface ScriptedServer {
  url: string;
  asked: readonly Asked[];
  script(...answers: Scripted[]): void;
  stop(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  let answers: Scripted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'silence';
      if (next === 'silence') return;
      if (next === 'reset') return void request.socket.resetAndDestroy();
      response.writeHead(next.status, { 'x-request-id': `req-${asked.length}`, ...next.headers });
      response.end(next.text ?? (next.body === undefined ? '' : JSON.stringify(next.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    forget();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const forget = trackOpen('scripted server', stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    script(...next) {
      asked.length = 0;
      answers = next;
    },
    stop,
  };
}
