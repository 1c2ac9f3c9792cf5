import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers, pollUntil } from '@carillon/testkit';
import type { Page } from 'playwright-core';
import { startBalancer, type Balancer } from '../../client/test/balancer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../services/api/test/test-api.ts';
import { startInboxStage, titlesOf, type InboxStage } from './stage.ts';

let stage: InboxStage;
let second: TestApi;
let balancer: Balancer;

beforeAll(async () => {
  stage = await startInboxStage();
  second = await startTestApi({
    DATABASE_URL: stage.api.databaseUrl,
    CARILLON_ALLOWED_ORIGINS: '*',
  });
  balancer = await startBalancer([stage.api.url, second.url]);
});
afterAll(async () => {
  await stage.browser.close();
  await balancer.stop();
  await second.stop();
  await stage.stop();
});

const open = (page: Page): Promise<void> => page.getByRole('button', { name: /^Notifications/ }).click();
const unread = (page: Page, count: number): Promise<void> =>
  page.getByRole('button', { name: `Notifications, ${count} unread` }).waitFor();

describe('two tabs on two API instances', () => {
  it('show the same: what arrives, what is read and archived in either', async () => {
    const user = await stage.makeUser();
    const context = await stage.browser.newContext();
    const streamsBefore = balancer.streams();
    const one = await stage.openBell(user, { url: balancer.url, context });
    await unreadIsNone(one);
    const two = await stage.openBell(user, { url: balancer.url, context });
    for (const title of ['First', 'Second', 'Third']) await stage.writer.place(user, { title });
    await Promise.all([unread(one, 3), unread(two, 3)]);
    await open(one);
    await open(two);
    await one.getByRole('button', { name: 'Second' }).click();
    await unread(two, 2);
    await two.locator('[part~=item]', { hasText: 'Third' }).hover();
    await two.locator('[part~=item]', { hasText: 'Third' }).getByRole('button', { name: 'Archive' }).click();
    await unread(one, 1);
    await pollUntil(async () => (await titlesOf(one)).length === 2);
    expect(await titlesOf(one)).toEqual(await titlesOf(two));
    // Tabs of one user share one connection.
    expect(balancer.streams() - streamsBefore).toBe(1);
    // The tab with the connection goes; the other one goes on.
    await one.close();
    await stage.writer.place(user, { title: 'After the first tab' });
    await two.getByRole('button', { name: 'After the first tab' }).waitFor();
    await context.close();
  });

  async function unreadIsNone(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  }
});

describe('a server that goes away', () => {
  it('is told while it is away, and nothing is lost when it is back', async () => {
    const user = await stage.makeUser();
    await stage.writer.place(user, { title: 'Before' });
    const page = await stage.openBell(user, { url: balancer.url });
    await unread(page, 1);
    await open(page);
    balancer.close();
    await page.getByText('No connection. What you see may be old.').waitFor();
    // What was there stays there.
    expect(await titlesOf(page)).toEqual(['Before']);
    expect(await findBarriers(page, 'carillon-inbox')).toEqual([]);
    for (const title of ['While away 1', 'While away 2']) await stage.writer.place(user, { title });
    balancer.admit();
    const again = page.getByRole('button', { name: 'Try again' });
    // It comes back by itself too, perhaps before the button is reached.
    await Promise.any([again.click(), again.waitFor({ state: 'detached' })]);
    await page.getByRole('button', { name: 'While away 2' }).waitFor();
    expect(await titlesOf(page)).toEqual(['While away 2', 'While away 1', 'Before']);
    await page.getByText('No connection.').waitFor({ state: 'detached' });
    await page.close();
  });

  it('before the list could be read: says so, and shows it as soon as it can', async () => {
    const user = await stage.makeUser();
    await stage.writer.place(user, { title: 'Waits' });
    balancer.close();
    const page = await stage.openBell(user, { url: balancer.url });
    await open(page);
    await page.getByText('No connection.').waitFor();
    balancer.admit();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Waits' }).waitFor();
    await page.close();
  });

  it('does not lose what somebody does meanwhile without saying so', async () => {
    const user = await stage.makeUser();
    await stage.writer.place(user, { title: 'Stays' });
    const page = await stage.openBell(user, { url: balancer.url });
    await unread(page, 1);
    await open(page);
    await page.locator('[part~=item]').hover();
    balancer.close();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByText('That did not work.').first().waitFor();
    expect(await titlesOf(page)).toEqual(['Stays']);
    balancer.admit();
    await page.close();
  });
});

describe('a browser without network', () => {
  it('goes on by itself when the network is back', async () => {
    const user = await stage.makeUser();
    const context = await stage.browser.newContext();
    const page = await stage.openBell(user, { context });
    await open(page);
    await page.getByText('You are all caught up').waitFor();
    await context.setOffline(true);
    await stage.writer.place(user, { title: 'Missed' });
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Missed' }).waitFor();
    await context.close();
  });
});

describe('tokens', () => {
  let user: Actor;
  beforeAll(async () => {
    user = await stage.makeUser();
    await stage.writer.place(user, { title: 'Secret' });
  });

  it('that have expired are told, and a new one makes it good', async () => {
    const page = await stage.openBell({ ...user, token: 'aaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' });
    await open(page);
    await page.getByText('You are signed out.').waitFor();
    expect(await findBarriers(page, 'carillon-inbox')).toEqual([]);
    await page
      .locator('carillon-inbox')
      .evaluate((bell, token) => bell.setAttribute('token', token), user.token);
    await page.getByRole('button', { name: 'Secret' }).waitFor();
    await page.close();
  });

  it('are got by a function, and got anew when one is refused', async () => {
    const short = await stage.api.makeToken(user, ['inbox', 'preferences']);
    const page = await stage.openBell({ ...user, token: '' });
    await page.exposeFunction('askServer', (number: number) => (number === 1 ? 'aaaaaaaaaa-wrong' : short));
    await page.evaluate(() => {
      let asked = 0;
      const bell = document.querySelector('carillon-inbox');
      const ask = Reflect.get(globalThis, 'askServer') as (number: number) => Promise<string>;
      Object.assign(bell ?? {}, { token: () => ask((asked += 1)) });
      Object.assign(globalThis, { askedTimes: () => asked });
    });
    await unread(page, 1);
    expect(await page.evaluate(() => (Reflect.get(globalThis, 'askedTimes') as () => number)())).toBe(2);
    await page.close();
  });

  it('that are missing leave a bell that says so', async () => {
    const page = await stage.openBell({ ...user, token: '' });
    await open(page);
    await page.getByText('You are signed out.').waitFor();
    await page.close();
  });

  it('of somebody else show nothing of the first one', async () => {
    const other = await stage.makeUser();
    const page = await stage.openBell(user);
    await unread(page, 1);
    await open(page);
    await page
      .locator('carillon-inbox')
      .evaluate((bell, token) => bell.setAttribute('token', token), other.token);
    await page.getByText('You are all caught up').waitFor();
    expect(
      await page.locator('carillon-inbox').evaluate((bell) => bell.shadowRoot?.textContent),
    ).not.toContain('Secret');
    await page.close();
  });
});

describe('a device whose clock is wrong', () => {
  it.each([
    { name: 'five hours slow', awayMs: -5 * 3_600_000 },
    { name: 'two days fast', awayMs: 48 * 3_600_000 },
  ])('by $name shows the right day and age, and says that the clock is wrong', async ({ awayMs }) => {
    const user = await stage.makeUser();
    await stage.writer.place(user, { title: 'Just now' });
    const context = await stage.browser.newContext();
    await context.addInitScript((away) => {
      const real = Date.now.bind(Date);
      const RealDate = Date;
      Date.now = () => real() + away;
      globalThis.Date = new Proxy(RealDate, {
        construct: (target, given: unknown[]) =>
          Reflect.construct(target, given.length === 0 ? [Date.now()] : given) as object,
      });
    }, awayMs);
    const page = await stage.openBell(user, { context });
    await unread(page, 1);
    await open(page);
    await page.getByText('The clock of this device is wrong').waitFor();
    expect(await page.locator('[part=day-title]').allTextContents()).toEqual(['Today']);
    expect(await page.locator('[part=item-meta] time').textContent()).toMatch(/now|min/);
    await context.close();
  });
});
