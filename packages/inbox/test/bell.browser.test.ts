import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers } from '@carillon/testkit';
import type { Locator, Page } from 'playwright-core';
import type { Actor } from '../../../services/api/test/test-api.ts';
import { gettingStarted, startInboxStage, titlesOf, type InboxStage } from './stage.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await startInboxStage();
});
afterAll(() => stage.stop());

describe('<carillon-inbox> in a page of another origin', () => {
  let user: Actor;
  let page: Page;
  let toolOf: (title: string, name: string) => Promise<void>;
  let badge: Locator;

  beforeAll(async () => {
    user = await stage.makeUser();
    stage.site.show(gettingStarted(stage.api.url, user.token));
    page = await stage.browser.newPage();
    await page.goto(stage.site.url);
    badge = page.locator('[part=badge]');
    toolOf = async (title, name) => {
      const item = page.locator('[part~=item]', { hasText: title });
      await item.hover();
      await item.getByRole('button', { name, exact: true }).click();
    };
  });

  it('rings in the file of the getting-started, without a reload', async () => {
    await page.getByRole('button', { name: 'Notifications' }).waitFor();
    await stage.writer.place(user, { title: 'Backup finished', body: 'All **12** databases are safe.' });
    await badge.getByText('1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    await page.getByRole('button', { name: 'Backup finished' }).waitFor();
    expect(await page.locator('carillon-inbox strong').textContent()).toBe('12');
    expect(await findBarriers(page, 'carillon-inbox')).toEqual([]);
  });

  it('marks as read and archives, and takes both back', async () => {
    await toolOf('Backup finished', 'Mark as read');
    await badge.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await badge.waitFor();
    await toolOf('Backup finished', 'Archive');
    await page.getByText('You are all caught up').waitFor();
    await page.getByRole('tab', { name: 'Archived' }).click();
    await page.getByRole('button', { name: 'Backup finished' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Nothing archived yet').waitFor();
    await page.getByRole('tab', { name: 'All' }).click();
    await toolOf('Backup finished', 'Dismiss');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Backup finished' }).waitFor();
  });

  it('marks all as read but what arrives meanwhile', async () => {
    // The answer of the list that is looked at; what the server places later is not in it.
    const asked = page.waitForRequest(/read-all/);
    await page.route(/\/v1\/inbox\/read-all/, async (route) => {
      await stage.writer.place(user, { title: 'Came in between' });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    expect((await asked).postDataJSON()).toEqual({ up_to: expect.stringMatching(/^.+\.\d+$/) });
    await badge.getByText('1', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Unread' }).click();
    await page.getByRole('button', { name: 'Came in between' }).waitFor();
    expect(await titlesOf(page)).toEqual(['Came in between']);
    await page.getByRole('tab', { name: 'All' }).click();
  });

  it('asks before it leads away: the page may do it itself, and the item is read', async () => {
    await stage.writer.place(user, {
      ...{ title: 'Order shipped', url: '/orders/4' },
      actions: [{ label: 'Got it', url: 'https://example.com/ack', type: 'acknowledge' }],
    });
    await page.evaluate(() => {
      const opened: string[] = [];
      Reflect.set(globalThis, 'opened', opened);
      for (const name of ['carillon-open', 'carillon-action']) {
        document.querySelector('carillon-inbox')?.addEventListener(name, (event) => {
          event.preventDefault();
          opened.push(
            `${name} ${String((event as CustomEvent<{ item: { title: string } }>).detail.item.title)}`,
          );
        });
      }
    });
    await page.getByRole('link', { name: 'Order shipped' }).click();
    await page.getByRole('link', { name: 'Got it' }).click();
    await page.getByText('Acknowledged').waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'opened'))).toEqual([
      'carillon-open Order shipped',
      'carillon-action Order shipped',
    ]);
    expect(page.url()).toBe(stage.site.url);
  });

  it('loads older ones page by page', async () => {
    await page.locator('carillon-inbox').evaluate((bell) => bell.setAttribute('limit', '2'));
    await page.getByRole('button', { name: 'Load more' }).waitFor();
    expect((await titlesOf(page)).length).toBe(2);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByRole('button', { name: 'Backup finished' }).waitFor();
    expect((await titlesOf(page)).length).toBe(3);
    await page.getByRole('button', { name: 'Load more' }).waitFor({ state: 'detached' });
  });
});
