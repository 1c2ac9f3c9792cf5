import type { NextFunction, Request, Response } from 'express';
import type { ApiDeps } from '../deps.ts';
import { isOwnPage } from './same-site.ts';

/** Requests without an Origin do not come from a page. `null` (a sandboxed page) is only `*`'s. */
export function isOriginAllowed(allowed: readonly string[], origin: string | undefined): boolean {
  return origin === undefined || allowed.includes('*') || allowed.includes(origin);
}

const methods = 'GET, POST, PUT, PATCH, DELETE';
const requestHeaders =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id, traceparent';
const shownHeaders = 'Date, ETag, Location, Idempotency-Replayed, Retry-After, X-Request-Id';

/**
 * CORS by CARILLON_ALLOWED_ORIGINS. Credentials are headers, never cookies, so `*` may be answered;
 * a refused origin gets no header and a line in the log with the setting's name.
 */
export function allowOrigins(deps: Pick<ApiDeps, 'config' | 'log'>) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { origin } = request.headers;
    if (origin === undefined) return next();
    const { allowedOrigins } = deps.config;
    // Browsers tell the origin with each change, also from pages of this server, which need no leave.
    if (!isOriginAllowed(allowedOrigins, origin) && isOwnPage(deps.config, request)) return next();
    if (isOriginAllowed(allowedOrigins, origin)) {
      response.setHeader('Access-Control-Allow-Origin', allowedOrigins.includes('*') ? '*' : origin);
      response.setHeader('Access-Control-Expose-Headers', shownHeaders);
      response.setHeader('Vary', 'Origin');
    } else {
      deps.log.warn({ event: 'origin.refused', origin, setting: 'CARILLON_ALLOWED_ORIGINS' });
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return next();
    response.setHeader('Access-Control-Allow-Methods', methods);
    response.setHeader('Access-Control-Allow-Headers', requestHeaders);
    response.setHeader('Access-Control-Max-Age', '600');
    response.writeHead(204).end();
  };
}
