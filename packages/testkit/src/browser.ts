import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { trackOpen } from './leaks.ts';
import { testChromium } from './servers.ts';

/** What keeps a browser from calling anybody but the pages of a test. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real Chromium without a window, with a profile of its own that goes with it. Close it in afterAll, or the suite
 * fails. For suites named `*.browser.test.ts`: for those the global setup has seen to it that there is a Chromium.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = testChromium();
  // Loaded here only: every suite imports the testkit, few open a browser.
  const { chromium } = await import('playwright-core');
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath,
    args: [...quiet, ...(isRoot ? ['--no-sandbox'] : [])],
  });
  const forget = trackOpen('a browser', () => browser.close());
  browser.on('disconnected', forget);
  return browser;
}

/** By the protocol of developer tools: a policy of the page has no say in it. */
async function bringAxe(page: Page): Promise<void> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: await readFile(path, 'utf8') });
  await session.detach();
}

/** Levels of WCAG that pages keep: all rules of 2.2 A and AA, and of what came before. */
const wcagTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * What axe-core finds wrong in a page as it is now, one line for each place; nothing when all is well. Looks into
 * shadow roots too.
 */
export async function findBarriers(page: Page, within?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await bringAxe(page);
  const found: unknown = await page.evaluate(
    async ([tags, selector]) => {
      const axe: unknown = Reflect.get(globalThis, 'axe');
      const run = Reflect.get(Object(axe), 'run') as (
        context: unknown,
        options: unknown,
      ) => Promise<{
        violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
      }>;
      const { violations } = await run(selector ?? Reflect.get(globalThis, 'document'), {
        runOnly: { type: 'tag', values: tags },
        // What is well is not asked for: axe-core would describe each place of it.
        resultTypes: ['violations'],
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
      );
    },
    [wcagTags, within] as const,
  );
  return Array.isArray(found) ? found.map(String) : [];
}
