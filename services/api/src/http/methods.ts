import type { NextFunction, Request, Response } from 'express';
import { problemOf, type Route } from '@carillon/contracts';
import type { ApiDeps } from '../deps.ts';
import { requestContext } from './request-context.ts';

/** Answers 405 with `Allow` where the path is served, but not for this method. */
export function refuseOtherMethods(deps: Pick<ApiDeps, 'config' | 'newId'>, routes: readonly Route[]) {
  const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  for (const { path, method } of routes) {
    const known = paths.get(path) ?? { pattern: toPattern(path), methods: new Set(['OPTIONS']) };
    known.methods.add(method);
    if (method === 'GET') known.methods.add('HEAD');
    paths.set(path, known);
  }
  return (request: Request, response: Response, next: NextFunction): void => {
    const allowed = [...paths.values()]
      .filter(({ pattern }) => pattern.test(request.path))
      .flatMap(({ methods }) => [...methods]);
    if (allowed.length === 0 || allowed.includes(request.method)) return next();
    const { requestId } = requestContext(deps.newId, request, response);
    const detail = `${request.path} does not take ${request.method}`;
    const body = JSON.stringify(
      problemOf(deps.config.publicUrl, { code: 'method.not_allowed', detail, requestId }),
    );
    response.writeHead(405, {
      'Content-Type': 'application/problem+json',
      Allow: [...new Set(allowed)].join(', '),
    });
    response.end(body);
  };
}

/** Matches the paths of a route, whatever its parameters are. */
export function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}
