import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openBrowser, pollUntil } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from '../../../services/api/test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../services/api/test/test-api.ts';
import { startShop, type ShopServer } from './shop-server.ts';

type Browser = Awaited<ReturnType<typeof openBrowser>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;
/** What is asked of a socket of the page. */
interface Socket {
  isClosed(): boolean;
}

let api: TestApi;
let writer: InboxWriter;
let shop: ShopServer;
let browser: Browser;
let ada: Actor;
let page: Page;
let sockets: Socket[];
let requests: string[];
let complaints: string[];

beforeAll(async () => {
  [api, shop, browser] = await Promise.all([
    startTestApi({ CARILLON_ALLOWED_ORIGINS: '*' }),
    startShop(),
    openBrowser(),
  ]);
  writer = createInboxWriter(api);
});
afterAll(async () => {
  await browser.close();
  await shop.stop();
  await writer.stop();
  await api.stop();
});

beforeEach(async () => {
  ada = await api.makeUser(await api.makeOrganization(), 'member');
  for (const title of ['One', 'Two', 'Three', 'Four']) await writer.place(ada, { title });
  shop.signIn({ url: api.url, token: ada.token });
  [sockets, requests, complaints] = [[], [], []];
  page = await browser.newPage();
  page.on('websocket', (socket) => sockets.push(socket));
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === api.url && request.method() !== 'OPTIONS')
      requests.push(`${request.method()} ${pathname}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(shop.url);
  await sees('#count', 'open: 4 unread');
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function sees(selector: string, text: string): Promise<void> {
  let shown = '';
  const isShown = async (): Promise<boolean> => {
    shown = await page.locator(selector).innerText();
    return shown.includes(text);
  };
  await pollUntil(isShown, 10_000).catch(() => undefined);
  expect(shown).toContain(text);
}
const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const listed = (): Promise<string[]> =>
  page.locator('#list li').evaluateAll((rows) => rows.map((row) => row.firstChild?.textContent ?? ''));
const open = (): Socket[] => sockets.filter((socket) => !socket.isClosed());

describe('a page of React in StrictMode, rendered on a server before', () => {
  it('comes to life without a complaint, by one socket and no call twice', async () => {
    await pollUntil(async () => (await listed()).length === 3);
    expect(await listed()).toEqual(['Four', 'Three', 'Two']);
    expect(sockets).toHaveLength(1);
    // The last one that any of them makes.
    await pollUntil(() => requests.filter((one) => one === 'GET /v1/categories').length === 2);
    const calls = new Map<string, number>();
    // What the bell shows is marked as seen after a while.
    const asked = requests.filter((one) => one !== 'POST /v1/inbox/bulk');
    for (const one of asked) calls.set(one, (calls.get(one) ?? 0) + 1);
    expect(Object.fromEntries(calls)).toEqual({
      // The list, one item for the counts; the list of the bell, which has a client of its own.
      'GET /v1/inbox': 3,
      'GET /v1/categories': 2,
      ...{ 'GET /v1/inbox/counts': 1, 'POST /v1/inbox/stream/tickets': 1 },
      ...{ 'GET /v1/users/me/preferences/effective': 1, 'GET /v1/users/me/quiet-hours': 1 },
    });
  });

  it('has the bell beside it, of the same user', async () => {
    await page.locator('[part=item-title]', { hasText: 'Four' }).click();
    expect(await page.locator('carillon-inbox').evaluate((bell) => bell.outerHTML)).not.toContain(ada.token);
    await sees('#said', 'opened Four');
    await sees('#count', '3 unread');
    expect(sockets).toHaveLength(1);
  });

  it('shows what arrives and what is done to it', async () => {
    await writer.place(ada, { title: 'Five' });
    await sees('#arrived', 'Five');
    await sees('#count', '5 unread');
    await press('More');
    await pollUntil(async () => (await listed()).length === 5);
    await press('Archive Five');
    await sees('#count', '4 unread');
    expect(await listed()).toEqual(['Four', 'Three', 'Two', 'One']);
    await press('Read all');
    await sees('#count', '0 unread');
    const { body } = await api.ask('GET', '/v1/inbox/counts', { token: ada.token });
    expect(body.unread).toBe(0);
  });

  it('lets go of the connection with the last one who looks, and has it again', async () => {
    await press('Leave');
    await pollUntil(() => open().length === 0);
    await writer.place(ada, { title: 'Five' });
    await press('Come back');
    await sees('#count', 'open: 5 unread');
    expect(open()).toHaveLength(1);
  });

  it('shows a choice at once, and takes it back when it is refused', async () => {
    const general = page.getByLabel('general');
    await general.uncheck();
    await pollUntil(async () => {
      const { body } = await api.ask('GET', '/v1/users/me/preferences', { token: ada.token });
      return body.data.some((one: { enabled: boolean }) => !one.enabled);
    });
    await press('Quiet at night');
    await sees('#choices output', 'quiet from 22:00');
    expect(await general.isChecked()).toBe(false);
    let answer = (): void => undefined;
    await page.route('**/preferences', async (call) => {
      await new Promise<void>((resolve) => (answer = resolve));
      await call.fulfill({ status: 422, json: { code: 'preference.mandatory', title: 'Mandatory' } });
    });
    await general.check();
    await pollUntil(() => general.isChecked());
    answer();
    await pollUntil(async () => !(await general.isChecked()));
    // The browser's own word for the refused call.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  });
});
