import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Router } from 'express';
import type { ApiDeps } from '../deps.ts';
import { forever, serveFolder } from './serve-folder.ts';
import { createStaticFolder } from './static-folder.ts';

const require = createRequire(import.meta.url);

/**
 * `/inbox/<version>/carillon-inbox.js`, the element that pages of any site embed, and `/inbox/latest.json`, which
 * names the version that is served and its hash for `integrity`. It holds nothing secret: every origin may load it.
 */
export function mountInboxElement(deps: Pick<ApiDeps, 'newId' | 'log' | 'config'>, router: Router): void {
  const dir = join(dirname(require.resolve('@carillon/inbox/package.json')), 'dist', 'served');
  serveFolder(deps, router, {
    ...{ path: '/inbox', folder: createStaticFolder(dir) },
    headersOf: (name) => ({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      // A version is named by its content.
      ...(name.startsWith('latest') ? { 'Cache-Control': 'no-cache' } : forever),
    }),
    absent: 'The inbox element is not built: run `npm run build`',
  });
}
