import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Request, Response, Router } from 'express';
import type { ApiDeps } from '../deps.ts';
import { requestContext } from '../http/request-context.ts';
import { forever, serveFolder } from './serve-folder.ts';
import { createStaticFolder } from './static-folder.ts';

const require = createRequire(import.meta.url);

/**
 * Everything comes from our own origin, and nothing else is asked; no script or style stands in a page. Frames are
 * for mails that are looked at: they inherit this policy.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'Content-Security-Policy': policy,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** The admin pages at `/console/`: the files that `npm run build` makes of packages/console. */
export function mountConsole(deps: Pick<ApiDeps, 'newId' | 'log' | 'config'>, router: Router): void {
  const dir = join(dirname(require.resolve('@carillon/console/package.json')), 'dist', 'pages');
  // Addresses in the page are relative, so that it also works behind a proxy that puts a path before ours.
  router.get('/console', (request: Request, response: Response, next) => {
    if (request.path !== '/console') return next();
    requestContext(deps.newId, request, response);
    response.writeHead(308, { Location: 'console/', 'Content-Length': 0 }).end();
  });
  serveFolder(deps, router, {
    ...{ path: '/console', folder: createStaticFolder(dir), index: 'index.html' },
    // All but the page itself have a hash of their content in their names.
    headersOf: (name) => ({
      ...pageHeaders,
      ...(name.startsWith('assets/') ? forever : { 'Cache-Control': 'no-cache' }),
    }),
    absent: 'The console is not built: run `npm run build`',
  });
}
