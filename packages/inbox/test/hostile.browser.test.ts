import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import type { Page } from 'playwright-core';
import { hostileTexts } from './hostile-texts.ts';
import { startInboxStage, type InboxStage } from './stage.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await startInboxStage();
});
afterAll(() => stage.stop());

describe('200 hostile texts', () => {
  let page: Page;
  const asked: string[] = [];
  const dialogs: string[] = [];

  beforeAll(async () => {
    const user = await stage.makeUser();
    // As text, so that nothing that lists the calls of a schema refuses it on the way: what is stored, is shown.
    for (const text of hostileTexts) {
      await stage.writer.place(user, { title: text.replaceAll(/\s/g, ' ').slice(0, 200), body: text });
    }
    // So high that all of them are near what is seen: others would not be drawn.
    const context = await stage.browser.newContext({ viewport: { width: 1_000, height: 40_000 } });
    await context.addInitScript(() => {
      Object.assign(globalThis, { pwned: () => Object.assign(globalThis, { isPwned: true }) });
    });
    context.on('request', (request) => asked.push(request.url()));
    // Without a policy of the page: nothing but the element itself stands in the way.
    stage.site.show(`<!doctype html><title>Shop</title>
      <script type="module" src="${stage.api.url}/inbox/latest/carillon-inbox.js"></script>
      <carillon-inbox inline limit="100" style="block-size: 39000px; --carillon-height: 39000px" url="${stage.api.url}" token="${user.token}"></carillon-inbox>`);
    page = await context.newPage();
    page.on('dialog', (dialog) => dialogs.push(dialog.message()));
    await page.goto(stage.site.url);
    await page.getByRole('button', { name: 'Load more' }).click();
    await pollUntil(async () => (await page.locator('[part~=item]').count()) === hostileTexts.length);
    await expandAll(page);
  }, 60_000);

  it('are as many as promised', () => {
    expect(new Set(hostileTexts).size).toBe(200);
  });

  it('run nothing, and ask nobody', async () => {
    expect(await page.evaluate(() => Reflect.get(globalThis, 'isPwned'))).toBeUndefined();
    expect(dialogs).toEqual([]);
    const origins = [stage.api.url, new URL(stage.site.url).origin];
    expect(asked.filter((url) => !origins.some((origin) => url.startsWith(origin)))).toEqual([]);
  });

  it('become no element and no attribute that is not ours', async () => {
    const found = await page.locator('carillon-inbox').evaluate((bell) => {
      const known = new Set(
        'p strong em del code pre a ul ol li blockquote  br hr div span bdi button time section h2 h3 svg path slot'.split(
          ' ',
        ),
      );
      const all = [...(bell.shadowRoot?.querySelectorAll('*') ?? [])];
      return {
        elements: all.map((one) => one.localName).filter((name) => !known.has(name)),
        handlers: all
          // The height of a block of the list, which is ours.
          .flatMap((one) =>
            one.getAttributeNames().filter((name) => name !== 'style' || !one.matches('[data-count]')),
          )
          .filter((name) => /^(?:on|style$|src)/.test(name)),
        links: all
          .flatMap((one) => (one instanceof HTMLAnchorElement ? [one.protocol] : []))
          .filter((protocol) => !/^(?:https?|mailto):$/.test(protocol)),
      };
    });
    expect(found).toEqual({ elements: [], handlers: [], links: [] });
  });

  it('are shown as they are', async () => {
    const titles = await page.locator('[part=item-title] bdi').allTextContents();
    expect(new Set(titles)).toEqual(
      new Set(hostileTexts.map((text) => text.replaceAll(/\s/g, ' ').slice(0, 200))),
    );
    const bodies = await page.locator('[part=item-body]').allTextContents();
    expect(bodies.some((body) => body.includes('<script>pwned()</script>'))).toBe(true);
  });
});

describe('huge and strange texts', () => {
  it('stay in their box', async () => {
    const user = await stage.makeUser();
    const strange = [
      'W'.repeat(200),
      '\u202eright to left override'.padEnd(200, '\u202e'),
      'a'.padEnd(200, '\u0301'),
      '👩‍👩‍👧‍👦'.repeat(15),
      '漢'.repeat(200),
      'שלום עולם',
    ];
    for (const title of strange) {
      const body = `${title.repeat(60)}\n\n| ${'a | '.repeat(100)}\n| ${'- | '.repeat(100)}\n\n\`\`\`\n${'x'.repeat(2000)}\n\`\`\``;
      await stage.writer.place(user, {
        ...{ title, body: body.slice(0, 15_000), category: 'c'.repeat(100) },
        actions: Array.from({ length: 5 }, () => ({ label: 'L'.repeat(100), url: 'https://example.com/' })),
      });
    }
    const page = await stage.openBell(user);
    await page.getByRole('button', { name: 'Notifications, 6 unread' }).click();
    await pollUntil(async () => (await page.locator('[part~=item]').count()) === strange.length);
    await expandAll(page);
    for (const width of [1200, 320]) {
      await page.setViewportSize({ width, height: 700 });
      const outside = await page.locator('carillon-inbox').evaluate((bell) => {
        const list = bell.shadowRoot?.querySelector('[part=list]');
        const { left = 0, right = 0 } = list?.getBoundingClientRect() ?? {};
        const boxes = [
          ...(list?.querySelectorAll('[part~=item], [part=item-title], [part=item-body], [part=action]') ??
            []),
        ];
        return {
          scrolls: list === null || list === undefined || list.scrollWidth > list.clientWidth,
          boxes: boxes.filter((box) => {
            const at = box.getBoundingClientRect();
            return at.left < left - 1 || at.right > right + 1;
          }).length,
        };
      });
      expect({ width, ...outside }).toEqual({ width, scrolls: false, boxes: 0 });
      // The page itself got no wider.
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    }
    await page.close();
  });
});

/** Long bodies too are shown as a whole. */
async function expandAll(page: Page): Promise<void> {
  await page
    .locator('[part=more-button]')
    .evaluateAll((buttons) => buttons.forEach((button) => button instanceof HTMLElement && button.click()));
  await page.getByRole('button', { name: 'Show more' }).first().waitFor({ state: 'detached' });
}
