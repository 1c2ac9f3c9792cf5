import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers } from '@carillon/testkit';
import type { Page } from 'playwright-core';
import type { Actor } from '../../../services/api/test/test-api.ts';
import { startInboxStage, titlesOf, type InboxStage } from './stage.ts';

let stage: InboxStage;
let user: Actor;
let admin: Actor;

beforeAll(async () => {
  stage = await startInboxStage();
  user = await stage.makeUser();
  admin = await stage.api.makeUser(user.organizationId, 'admin');
  const categories = [
    { key: 'billing', name: 'Billing', description: 'Invoices and payments.' },
    { key: 'security', name: 'Security', description: 'Sign-ins from new devices.', mandatory: true },
  ];
  for (const { key, ...body } of categories) {
    await stage.api.ask('PUT', `/v1/categories/${key}`, { token: admin.token, body });
  }
  const channel = { kind: 'email', name: 'Mail', settings: {} };
  await stage.api.ask('POST', '/v1/channels', { token: admin.token, body: channel });
});
afterAll(() => stage.stop());

/** A user with a bit of everything in the inbox. */
async function makeReader(): Promise<Actor> {
  const reader = await stage.api.makeUser(user.organizationId, 'member');
  const body =
    'A `code`, a [link](https://example.com/x), ~~gone~~.\n\n- one\n- two\n\n> quoted\n\n```\nlet a = 1;\n```';
  await stage.writer.place(reader, { title: 'Long one', body: `${body}\n\n| a | b |\n| - | - |\n| 1 | 2 |` });
  const actions = [
    { label: 'Pay now', url: 'https://example.com/pay' },
    { label: 'Show', url: 'https://example.com/show' },
  ];
  await stage.writer.place(reader, { title: 'Invoice', category: 'billing', actions, url: '/invoices/1' });
  await stage.writer.place(reader, { title: 'Sign-in', category: 'security', urgent: true });
  return reader;
}

describe('WCAG 2.2 AA, as axe-core sees it', () => {
  it.each([
    { name: 'light', scheme: 'light', html: 'lang="en"' },
    { name: 'dark', scheme: 'dark', html: 'lang="en"' },
    { name: 'right to left, in German', scheme: 'light', html: 'lang="de" dir="rtl"' },
  ] as const)('is kept in every state: $name', async ({ scheme, html }) => {
    const reader = await makeReader();
    const context = await stage.browser.newContext({ colorScheme: scheme, locale: 'en-GB' });
    const page = await stage.openBell(reader, { context, html, attributes: 'theme="auto"' });
    const seen = async (state: string): Promise<void> => {
      expect({ state, barriers: await findBarriers(page, 'carillon-inbox') }).toEqual({
        state,
        barriers: [],
      });
    };
    await page.locator('[part=badge]').waitFor();
    await seen('closed');
    await page.locator('[part=bell]').click();
    await page.getByRole('link', { name: 'Invoice' }).waitFor();
    await seen('list');
    await page.locator('[part=more-button]').click();
    await page.locator('[part~=item]').first().hover();
    await seen('expanded, with tools');
    await page.locator('[part~=item]').first().locator('[part~=archive-button]').click();
    await page.locator('[part=toast]').waitFor();
    await seen('undo');
    await page.getByRole('tab').nth(2).click();
    await page.getByRole('button', { name: 'Sign-in' }).waitFor();
    await seen('archived');
    await page.locator('[part~=why-button]').first().click();
    await page.locator('[part=why]').waitFor();
    await seen('why');
    await page.locator('[part~=back-button]').click();
    await page.locator('[part~=settings-button]').click();
    await page.locator('[part=quiet-hours]').waitFor();
    await page.locator('[part=quiet-hours] .check input').check();
    await seen('settings');
    await context.close();
  });
});

describe('the keyboard alone', () => {
  let page: Page;
  beforeAll(async () => {
    page = await stage.openBell(await makeReader());
    await page.locator('[part=badge]').waitFor();
  });

  /** Name of what has the focus. */
  const focused = (): Promise<string | undefined> =>
    page.evaluate(() => {
      const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
      return active?.getAttribute('aria-label') ?? active?.textContent.trim();
    });
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('opens the bell, walks through the items and closes it again', async () => {
    await press('Tab');
    expect(await focused()).toBe('Notifications, 3 unread');
    await press('Enter');
    await page.getByRole('link', { name: 'Invoice' }).waitFor();
    expect(await page.getByRole('dialog', { name: 'Notifications' }).isVisible()).toBe(true);
    await page.getByRole('tab', { name: 'All' }).focus();
    await press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Unread' }).getAttribute('aria-selected')).toBe('true');
    await press('Home');
    expect(await focused()).toBe('All');
    await page.locator('[part=list]').focus();
    await press('ArrowDown');
    expect(await focused()).toContain('Sign-in');
    await press('j');
    expect(await focused()).toContain('Invoice');
    await press('End');
    expect(await focused()).toContain('Long one');
    await press('Escape');
    expect(await focused()).toBe('Notifications, 3 unread');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('archives, dismisses, marks as read and unread, and the focus stays in the list', async () => {
    await press('Enter');
    await page.locator('[part=list]').focus();
    await press('Home', 'e');
    await page.getByText('Undo').waitFor();
    await page.getByRole('button', { name: 'Sign-in' }).waitFor({ state: 'detached' });
    expect(await focused()).toContain('Invoice');
    await press('r');
    await page.locator('[part~=item-read]').waitFor();
    await press('u');
    await page.locator('[part~=item-read]').waitFor({ state: 'detached' });
    expect(await focused()).toContain('Invoice');
    await press('Delete');
    await page.getByRole('link', { name: 'Invoice' }).waitFor({ state: 'detached' });
    expect(await focused()).toContain('Long one');
    expect(await titlesOf(page)).toEqual(['Long one']);
  });

  it('reaches every button of an item by Tab, and comes back from where they lead', async () => {
    await press('Tab', 'Tab');
    expect(await focused()).toBe('Show more');
    await press('Enter');
    await page.getByRole('button', { name: 'Show less' }).waitFor();
    await page.getByRole('button', { name: 'Why did I get this?' }).focus();
    await press('Enter');
    await page.getByRole('heading', { name: 'Why did I get this?' }).waitFor();
    expect(await focused()).toBe('Back to the notifications');
    await press('Escape');
    await page.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await focused()).toBe('Why did I get this?');
    await press('Escape');
    expect(await focused()).toContain('Notifications');
  });

  it('hears what happens', async () => {
    await stage.writer.place(await makeReader(), {});
    const reader = await makeReader();
    const other = await stage.openBell(reader);
    await other.locator('[part=badge]').waitFor();
    await stage.writer.place(reader, { title: 'News' });
    await other.getByRole('status').getByText('1 new notification').waitFor();
    await other.close();
  });
});

describe('settings', () => {
  it('switch a category off by one kind, keep what is mandatory, and set quiet hours', async () => {
    const reader = await makeReader();
    const page = await stage.openBell(reader);
    await page.locator('[part=bell]').click();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Billing: E-mail' }).uncheck();
    await page.getByRole('status').getByText('Saved').waitFor();
    expect(await page.getByRole('checkbox', { name: 'Security: E-mail' }).isDisabled()).toBe(true);
    const mine = await stage.api.ask('GET', '/v1/users/me/preferences', { token: reader.token });
    expect(mine.body.data).toMatchObject([{ category: 'billing', kind: 'email', enabled: false }]);
    await page.getByLabel('Leave me in peace').check();
    await page.getByLabel('From').fill('21:30');
    await page.getByLabel('Until').fill('06:15');
    await page.getByLabel('Time zone').selectOption('Europe/Berlin');
    for (const day of ['Sat', 'Sun']) await page.getByLabel(day, { exact: true }).uncheck();
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved;
    const quiet = await stage.api.ask('GET', '/v1/users/me/quiet-hours', { token: reader.token });
    expect(quiet.body).toMatchObject({
      ...{ start: '21:30', end: '06:15', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], urgent_passes: true },
    });
    await page.close();
  });

  it('that a token may not change say so', async () => {
    const reader = await makeReader();
    const token = await stage.api.makeToken(reader, ['inbox']);
    const page = await stage.openBell({ ...reader, token });
    await page.locator('[part=bell]').click();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByText('These settings cannot be changed here.').waitFor();
    await page.close();
  });
});

describe('texts', () => {
  it('of a page take the place of ours, right to left', async () => {
    const reader = await makeReader();
    const page = await stage.openBell(reader, { html: 'lang="ar" dir="rtl"' });
    await page.locator('carillon-inbox').evaluate((bell) => {
      const unread = { two: '{count} غير مقروءين', few: '{count} غير مقروءة', other: '{count} غير مقروء' };
      Object.assign(bell, { texts: { title: 'الإشعارات', unread } });
    });
    await page.getByRole('button', { name: /^الإشعارات, .* غير مقروءة$/ }).click();
    const [bell, panel] = await Promise.all([
      page.locator('[part=bell]').boundingBox(),
      page.getByRole('dialog').boundingBox(),
    ]);
    expect(panel?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(1280);
    expect(bell?.x ?? 0).toBeGreaterThan(600);
    await page.close();
  });
});
