import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NewId } from '@carillon/core';

/** What a request is known by, from the access log to the delivery. */
export interface RequestContext {
  requestId: string;
  /** W3C trace context, as it came. */
  traceparent: string | undefined;
}

const requestIdShape = /^[\w.:-]{1,128}$/;
/** W3C Trace Context, section 3.2. */
const traceparentShape = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const contextKey = Symbol('carillon.request_context');

/** The caller's `X-Request-Id` if it is well-formed, else a new one; the answer carries it. */
export function requestContext(
  newId: NewId,
  request: IncomingMessage & { [contextKey]?: RequestContext },
  response: Pick<ServerResponse, 'setHeader'> | undefined,
): RequestContext {
  const existing = request[contextKey];
  if (existing !== undefined) return existing;
  const given = request.headers['x-request-id'];
  const trace = request.headers['traceparent'];
  const context: RequestContext = {
    requestId: typeof given === 'string' && requestIdShape.test(given) ? given : newId(),
    traceparent: typeof trace === 'string' && traceparentShape.test(trace) ? trace : undefined,
  };
  request[contextKey] = context;
  response?.setHeader('X-Request-Id', context.requestId);
  return context;
}
