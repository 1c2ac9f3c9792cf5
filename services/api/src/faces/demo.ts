import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Request, Response, Router } from 'express';
import type { ApiDeps } from '../deps.ts';
import { requestContext } from '../http/request-context.ts';
import { sendFile, serveFolder } from './serve-folder.ts';
import { createStaticFolder } from './static-folder.ts';

const require = createRequire(import.meta.url);

/** The page is what a product's page may be: everything from its own origin, nothing unsafe. */
const pageHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-cache',
};

/** `/demo`, a page with a bell to try out; never in production. It knows no token: that is behind the `#` of a link. */
export function mountDemo(deps: Pick<ApiDeps, 'newId' | 'log' | 'config'>, router: Router): void {
  if (deps.config.production) return;
  const dir = join(dirname(require.resolve('@carillon/inbox/package.json')), 'dist', 'demo-page');
  const folder = createStaticFolder(dir);
  router.get('/demo', async (request: Request, response: Response, next) => {
    const file = request.path === '/demo' ? await folder.load('index.html') : undefined;
    if (file === undefined) return next();
    requestContext(deps.newId, request, response);
    return sendFile(request, response, file, pageHeaders);
  });
  serveFolder(deps, router, {
    ...{ path: '/demo', folder, headersOf: () => pageHeaders },
    absent: 'The demo is not built: run `npm run build`',
  });
}
