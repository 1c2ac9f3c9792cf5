import type { Request, Response, Router } from 'express';
import type { RouteAuth } from '@carillon/contracts';
import type { ApiDeps } from '../deps.ts';
import { authenticate } from './authenticate.ts';
import { sendProblem } from './bind.ts';
import { authorize } from './caller.ts';
import { requestContext } from './request-context.ts';

/** What is served to everybody: text with its type. */
export interface OpenReply {
  status: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Record<string, string>;
}

type OpenDeps = Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt' | 'log' | 'config' | 'newId'>;

/** Mounts a GET that needs no credential; an error is answered in the form of `/v1`. */
export function serveOpen(
  deps: OpenDeps,
  router: Router,
  path: string,
  reply: (request: Request) => OpenReply | Promise<OpenReply>,
): void {
  router.get(path, (request: Request, response: Response) => {
    const { requestId } = requestContext(deps.newId, request, response);
    Promise.resolve(request)
      .then(reply)
      .then(
        (given) => sendOpen(request, response, given),
        (error: unknown) => sendProblem(deps, response, error, requestId),
      );
  });
}

function sendOpen(request: Request, response: Response, reply: OpenReply): void {
  if (response.headersSent || response.destroyed) return;
  const etag = reply.headers?.['ETag'];
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304, reply.headers);
    response.end();
    return;
  }
  response.writeHead(reply.status, {
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}

const staff: RouteAuth = { roles: ['operator', 'admin'], scope: 'admin' };

/**
 * Refuses who may not see what concerns the whole process: operators and admins may, by a token
 * whose scopes allow it. Throws UnauthenticatedError and ForbiddenError.
 */
export async function needStaff(
  deps: Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt'>,
  request: Request,
): Promise<void> {
  authorize(staff, await authenticate(deps, request.headers.authorization));
}
