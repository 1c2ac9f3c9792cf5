import type { IncomingMessage } from 'node:http';
import type { Request, Response, Router } from 'express';
import { problemOf } from '@carillon/contracts';
import { NotFoundError } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';
import { sendProblem } from '../http/bind.ts';
import { isKnown } from '../http/etag.ts';
import { requestContext } from '../http/request-context.ts';
import type { StaticFile, StaticFolder } from './static-folder.ts';

export interface ServedFolder {
  /** Below which path the files are found, without a slash at its end: `/console`. */
  path: string;
  folder: StaticFolder;
  /** Headers of one file beside those of all: how long it may be kept, and by whom it may be used. */
  headersOf(name: string): Readonly<Record<string, string>>;
  /** Which file the path itself with a slash is; without one nothing is there. */
  index?: string;
  /** What to do about a folder that was not built, for the answer. */
  absent: string;
}

/** For files whose names change with their content: nobody need ask again. */
export const forever = { 'Cache-Control': 'public, max-age=31536000, immutable' };

type FolderDeps = Pick<ApiDeps, 'newId' | 'log' | 'config'>;

/** Serves built files to everybody, to read only: GET and HEAD, with strong ETags and, where asked for, compressed. */
export function serveFolder(deps: FolderDeps, router: Router, served: ServedFolder): void {
  const { path, index } = served;
  router.all(`${path}/{*name}`, (request: Request, response: Response) => {
    const { requestId } = requestContext(deps.newId, request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(deps, request, response);
    const name = request.path.slice(path.length + 1) || (index ?? '');
    served.folder.load(name).then(
      (file) => {
        if (file !== undefined) return sendFile(request, response, file, served.headersOf(name));
        const detail = name === index ? served.absent : `There is no file ${request.path}`;
        sendProblem(deps, response, new NotFoundError('route.not_found', detail), requestId);
      },
      (error: unknown) => sendProblem(deps, response, error, requestId),
    );
  });
}

/** Sends one file, or says that it is known. */
export function sendFile(
  request: IncomingMessage,
  response: Response,
  file: StaticFile,
  own: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const gzipped = takesGzip(request.headers['accept-encoding']) ? file.gzipped : undefined;
  const body = gzipped ?? file.body;
  // Each encoding is a representation of its own (RFC 9110, section 8.8.3.3).
  const etag = gzipped === undefined ? `"${file.hash}"` : `"${file.hash}-gzip"`;
  response.vary('Accept-Encoding');
  const headers = { ETag: etag, 'Referrer-Policy': 'no-referrer', ...own };
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...{ 'Content-Type': file.contentType, 'Content-Length': body.length },
    ...(gzipped !== undefined && { 'Content-Encoding': 'gzip' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Refused only by a weight of nothing (RFC 9110, section 12.5.3). */
function takesGzip(acceptEncoding: string | undefined): boolean {
  const gzip = /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(acceptEncoding ?? '');
  return gzip !== null && Number(gzip[1] ?? 1) > 0;
}

function refuseMethod(deps: Pick<ApiDeps, 'config' | 'newId'>, request: Request, response: Response): void {
  const { requestId } = requestContext(deps.newId, request, response);
  const detail = `${request.path} is a file: it takes GET and HEAD, not ${request.method}`;
  const problem = problemOf(deps.config.publicUrl, { code: 'method.not_allowed', detail, requestId });
  response.writeHead(405, { 'Content-Type': 'application/problem+json', Allow: 'GET, HEAD' });
  response.end(JSON.stringify(problem));
}
