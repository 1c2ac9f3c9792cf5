import type { Request, Response, Router } from 'express';
import { bodyBytesMaxDefault, compileRoute, type BodyOf, type Route } from '@carillon/contracts';
import { UnauthenticatedError } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';
import { right, send, sendProblem, type Reply } from './bind.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { readJsonBody } from './read-body.ts';
import { requestContext, type RequestContext } from './request-context.ts';

/** What a handler of a call gets that needs no credential. */
export interface OpenCall<R extends Route> {
  body: BodyOf<R>;
  context: RequestContext;
  clientIp: string | undefined;
}

/** Mounts a POST that needs no credential, because it is about getting one: validate → handle → answer. */
export function bindOpen<R extends Route>(
  deps: Pick<ApiDeps, 'log' | 'config' | 'newId'>,
  router: Router,
  route: R,
  handle: (call: OpenCall<R>) => Promise<Reply>,
): void {
  if (route.auth !== 'public' || route.method !== 'POST' || route.path.includes('{')) {
    throw new TypeError(`${route.operationId} is not for bindOpen`);
  }
  const compiled = compileRoute(route);
  router.post(route.path, (request: Request, response: Response) => {
    const context = requestContext(deps.newId, request, response);
    const answer = async (): Promise<Reply> => {
      readIdempotencyKey(route, request.headers['idempotency-key']);
      right(compiled.query(request.query));
      const read = await readJsonBody(request, route.bodyBytesMax ?? bodyBytesMaxDefault);
      return handle({ body: right(compiled.body(read?.value)), context, clientIp: request.ip });
    };
    answer().then(
      (reply) => send(response, reply),
      (error: unknown) => {
        if (error instanceof UnauthenticatedError)
          deps.log.info({ event: 'auth.refused', code: error.code, clientIp: request.ip, ...context });
        sendProblem(deps, response, error, context.requestId);
      },
    );
  });
}
