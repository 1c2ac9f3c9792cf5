import type { Request, Response } from 'express';
import { every } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { sendProblem } from '../http/bind.ts';
import { requestContext } from '../http/request-context.ts';
import { admit } from './admit.ts';
import type { Connection } from './connection.ts';
import { v1Form } from './frames.ts';

type StreamDeps = Pick<
  ApiDeps,
  'tokens' | 'sessions' | 'jwt' | 'system' | 'hub' | 'config' | 'log' | 'newId'
>;

/** A comment so often keeps proxies from closing a quiet stream. */
const commentMs = 15_000;

/**
 * Serves the inbox stream as Server-Sent Events (HTML standard, section 9.2): the event's name is the
 * frame's type, its id the position, so that a browser resumes by itself.
 */
export function serveServerSentEvents(deps: StreamDeps) {
  return (request: Request, response: Response): void => {
    const context = requestContext(deps.newId, request, response);
    open(deps, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendProblem(deps, response, error, context.requestId);
    });
  };
}

async function open(deps: StreamDeps, request: Request, response: Response): Promise<void> {
  const { caller, after } = await admit(deps, request, { ...request.query });
  // Who left meanwhile is told to nobody again: there is no second `close`.
  if (response.destroyed) return;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') return void response.end(); // asks what a stream would be, and opens none
  response.flushHeaders();
  const connection: Connection = {
    caller,
    transport: 'sse',
    form: v1Form,
    send: ({ text, type, resumeAt }) => {
      const id = resumeAt === undefined ? '' : `id: ${resumeAt}\n`;
      response.write(`event: ${type}\n${id}data: ${text}\n\n`);
    },
    bufferedBytes: () => response.writableLength,
    close: (reason) => {
      if (reason === 'slow') response.destroy();
      else response.end();
    },
  };
  const comments = every(commentMs, () => void response.write(': still here\n\n'), {
    onError: () => response.destroy(),
  });
  response.on('error', () => response.destroy());
  response.on('close', () => {
    deps.hub.leave(connection);
    void comments.stop();
  });
  await deps.hub.join(connection, after);
}
