import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertCaptured } from '@carillon/db/operation';
import { findBarriers, pollUntil, runSql } from '@carillon/testkit';
import type { Page } from 'playwright-core';
import { createPeople, type Person } from '../../../services/api/test/people.ts';
import { startRunningStage, type RunningStage } from './running-stage.ts';

const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

let stage: RunningStage;
let notificationId: string;
let deliveryId: string;

beforeAll(async () => {
  stage = await startRunningStage();
  notificationId = await stage.notify(hostile);
  deliveryId = (await stage.ask('GET', '/deliveries')).data[0].id;
  await stage.ask('PUT', '/users/external:ada/quiet-hours', { start: '00:00', end: '23:59' });
  const body = { to: ['external:ada'], title: 'Held until midnight', category: 'builds' };
  await stage.ask('POST', '/notifications', body);
  await pollUntil(async () => (await stage.ask('GET', '/deliveries?state=pending')).data.length === 1);
  await stage.ask('PUT', '/users/external:ada/quiet-hours', { start: '03:00', end: '03:00' });
});
afterAll(() => stage.stop());

/** Stands for what is in a page, once it is loaded. */
const looks: readonly { name: string; path: () => string; shows: string | RegExp }[] = [
  { name: 'the overview', path: () => '/overview', shows: 'Workers alive' },
  { name: 'notifications', path: () => '/notifications', shows: 'Held until midnight' },
  {
    name: 'an empty search',
    path: () => '/notifications?search=nothing',
    shows: 'Nothing fits these filters',
  },
  { name: 'a notification', path: () => `/notifications/${notificationId}`, shows: 'What became of it' },
  { name: 'what is not there', path: () => `/notifications/${deliveryId}`, shows: 'It is not there' },
  { name: 'deliveries', path: () => '/deliveries', shows: 'Every state' },
  { name: 'a delivery', path: () => `/deliveries/${deliveryId}`, shows: 'What was handed over' },
  { name: 'dead letters', path: () => '/dead-letters', shows: 'Nothing was given up' },
  { name: 'captured messages', path: () => '/captured', shows: 'Nothing was kept back' },
  { name: 'mails that are for operators', path: () => '/mails', shows: 'You may not see or do this' },
  { name: 'settings', path: () => '/settings', shows: 'PostgreSQL' },
  { name: 'no page', path: () => '/nowhere', shows: 'There is no such page' },
];

async function barriersOf(page: Page, shows: string | RegExp): Promise<string[]> {
  await page.getByText(shows).first().waitFor({ state: 'attached' });
  return findBarriers(page);
}

describe('in light colours and in dark ones', () => {
  let page: Page;
  beforeAll(async () => {
    page = await stage.open('/overview');
  });
  afterAll(() => page.context().close());

  it.each(looks)('$name has no barriers', async ({ path, shows }) => {
    await stage.go(page, path());
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await barriersOf(page, shows)).toEqual([]);
    }
  });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it('has no barriers on a telephone, nor set from right to left', async () => {
    const page = await stage.open('/overview', { colorScheme, viewport: { width: 390, height: 800 } });
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await barriersOf(page, 'Workers alive')).toEqual([]);
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    expect(await findBarriers(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    await page.context().close();
  });
});

describe('the overview', () => {
  it('shows what is accepted without being asked again', async () => {
    const page = await stage.open('/overview');
    const value = page.locator('.figure', { hasText: 'Accepted' }).locator('.figure-value');
    const before = Number(await value.textContent());
    await stage.notify('One more');
    await pollUntil(async () => Number(await value.textContent()) === before + 1, 30_000, 'One more');
    await page.context().close();
  });

  it('says first what is wrong', async () => {
    await stage.ask('PUT', '/paused', { paused: true });
    const page = await stage.open('/overview');
    await page.getByText('The organization is paused').waitFor();
    await page.getByRole('link', { name: 'To the settings' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('It runs again').waitFor();
    expect(await stage.ask('GET', '/paused')).toMatchObject({ paused: false });
    await page.context().close();
  });
});

describe('settings', () => {
  it('hold one channel kind back, and let it go', async () => {
    const page = await stage.open('/settings');
    await page.getByLabel('Hold back: E-mail').click();
    await page.getByText('E-mail waits').waitFor();
    expect(await stage.ask('GET', '/paused')).toMatchObject({ paused: false, channels: ['email'] });
    await page.getByLabel('Hold back: E-mail').click();
    await page.getByText('E-mail goes out again').waitFor();
    expect(await stage.ask('GET', '/paused')).toMatchObject({ channels: [] });
    await page.context().close();
  });
});

describe('captured messages', () => {
  it('show what would have been sent, in each of its forms', async () => {
    const message = {
      ...{ title: 'Kept back', text: 'All safe.', html: '<p style="color: red">All <b>safe</b>.</p>' },
      notification: { title: 'Kept back' },
    };
    const captured = { id: deliveryId, address: 'ada@example.com', settings: { from: 'a@b.cd' }, message };
    await insertCaptured(stage.api.database.db, [captured]);
    const page = await stage.open('/captured?kind=email');
    await page.getByRole('button', { name: 'Kept back' }).click();
    const dialog = page.getByRole('dialog');
    await page.frameLocator('.mail-frame').getByText('All safe.').waitFor();
    await dialog.getByRole('tab', { name: 'Plain text' }).click();
    await dialog.locator('pre', { hasText: 'All safe.' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('a list', () => {
  it('goes to older rows and back by the address of the page', async () => {
    const text = `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state)
      select gen_random_uuid(), $1, gen_random_uuid(), $2, 'sms', $1, 'cancelled' from generate_series(1, 60)`;
    await runSql(stage.api.databaseUrl, text, [stage.admin.organizationId, stage.admin.id]);
    const page = await stage.open('/deliveries?kind=sms');
    const rows = page.locator('tbody tr');
    await pollUntil(async () => (await rows.count()) === 50);
    await page.getByRole('button', { name: 'Older' }).click();
    await pollUntil(async () => (await rows.count()) === 10);
    expect(page.url()).toContain('cursor=');
    await page.goBack();
    await pollUntil(async () => (await rows.count()) === 50);
    await page.context().close();
  });
});

describe('a password', () => {
  let person: Person;
  beforeAll(async () => {
    const people = createPeople(stage.api);
    person = await people.make(stage.admin.organizationId, { role: 'admin', email: 'grace@example.com' });
  });

  it('lets in, goes on when the access token has run out, and ends with signing out', async () => {
    const page = await (await stage.browser.newContext()).newPage();
    await page.goto(`${stage.api.url}/console/#/settings`);
    await page.getByRole('tab', { name: 'Password' }).click();
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The e-mail address or the password is not right').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const spoilt = await page.evaluate(() => {
      const name = 'carillon.console.session';
      const session = JSON.parse(sessionStorage.getItem(name) ?? '{}');
      sessionStorage.setItem(name, JSON.stringify({ ...session, accessToken: `${session.accessToken}x` }));
      return String(session.refreshToken);
    });
    await page.reload();
    await page.getByText('PostgreSQL').waitFor();
    const kept = await page.evaluate(() => sessionStorage.getItem('carillon.console.session') ?? '');
    expect(kept).not.toContain(spoilt);
    await page.getByRole('button', { name: 'Sign out' }).click();
    const { refreshToken } = JSON.parse(kept);
    await pollUntil(async () => {
      const body = { refresh_token: refreshToken };
      return (await stage.api.ask('POST', '/v1/sessions/refresh', { body })).status === 401;
    });
    await page.context().close();
  });
});

describe('a server that is away', () => {
  it('is told as such, and nothing is lost when it is back', async () => {
    const page = await stage.open('/notifications');
    await page.getByText('Held until midnight').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('The server cannot be reached').waitFor({ timeout: 30_000 });
    expect(await page.getByText('Held until midnight').count()).toBe(1);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server cannot be reached').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('hostile texts', () => {
  it('are shown as they are, and do nothing', async () => {
    const page = await stage.open(`/notifications/${notificationId}`);
    await page.getByRole('heading', { name: hostile, level: 1 }).waitFor();
    await page.goto(`${stage.api.url}/console/#/deliveries/${deliveryId}`);
    await page.getByText('What was handed over').waitFor();
    await page.frameLocator('.mail-frame').getByText('Look at').waitFor();
    expect(await page.title()).toContain('Carillon');
    await page.context().close();
  });
});

describe('the keyboard alone', () => {
  it('goes past the navigation, and opens what is focused', async () => {
    const page = await stage.open('/notifications?search=midnight');
    await page.getByText('Held until midnight').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the content');
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    for (let steps = 0; steps < 20 && (await focused()) !== 'Held until midnight'; steps += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Held until midnight', level: 1 }).waitFor();
    await page.context().close();
  });
});

describe('every page', () => {
  it('breaks no rule of its own policy, and no script fails', () => {
    expect(stage.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});
