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
  await sees('#bell', 'open: 4 unread');
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
    const calls = requests.filter((one) => one !== 'GET /v1/inbox').sort();
    expect(calls).toEqual([
      ...['GET /v1/categories', 'GET /v1/inbox/counts', 'GET /v1/users/me/preferences/effective'],
      ...['GET /v1/users/me/quiet-hours', 'POST /v1/inbox/stream/tickets'],
    ]);
    // The list, and one item for the counts.
    expect(requests.filter((one) => one === 'GET /v1/inbox')).toHaveLength(2);
  });

  it('shows what arrives and what is done to it', async () => {
    await writer.place(ada, { title: 'Five' });
    await sees('#arrived', 'Five');
    await sees('#bell', '5 unread');
    await press('More');
    await pollUntil(async () => (await listed()).length === 5);
    await press('Archive Five');
    await sees('#bell', '4 unread');
    expect(await listed()).toEqual(['Four', 'Three', 'Two', 'One']);
    await press('Read all');
    await sees('#bell', '0 unread');
    const { body } = await api.ask('GET', '/v1/inbox/counts', { token: ada.token });
    expect(body.unread).toBe(0);
  });

  it('lets go of the connection with the last one who looks, and has it again', async () => {
    await press('Leave');
    await pollUntil(() => open().length === 0);
    await writer.place(ada, { title: 'Five' });
    await press('Come back');
    await sees('#bell', 'open: 5 unread');
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
