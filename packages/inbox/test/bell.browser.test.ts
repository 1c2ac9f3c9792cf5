import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findBarriers } from '@carillon/testkit';
import type { Actor } from '../../../services/api/test/test-api.ts';
import { gettingStarted, startInboxStage, type InboxStage } from './stage.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await startInboxStage();
});
afterAll(() => stage.stop());

describe('<carillon-inbox> in a page of another origin', () => {
  let user: Actor;
  let page: Page;

  beforeAll(async () => {
    user = await stage.makeUser();
    stage.site.show(gettingStarted(stage.api.url, user.token));
    page = await stage.browser.newPage();
    await page.goto(stage.site.url);
  });

  it('rings in the file of the getting-started, without a reload', async () => {
    await page.locator('carillon-inbox [part=bell]').waitFor();
    await stage.writer.place(user, { title: 'Backup finished', body: 'All **12** databases are safe.' });
    await page.locator('carillon-inbox [part=badge]').getByText('1').waitFor();
    await page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    await page.getByRole('button', { name: 'Backup finished' }).waitFor();
    expect(await page.locator('carillon-inbox strong').textContent()).toBe('12');
    await page.screenshot({ path: '/tmp/g-1.png' });
    expect(await findBarriers(page)).toEqual([]);
  });
});
