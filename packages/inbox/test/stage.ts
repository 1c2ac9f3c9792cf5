import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBrowser, trackOpen } from '@carillon/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createInboxWriter, type InboxWriter } from '../../../services/api/test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../services/api/test/test-api.ts';

/** A page's policy without anything unsafe: what the element must do with. */
export const strictPolicy = (apiUrl: string, calledUrl = apiUrl): string =>
  [
    "default-src 'none'",
    `script-src ${apiUrl}`,
    `connect-src ${calledUrl} ${calledUrl.replace('http', 'ws')}`,
    "style-src 'none'",
    "img-src 'self'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** A page of somebody's product, on an origin of its own. */
export interface PageServer {
  url: string;
  /** What is answered from now on, whatever the path. */
  show(html: string, headers?: Record<string, string>): void;
  stop(): Promise<void>;
}

/** The real API, a browser, and a product's page on another origin. */
export interface InboxStage {
  api: TestApi;
  writer: InboxWriter;
  browser: Browser;
  site: PageServer;
  makeUser(): Promise<Actor>;
  /** Opens the page with a bell of this user, under the strict policy. */
  openBell(user: Actor, options?: BellOptions): Promise<Page>;
  stop(): Promise<void>;
}

export interface BellOptions {
  /** More attributes of the element. */
  attributes?: string;
  /** Attributes of the page. */
  html?: string;
  url?: string;
  /** Where the page is opened; a new one unless given. */
  context?: BrowserContext;
}

export async function startInboxStage(): Promise<InboxStage> {
  const [api, browser] = await Promise.all([startTestApi({ CARILLON_ALLOWED_ORIGINS: '*' }), openBrowser()]);
  const writer = createInboxWriter(api);
  const site = await startPageServer();
  const organization = await api.makeOrganization();
  return {
    ...{ api, writer, browser, site },
    makeUser: () => api.makeUser(organization, 'member'),
    async openBell(user, { attributes = '', html = 'lang="en"', url = api.url, context } = {}) {
      site.show(
        `<!doctype html><html ${html}><head><title>Shop</title>
        <script type="module" src="${api.url}/inbox/latest/carillon-inbox.js"></script></head>
        <body><h1>Shop</h1><carillon-inbox url="${url}" token="${user.token}" ${attributes}></carillon-inbox></body></html>`,
        { 'Content-Security-Policy': strictPolicy(api.url, url) },
      );
      const page = await (context ?? browser).newPage();
      page.setDefaultTimeout(12_000);
      await page.goto(site.url);
      return page;
    },
    async stop() {
      await browser.close();
      await site.stop();
      await writer.stop();
      await api.stop();
    },
  };
}

/** The getting-started file, with the two values that a reader fills in. */
export function gettingStarted(apiUrl: string, token: string): string {
  const text = readFileSync(new URL('../../../docs/examples/bell.html', import.meta.url), 'utf8');
  return text.replaceAll('http://127.0.0.1:8080', apiUrl).replace('token="USER_TOKEN"', `token="${token}"`);
}

async function startPageServer(): Promise<PageServer> {
  let page = '';
  let headers: Record<string, string> = {};
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(204).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(page);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    forget();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const forget = trackOpen('page server', stop);
  return {
    // Another name than the API's: another site, as far as browsers are concerned.
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    show(html, more = {}) {
      page = html;
      headers = more;
    },
    stop,
  };
}

/** Titles of the items that are shown, in order. */
export function titlesOf(page: Page): Promise<string[]> {
  return page.locator('[part=item-title] bdi').allTextContents();
}
