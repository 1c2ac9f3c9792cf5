/**
 * The server of a product: serves one page, and gives its browser a short-lived token of whoever is signed in.
 * Run from the root of the repository: CARILLON_TOKEN=... node docs/examples/react/server.mjs
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createCarillon } from '@carillon/client';

const { CARILLON_URL = 'http://127.0.0.1:8080', CARILLON_TOKEN = '', PORT = '3000' } = process.env;
const host = '127.0.0.1';
const carillon = createCarillon({ url: CARILLON_URL, token: CARILLON_TOKEN });

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.jsx', import.meta.url))],
  ...{ bundle: true, format: 'esm', target: 'es2022', jsx: 'automatic', write: false },
  define: { 'process.env.NODE_ENV': '"production"' },
});

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>My shop</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 }
  header { display: flex; align-items: center; justify-content: space-between; padding: 0 1.5rem; border-bottom: 1px solid #ddd }
  h1 { font-size: 1.1rem }
  main { padding: 1.5rem }
</style>
<div id="root" data-carillon-url="${CARILLON_URL}"></div>
<script type="module" src="/page.js"></script>
</html>`;

/** Your own sign-in says who asks; this example knows one person. It never takes a name from the browser. */
const signedIn = () => 'external:demo';

createServer(async (request, response) => {
  const send = (status, type, body) => response.writeHead(status, { 'Content-Type': type }).end(body);
  if (request.method === 'POST' && request.url === '/carillon-token') {
    try {
      const limits = { name: 'browser', expires_in: 900, scopes: ['inbox', 'preferences'] };
      const { token } = await carillon.tokens.create(signedIn(), limits);
      return send(200, 'application/json', JSON.stringify({ token }));
    } catch (error) {
      return send(502, 'application/json', JSON.stringify({ code: error.code }));
    }
  }
  if (request.url === '/page.js') return send(200, 'text/javascript', outputFiles[0].contents);
  return send(request.url === '/' ? 200 : 404, 'text/html; charset=utf-8', request.url === '/' ? page : '');
}).listen(Number(PORT), host, () => console.log(`http://${host}:${PORT}`));
