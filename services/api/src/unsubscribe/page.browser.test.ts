import { createUnsubscribeTokens } from '@carillon/runtime';
import { findBarriers, openBrowser } from '@carillon/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startTestApi, type Actor, type TestApi } from '../../test/test-api.ts';

const secretKey = Buffer.alloc(32, 7);
const tokens = createUnsubscribeTokens({ key: secretKey });
let api: TestApi;
let admin: Actor;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
  api = await startTestApi({ CARILLON_SECRET_KEY: secretKey.toString('base64') });
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  const categories = { builds: { name: 'Builds' }, security: { name: 'Security', mandatory: true } };
  for (const [key, body] of Object.entries(categories)) {
    await api.ask('PUT', `/v1/categories/${key}`, { token: admin.token, body });
  }
});
afterAll(async () => {
  await browser.close();
  await api.stop();
});

async function linkOf(category: string): Promise<string> {
  const { organizationId, id: userId } = await api.makeUser(admin.organizationId, 'member');
  return `${api.url}/u/${tokens.write({ organizationId, userId, kind: 'email', category })}`;
}

const headingOf = (page: Page) => page.getByRole('heading').textContent();

describe('the page behind the link of a mail, in a browser without scripts', () => {
  it('is worked by the keyboard alone, there and back', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(await linkOf('builds'));
    expect(await headingOf(page)).toBe('Stop e-mails about “Builds”?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You no longer get e-mails about “Builds”.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You get e-mails about “Builds” again.').waitFor();
    await context.close();
  });

  it.each<{ name: string; category: string; options: Parameters<Browser['newPage']>[0] }>([
    { name: 'by day', category: 'builds', options: { colorScheme: 'light' } },
    { name: 'by night', category: 'builds', options: { colorScheme: 'dark' } },
    {
      ...{ name: 'on a telephone', category: 'builds' },
      options: { viewport: { width: 320, height: 560 } },
    },
    { name: 'for all', category: '', options: {} },
  ])('has no barrier and no bar below, before and after: $name', async ({ category, options }) => {
    const page = await browser.newPage(options);
    await page.goto(await linkOf(category));
    expect(await findBarriers(page)).toEqual([]);
    await expectNoOverflow(page);
    await page.getByRole('button').click();
    await page.waitForLoadState();
    expect(await findBarriers(page)).toEqual([]);
    await page.close();
  });

  it('has none for what is required, and no button', async () => {
    const page = await browser.newPage();
    await page.goto(await linkOf('security'));
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.close();
  });

  it('has none where a link does not work', async () => {
    const page = await browser.newPage();
    await page.goto(`${api.url}/u/abc`);
    expect(await headingOf(page)).toBe('This link does not work.');
    expect(await findBarriers(page)).toEqual([]);
    await page.close();
  });
});

async function expectNoOverflow(page: Page): Promise<void> {
  const widths = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = Reflect.get(globalThis, 'document').documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(widths[0]).toBeLessThanOrEqual(Number(widths[1]));
}
