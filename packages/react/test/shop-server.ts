import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { trackOpen } from '@carillon/testkit';
import { Shop, type ShopProps } from './pages/shop.ts';

/** A product on an origin of its own: the page as a server renders it, and its script. */
export interface ShopServer {
  url: string;
  /** Who is signed in from now on, at which API. */
  signIn(props: ShopProps): void;
  stop(): Promise<void>;
}

export async function startShop(): Promise<ShopServer> {
  const script = await bundle();
  let props: ShopProps = { url: 'http://127.0.0.1', token: '' };
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : page(props));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const untrack = trackOpen('shop', close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signIn(given) {
      props = given;
    },
    async stop() {
      untrack();
      await close();
    },
  };
}

/** React as developers have it, with all its warnings. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('pages/hydrate.ts', import.meta.url))],
    ...{ bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false },
    conditions: ['source'],
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function page(props: ShopProps): string {
  const html = renderToString(createElement(Shop, props));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<div id="root">${html}</div><script type="application/json" id="props">${JSON.stringify(props)}</script>
<script type="module" src="/page.js"></script></html>`;
}
