import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startCarillon, type TestCarillon } from '@carillon/client/testing';
import { buildServices, openBrowser } from '@carillon/testkit';

// Liveness, not speed: a whole stack boots.
jest.setTimeout(240_000);

type Browser = Awaited<ReturnType<typeof openBrowser>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

const root = new URL('../', import.meta.url);
const pictures = new URL('docs/pictures/', root);
const bytesMax = 120_000;
/** `CARILLON_TEST_PICTURES=write` makes them anew; without it, that they can be made and are there is tested. */
const writes = process.env['CARILLON_TEST_PICTURES'] === 'write';
const size = { width: 1120, height: 720 };

let carillon: TestCarillon;
let browser: Browser;
let demoToken: string;

beforeAll(async () => {
  await buildServices();
  const cli = fileURLToPath(new URL('packages/cli/dist/main.js', root));
  [carillon, browser] = await Promise.all([
    startCarillon({ command: [process.execPath, cli, 'test-stack'] }),
    openBrowser(),
  ]);
  ({ token: demoToken } = await carillon.admin.tokens.create('external:demo'));
  await furnish();
});
afterAll(async () => {
  await browser.close();
  await carillon.stop();
});

/** What an installation looks like after a week. */
async function furnish(): Promise<void> {
  const { admin } = carillon;
  await admin.users.update('external:demo', { name: 'Demo User', zone: 'Europe/Berlin' });
  for (const [key, name] of [
    ['orders', 'Orders'],
    ['security', 'Security'],
    ['releases', 'Releases'],
  ] as const) {
    await admin.categories.put(key, { name, mandatory: key === 'security' });
  }
  await admin.templates.create({ key: 'order-shipped', name: 'Order shipped', category: 'orders' });
  await admin.templateVersions.create('order-shipped', {
    variants: [
      {
        title: 'Order {{number}} is on its way',
        body: 'It comes **{{day}}**, by {{carrier}}.\n\n- keep your [receipt](https://shop.example/orders/{{number}})\n- nobody at home? It waits next door.',
      },
      {
        kind: 'email',
        title: '[Shop] Order {{number}}',
        body: 'Hello {{user.name}},\n\nit comes {{day}}.',
      },
    ],
    sample_data: { number: 1042, day: 'tomorrow', carrier: 'bicycle' },
  });
  await admin.templateVersions.publish('order-shipped', 1);
}

async function ring(): Promise<string> {
  const { notifications } = carillon.admin;
  const to = ['external:demo'];
  await notifications.create({
    to,
    title: 'Version 2.4 is out',
    body: 'Faster search.',
    category: 'releases',
  });
  await notifications.create({
    ...{ to, title: 'New sign-in from Lisbon', body: 'Was that you?', category: 'security' },
    actions: [{ label: 'It was me', url: 'https://shop.example/ok', type: 'acknowledge' }],
  });
  const data = { number: 1042, day: 'tomorrow', carrier: 'bicycle' };
  const last = await notifications.create({ to, template: 'order-shipped', data });
  return last.notifications[0]?.id ?? '';
}

async function open(path: string, session?: object, viewport = size): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (session !== undefined) {
    await page.addInitScript(
      (text) => sessionStorage.setItem('carillon.console.session', text),
      JSON.stringify(session),
    );
  }
  await page.goto(`${carillon.url}${path}`);
  return page;
}
const openConsole = (place: string, viewport = size): Promise<Page> =>
  open(`/console/#${place}`, { by: 'token', token: carillon.adminToken }, viewport);

async function take(page: Page, name: string): Promise<void> {
  const bytes = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const file = new URL(`${name}.png`, pictures);
  if (writes) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(file, bytes);
  }
  expect(existsSync(file) && statSync(file).size).toBeLessThan(bytesMax);
  await page.context().close();
}

describe('the pictures of the documents', () => {
  it('show the demo page, with what has just come', async () => {
    const page = await open(`/demo#${demoToken}`);
    await ring();
    await page.getByRole('button', { name: 'Notifications, 3 unread' }).click();
    await page.getByRole('button', { name: 'Order 1042 is on its way' }).waitFor();
    await take(page, 'bell');
  });

  it('show the settings behind the bell', async () => {
    const page = await open(`/demo#${demoToken}`);
    await page.getByRole('button', { name: /^Notifications/ }).click();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Leave me in peace at certain hours').check();
    await take(page, 'settings');
  });

  it('show the overview of the console', async () => {
    const page = await openConsole('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('E-mail').first().waitFor();
    await take(page, 'console-overview');
  });

  it('show what became of one notification', async () => {
    await carillon.lastMail({ to: 'demo' }).catch(() => undefined);
    const id = await ring();
    await carillon.admin.notifications.get(id);
    const page = await openConsole(`/notifications/${id}`);
    await page.getByText('Order 1042 is on its way').first().waitFor();
    await page
      .getByText(/E-mail: sent/)
      .first()
      .waitFor();
    await take(page, 'console-notification');
  });

  it('show a template as it is written', async () => {
    const page = await openConsole('/templates/order-shipped');
    await page.getByText('Order 1042 is on its way').first().waitFor();
    await take(page, 'console-template');
  });

  it('show what would happen on Sunday at 03:00', async () => {
    await carillon.admin.quietHours.set('external:demo', {
      start: '22:00',
      end: '07:00',
      zone: 'Europe/Berlin',
    });
    const page = await openConsole('/simulator?to=external:demo', { width: 1200, height: 800 });
    await page.getByText('Demo User').first().waitFor();
    await page.getByRole('button', { name: 'Sunday at 03:00' }).click();
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('heading', { name: 'What Demo User would get' }).waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await take(page, 'console-simulator');
  });

  it('are all that documents name', () => {
    const named = ['README.md', 'docs/getting-started.md']
      .map((path) => readFileSync(new URL(path, root), 'utf8'))
      .flatMap((text) => [...text.matchAll(/pictures\/([\w-]+)\.png/g)].map(([, name]) => String(name)));
    expect([...new Set(named)].sort()).toEqual([
      ...['bell', 'console-notification', 'console-overview', 'console-simulator', 'console-template'],
      'settings',
    ]);
  });
});
