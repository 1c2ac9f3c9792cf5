import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import type { BrowserContext, Page } from 'playwright-core';
import type { Actor } from '../../../services/api/test/test-api.ts';
import { startInboxStage, titlesOf, type InboxStage } from './stage.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await startInboxStage();
});
afterAll(() => stage.stop());

async function fill(user: Actor, count: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const items = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
      title: `Item ${from + index + 1}`,
      body: `Parcel **${from + index + 1}** left the house. [Track it](https://example.com/${index}).`,
    }));
    await stage.writer.placeMany(user, items);
  }
}

async function manyOf(count: number): Promise<Actor> {
  const user = await stage.makeUser();
  await fill(user, count);
  return user;
}

/** Presses "Load more" until there is no more. */
function loadAll(page: Page): Promise<void> {
  return page.locator('carillon-inbox').evaluate(async ({ shadowRoot }) => {
    for (;;) {
      const more = shadowRoot?.querySelector<HTMLButtonElement>('[part~=load-more]');
      if (more === null || more === undefined) return;
      if (more.getAttribute('aria-disabled') !== 'true') more.click();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}

interface Scrolled {
  frames: number;
  p95: number;
  worst: number;
  /** Items that were drawn at once, at most. */
  drawnMost: number;
}

/** From the top to the bottom, a few screens at each frame. */
function scrollThrough(page: Page): Promise<Scrolled> {
  return page.locator('[part=list]').evaluate(async (list) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    list.scrollTo(0, 0);
    const gaps: number[] = [];
    let drawnMost = 0;
    let last = await frame();
    for (let still = 0; still < 5;) {
      const before = list.scrollTop;
      list.scrollBy(0, 4_000);
      const now = await frame();
      gaps.push(now - last);
      last = now;
      drawnMost = Math.max(drawnMost, list.querySelectorAll('[part~=item]').length);
      still = list.scrollTop === before ? still + 1 : 0;
    }
    gaps.sort((a, b) => a - b);
    const p95 = gaps[Math.floor(gaps.length * 0.95)] ?? 0;
    return { drawnMost, frames: gaps.length, p95, worst: gaps.at(-1) ?? 0 };
  });
}

/** How many items the list has, drawn or not. */
function countOf(page: Page): Promise<number> {
  return page
    .locator('[part=list] [data-count]')
    .evaluateAll((blocks) =>
      blocks.reduce((sum, block) => sum + Number(block.getAttribute('data-count')), 0),
    );
}

/** Figures for a person; how fast this machine is at the moment is nothing to fail by. */
const report = (line: string): void => void process.stdout.write(`${line}\n`);

describe('how long it takes', () => {
  it('from the data of 25 items to their first paint is reported', async () => {
    const user = await stage.makeUser();
    await fill(user, 25);
    const context = await stage.browser.newContext();
    await context.addInitScript(() => {
      // The element draws in a frame's callback; the task after it begins when that frame was handed over for painting.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => Object.assign(globalThis, { paintedAt: performance.now() });
      const watch = (root: ShadowRoot): void => {
        const drawn = new MutationObserver(() => {
          if (root.querySelectorAll('[part~=item]').length !== 25) return;
          drawn.disconnect();
          port2.postMessage(undefined);
        });
        drawn.observe(root, { childList: true, subtree: true });
      };
      const attach = Reflect.get(Element.prototype, 'attachShadow') as Element['attachShadow'];
      Element.prototype.attachShadow = function attachShadow(options) {
        const root = attach.call(this, options);
        watch(root);
        return root;
      };
    });
    const times: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const page = await stage.openBell(user, { context, attributes: 'inline' });
      await page.waitForFunction(() => Reflect.get(globalThis, 'paintedAt'));
      times.push(
        await page.evaluate(() => {
          const lists = performance
            .getEntriesByType('resource')
            .filter(({ name }) => /\/v1\/inbox\?/.test(name)) as PerformanceResourceTiming[];
          return Number(Reflect.get(globalThis, 'paintedAt')) - (lists[0]?.responseEnd ?? 0);
        }),
      );
      await page.close();
    }
    times.sort((a, b) => a - b);
    report(
      `first paint of 25 items after their data: median ${times[3]?.toFixed(0)} ms, slowest ${times[6]?.toFixed(0)} ms`,
    );
    expect(times.length).toBe(7);
    await context.close();
  });
});

describe('10,000 items', () => {
  let page: Page;
  let context: BrowserContext;

  beforeAll(async () => {
    const user = await manyOf(10_000);
    context = await stage.browser.newContext();
    page = await stage.openBell(user, { context, attributes: 'inline limit="100"' });
    await page.getByRole('button', { name: 'Load more' }).waitFor();
  }, 120_000);
  afterAll(() => context.close());

  it('are loaded page by page and scrolled to the end, each of them once and in order', async () => {
    const startedAt = performance.now();
    await loadAll(page);
    const figures = await scrollThrough(page);
    const seconds = (performance.now() - startedAt) / 1000;
    report(
      `10,000 items: loaded and scrolled in ${seconds.toFixed(1)} s; ${figures.frames} frames of scrolling, 95 % within ${figures.p95.toFixed(0)} ms, worst ${figures.worst.toFixed(0)} ms`,
    );
    expect(await countOf(page)).toBe(10_000);
    // Only what is near is drawn, however long the list is.
    expect(figures.drawnMost).toBeLessThan(500);
    await page.getByText('Item 1', { exact: true }).waitFor();
  }, 180_000);

  it('are walked through by the keyboard alone, page by page to the last', async () => {
    const short = await stage.openBell(await manyOf(60), { context, attributes: 'inline limit="25"' });
    const focused = (): Promise<string> =>
      short
        .locator('carillon-inbox')
        .evaluate(({ shadowRoot }) => shadowRoot?.activeElement?.textContent?.trim() ?? 'nothing');
    await short.getByRole('button', { name: 'Item 60', exact: false }).first().focus();
    for (const count of [50, 60]) {
      await short.keyboard.press('End');
      expect(await focused()).toBe('Load more');
      await short.keyboard.press('Enter');
      await pollUntil(async () => (await countOf(short)) === count);
    }
    await short.getByRole('button', { name: 'Load more' }).waitFor({ state: 'detached' });
    expect(await focused()).toMatch(/Item \d+$/);
    await short.keyboard.press('End');
    await pollUntil(async () => (await focused()).endsWith('Item 1'));
    await short.keyboard.press('Home');
    await pollUntil(async () => (await focused()).endsWith('Item 60'));
    await short.close();
  }, 60_000);

  it('are left behind by one key', async () => {
    await page.locator('[part=list]').evaluate((list) => list.scrollTo(0, 0));
    await page.locator('[part=list]').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => {
      const focused = document.querySelector('carillon-inbox')?.shadowRoot?.activeElement;
      return focused?.textContent?.trim().endsWith('Item 1');
    });
  }, 60_000);

  it('still answer at once: one read, one arrival', async () => {
    await page.locator('[part=list]').evaluate((list) => list.scrollTo(0, 0));
    await page.getByText('Item 10000', { exact: true }).click();
    await page.locator('[part~=item-read]').waitFor();
  }, 60_000);
});

describe('1,000 frames a second', () => {
  it('do not freeze the page, and none is lost', async () => {
    const user = await stage.makeUser();
    await fill(user, 25);
    const context = await stage.browser.newContext();
    // Frames as the server sends them, on the real socket, faster than any one user gets them.
    await context.addInitScript(() => {
      const Real = WebSocket;
      globalThis.WebSocket = new Proxy(Real, {
        construct(target, given: [string]) {
          const socket = new target(...given);
          Object.assign(globalThis, { socket });
          socket.addEventListener('message', (event) => {
            const frame = JSON.parse(String(event.data)) as { type: string; position: string };
            // The server knows nothing of the burst: its own positions would make the client read all anew.
            if (event.isTrusted && frame.type !== 'ready') event.stopImmediatePropagation();
            if (frame.type === 'ready') Object.assign(globalThis, { position: frame.position });
          });
          return socket;
        },
      });
    });
    const page = await stage.openBell(user, { context, attributes: 'inline' });
    await pollUntil(async () => (await titlesOf(page)).length === 25);
    await page.waitForFunction(() => Reflect.get(globalThis, 'position'));
    const item = (await stage.api.ask('GET', '/v1/inbox?limit=1', { token: user.token })).body.data[0];
    const figures = await page.evaluate(async (sample: { id: string; inbox_at: string }) => {
      const socket = Reflect.get(globalThis, 'socket') as WebSocket;
      const [epoch, head] = String(Reflect.get(globalThis, 'position')).split('.');
      let sequence = Number(head);
      const first = sequence;
      const send = (): void => {
        sequence += 1;
        const number = String(sequence).padStart(12, '0');
        const placed = [
          {
            ...{ ...sample, id: `${sample.id.slice(0, 24)}${number}`, title: `Burst ${sequence}`, sequence },
            inbox_at: new Date(Date.parse(sample.inbox_at) + sequence).toISOString(),
          },
        ];
        const counts = { unread: 25 + sequence - first, unseen: 0 };
        const frame = {
          type: 'changes',
          position: `${epoch}.${sequence}`,
          placed,
          changed: [],
          deleted: [],
          counts,
        };
        socket.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
      };
      const gaps: number[] = [];
      const startedAt = performance.now();
      let sent = 0;
      let last = startedAt;
      const timer = setInterval(() => {
        const due = Math.min(5_000, performance.now() - startedAt);
        for (; sent < due; sent += 1) send();
      }, 4);
      while (sent < 5_000) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        gaps.push(now - last);
        last = now;
      }
      clearInterval(timer);
      gaps.sort((a, b) => a - b);
      return {
        sent,
        newest: sequence,
        frames: gaps.length,
        p95: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
        worst: gaps.at(-1) ?? 0,
      };
    }, item);
    report(
      `1,000 frames a second for 5 s: ${figures.frames} paints, 95 % within ${figures.p95.toFixed(0)} ms, worst ${figures.worst.toFixed(0)} ms`,
    );
    expect(figures.sent).toBe(5_000);
    await page.getByRole('button', { name: `Burst ${figures.newest}` }).waitFor();
    expect(await countOf(page)).toBe(25 + figures.sent);
    // A page that is frozen paints nothing for many seconds.
    expect(figures.worst).toBeLessThan(6_000);
    await context.close();
  }, 90_000);
});
