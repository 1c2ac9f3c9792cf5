import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** How the receiver treats a request, after it wrote it down. */
export type WebhookAnswer =
  | { type: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { type: 'redirect'; status: number; location: string }
  /** One byte every `everyMs`, for ever. */
  | { type: 'slow_drip'; status: number; everyMs: number }
  /** `bytes` of body, as fast as they are taken. */
  | { type: 'huge_body'; status: number; bytes: number }
  /** A few bytes that unpack to `bytes`. */
  | { type: 'gzip_bomb'; status: number; bytes: number }
  /** More header lines than any client should keep. */
  | { type: 'endless_headers' }
  | { type: 'never' }
  /** A TCP reset: before the status line, or in the middle of the body. */
  | { type: 'reset'; afterStatus?: number };

/** Answers as told; returns when there is nothing more to write or the client has gone. */
export async function writeAnswer(response: ServerResponse, answer: WebhookAnswer): Promise<void> {
  switch (answer.type) {
    case 'status':
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    case 'redirect':
      response.writeHead(answer.status, { location: answer.location }).end();
      return;
    case 'slow_drip':
      return drip(response, answer.status, answer.everyMs);
    case 'huge_body':
      return flood(response, answer.status, answer.bytes);
    case 'gzip_bomb':
      response
        .writeHead(answer.status, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
        .end(gzipSync(Buffer.alloc(answer.bytes)));
      return;
    case 'endless_headers':
      response.socket?.write(`HTTP/1.1 200 OK\r\n${`x-filler: ${'a'.repeat(1_000)}\r\n`.repeat(1_000)}`);
      return;
    case 'never':
      return;
    case 'reset':
      return reset(response, answer.afterStatus);
    default:
      throw new TypeError(`unknown answer ${JSON.stringify(answer satisfies never)}`);
  }
}

function drip(response: ServerResponse, status: number, everyMs: number): void {
  response.writeHead(status, { 'content-length': '1000000' });
  const timer = setInterval(() => response.write('.'), everyMs);
  response.once('close', () => clearInterval(timer));
}

async function flood(response: ServerResponse, status: number, bytes: number): Promise<void> {
  response.writeHead(status, { 'content-length': String(bytes) });
  const chunk = Buffer.alloc(64 * 1024, 0x61);
  for (let written = 0; written < bytes && !response.destroyed; written += chunk.length) {
    if (response.write(chunk.subarray(0, bytes - written))) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve);
      response.once('close', resolve);
    });
  }
  response.end();
}

function reset(response: ServerResponse, afterStatus: number | undefined): void {
  if (afterStatus === undefined) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(afterStatus, { 'content-length': '1000' });
  response.write('the beginning', () => response.socket?.resetAndDestroy());
}
