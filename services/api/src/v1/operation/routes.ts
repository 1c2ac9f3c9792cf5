import type { Request, Router } from 'express';
import { getHealth, getLiveness, getMetrics, getOpenApi, getReadiness } from '@carillon/contracts';
import { renderOpenApi } from '../../actions/operation.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore } from '../../http/bind.ts';
import { needStaff, serveOpen } from '../../http/open.ts';
import { mountDocs } from './docs.ts';

const json = 'application/json; charset=utf-8';

/** For those who run Carillon. */
export function mountOperation(deps: ApiDeps, router: Router): void {
  serveOpen(deps, router, getLiveness.path, () => {
    const { statusCode: status, body } = deps.health.live();
    return { status, contentType: json, body: JSON.stringify(body), headers: noStore };
  });

  serveOpen(deps, router, getReadiness.path, async () => {
    const { statusCode: status, body } = await deps.health.ready();
    return { status, contentType: json, body: JSON.stringify(body), headers: noStore };
  });

  bind(deps, router, getHealth, async () => {
    const { statusCode: status, body } = await deps.health.details();
    return { status, body, headers: noStore };
  });

  serveOpen(deps, router, getMetrics.path, async (request) => {
    if (deps.config.production && !isFromThisMachine(request)) await needStaff(deps, request);
    const body = await deps.metrics.scrape();
    return { status: 200, contentType: deps.metrics.contentType, body, headers: noStore };
  });

  const openApi = renderOpenApi(deps);
  serveOpen(deps, router, getOpenApi.path, () => ({
    ...{ status: 200, contentType: json, body: openApi.text },
    headers: { 'Cache-Control': 'no-cache', ETag: openApi.etag },
  }));

  mountDocs(deps, router);
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** A proxy on this machine connects from it too, so what one has passed on does not count. */
function isFromThisMachine({ socket, headers }: Request): boolean {
  return (
    loopback.has(socket.remoteAddress ?? '') && proxyHeaders.every((name) => headers[name] === undefined)
  );
}
