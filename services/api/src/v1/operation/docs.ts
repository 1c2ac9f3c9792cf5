import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Router } from 'express';
import { getDocs, getOpenApi } from '@carillon/contracts';
import { fixed, type FixedText } from '../../actions/operation.ts';
import type { ApiDeps } from '../../deps.ts';
import { serveOpen } from '../../http/open.ts';
import { renderErrorsPage } from './errors-page.ts';

const require = createRequire(import.meta.url);

/** Everything comes from our own origin, and nothing else may be asked. The viewer sets style attributes. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'Content-Security-Policy': policy,
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

const viewerPath = '/docs/viewer.js';
const stylePath = '/docs/style.css';

/** The document as a page, and the page that the `type` of each problem points to. */
export function mountDocs(deps: ApiDeps, router: Router): void {
  const html = 'text/html; charset=utf-8';
  const pages = [
    { path: getDocs.path, contentType: html, page: fixed(viewerPage) },
    { path: '/docs/errors', contentType: html, page: fixed(renderErrorsPage(stylePath)) },
    { path: stylePath, contentType: 'text/css; charset=utf-8', page: fixed(style) },
    { path: viewerPath, contentType: 'text/javascript; charset=utf-8', page: readViewer() },
  ];
  for (const { path, contentType, page } of pages) {
    serveOpen(deps, router, path, () => ({
      ...{ status: 200, contentType, body: page.text },
      headers: { ...pageHeaders, ETag: page.etag },
    }));
  }
}

/** The viewer's own bundle, from the installed package. */
function readViewer(): FixedText {
  return fixed(
    readFileSync(require.resolve('openapi-explorer/dist/browser/openapi-explorer.min.js'), 'utf8'),
  );
}

const viewerPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Carillon API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath}">
<script type="module" src="${viewerPath}"></script>
</head>
<body class="viewer">
<openapi-explorer spec-url="${getOpenApi.path}" collapse table="true" schema-expand-level="2"
  hide-server-selection="true" fetch-credentials="omit" primary-color="#1f5fae" secondary-color="#1f5fae"
  nav-bg-color="#f4f5f7" nav-text-color="#2b2f36" nav-hover-bg-color="#e3e8ef" nav-hover-text-color="#12345a">
<div slot="overview">
<h1>Carillon API</h1>
<p>What each error code means: <a href="/docs/errors">/docs/errors</a>. The document itself:
<a href="${getOpenApi.path}">${getOpenApi.path}</a>.</p>
</div>
</openapi-explorer>
<noscript>The page needs JavaScript. The document that it shows: <a href="${getOpenApi.path}">${getOpenApi.path}</a>.</noscript>
</body>
</html>
`;

const style = `:root {
  --font-regular: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --font-mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
body { margin: 0; font-family: var(--font-regular); color: #1d2127; line-height: 1.55; }
body.viewer { height: 100vh; }
openapi-explorer { --font-regular: inherit; }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #d9dee5; padding: 0.75rem 0; }
section:target { background: #fff6d6; }
h2 { font: 600 1rem var(--font-mono); margin: 0.25rem 0; }
h2 span { font: 400 0.85rem var(--font-regular); color: #5b6470; margin-left: 0.75rem; }
h2 a { color: inherit; text-decoration: none; }
p { margin: 0.25rem 0; }
code { font-family: var(--font-mono); font-size: 0.92em; background: #eef1f5; padding: 0 0.25em; border-radius: 3px; }
a { color: #1f5fae; }
@media (prefers-color-scheme: dark) {
  body:not(.viewer) { background: #15181c; color: #e4e7eb; }
  body:not(.viewer) code { background: #2a2f36; }
  body:not(.viewer) a { color: #8bb8f0; }
  section { border-color: #30363e; }
  section:target { background: #3a3416; }
}
`;
