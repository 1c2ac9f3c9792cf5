import { openBrowser } from '@carillon/testkit';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../services/api/test/test-api.ts';

/** The real API with its console, a browser, and an admin who is signed in. */
export interface ConsoleStage {
  api: TestApi;
  browser: Browser;
  admin: Actor;
  /** Calls the API as the admin. Throws for what it refuses. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown): Promise<Answer['body']>;
  /** Opens a page of the console as the admin. What the browser complains of stands in `complaints`. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Goes to another page of the console without loading it anew. Nothing of the page before is left to be seen. */
  go(page: Page, path: string): Promise<void>;
  /** Errors of scripts, and what the policy of the page refused, on every page that was opened. */
  complaints: string[];
  stop(): Promise<void>;
}

/** A path of no page. */
const nowhere = '/nowhere';
const assignHash = (path: string): void => location.assign(`#${path}`);

export async function startConsoleStage(environment: Record<string, string> = {}): Promise<ConsoleStage> {
  const [api, browser] = await Promise.all([startTestApi(environment), openBrowser()]);
  const admin = await api.makeUser(await api.makeOrganization(), 'admin');
  const complaints: string[] = [];
  return {
    ...{ api, browser, admin, complaints },
    async ask(method, path, body) {
      const {
        status,
        text,
        body: answered,
      } = await api.ask(method, `/v1${path}`, { token: admin.token, body });
      if (status >= 300) throw new Error(`${method} ${path}: ${text}`);
      return answered;
    },
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      await context.addInitScript((token) => {
        sessionStorage.setItem('carillon.console.session', JSON.stringify({ by: 'token', token }));
      }, admin.token);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (line) => {
        if (line.type() === 'error' && !isAnswer(line.text())) complaints.push(line.text());
      });
      await page.goto(`${api.url}/console/#${path}`);
      return page;
    },
    async go(page, path) {
      const isNowhere = page.getByText('The address leads nowhere');
      await page.evaluate(assignHash, nowhere);
      await isNowhere.waitFor();
      if (path === nowhere) return;
      await page.evaluate(assignHash, path);
      await isNowhere.waitFor({ state: 'detached' });
    },
    async stop() {
      await browser.close();
      await api.stop();
    },
  };
}

/** A refusal of the API, which the page shows, is an error to the browser too. */
function isAnswer(line: string): boolean {
  return /^Failed to load resource: the server responded with a status of (?:4\d\d|502)/.test(line);
}
