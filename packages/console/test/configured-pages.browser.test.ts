import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers, runSql } from '@carillon/testkit';
import type { Page } from 'playwright-core';
import { startConfiguredStage, type ConfiguredStage } from './configured-stage.ts';

const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

let stage: ConfiguredStage;

beforeAll(async () => {
  stage = await startConfiguredStage(hostile);
});
afterAll(() => stage.stop());

describe('every page', () => {
  let page: Page;
  beforeAll(async () => {
    page = await stage.open('/templates');
  });
  afterAll(() => page.context().close());

  it.each([
    { path: '/templates', ready: 'Hello' },
    { path: '/templates/hello', ready: 'just now' },
    { path: '/templates/hello?tab=versions', ready: 'Title (every kind, every language)' },
    { path: '/templates/hello?tab=settings', ready: 'Which ways it goes' },
    { path: '/template-parts', ready: 'Layout for mails: a whole page, in MJML' },
    { path: '/template-parts/mail_layout/letter', ready: 'Source' },
    { path: '/categories', ready: 'mandatory' },
    { path: '/categories/billing', ready: 'In quiet time it is' },
    { path: '/channels', ready: 'Ops room' },
    { path: '/channels/new', ready: 'Telephone call' },
    { path: '/channels/new?kind=sms', ready: 'How fast' },
    { path: '/users', ready: 'ada@example.com' },
    { path: '/users/external:ada', ready: 'Where they are reached' },
    { path: '/users/external:ada?tab=preferences', ready: 'What was chosen' },
    { path: '/users/external:ada?tab=quiet-hours', ready: 'On which days it starts' },
    { path: '/users/external:ada?tab=rules', ready: 'For urgent notifications' },
    { path: '/users/external:ada?tab=tokens', ready: 'No token' },
    { path: '/users/external:eve', ready: 'Your own fields' },
    { path: '/simulator', ready: 'Nothing simulated yet' },
  ])('$path has no barriers, in light, in dark and on a telephone', async ({ path, ready }) => {
    await stage.go(page, path);
    await page.getByText(ready).first().waitFor();
    for (const { colorScheme, width } of [
      { colorScheme: 'light' as const, width: 1280 },
      { colorScheme: 'dark' as const, width: 390 },
    ]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      expect(await findBarriers(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ path, overflow }).toEqual({ path, overflow: 0 });
    }
  });

  it('shows what others wrote as text: none of it runs', async () => {
    for (const path of ['/users', '/users/external:eve', '/templates/hello?version=1']) {
      await stage.go(page, path);
      await page.getByText('<img src=x').first().waitFor();
      expect(await page.title()).toMatch(/Carillon$/);
      expect(await page.locator('main img, main script').count()).toBe(0);
    }
  });
});

describe('categories', () => {
  it('are made, and say from then on how what names them is treated', async () => {
    const page = await stage.open('/categories');
    await page.getByRole('button', { name: 'New category' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Billing');
    await dialog.getByText('There is a category of this key already').waitFor();
    expect(await dialog.getByRole('button', { name: 'Make it' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Name').fill('News & offers');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: 'News & offers', exact: true }).waitFor();
    await page.getByLabel('Description').fill(hostile);
    await page.getByLabel('In quiet time it is').selectOption('digest');
    await page.getByLabel('On for those who chose nothing').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved; it holds at once').waitFor();
    const { data } = await stage.ask('GET', '/categories');
    expect(data).toContainEqual(
      expect.objectContaining({
        ...{ key: 'news-offers', name: 'News & offers', description: hostile },
        ...{ quiet_mode: 'digest', default_enabled: false, mandatory: false },
      }),
    );
    await page.getByRole('main').getByRole('link', { name: 'Categories' }).click();
    const row = page.getByRole('row', { name: /news-offers/ });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(
      expect.arrayContaining([hostile, 'off', 'gathered into one message at the end']),
    );
    await page.context().close();
  });

  it('are deleted after a question', async () => {
    await stage.ask('PUT', '/categories/gone%2Fsoon', { name: 'Gone soon' });
    const page = await stage.open('/categories');
    await page.getByRole('link', { name: 'Gone soon' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('link', { name: 'Security' }).waitFor();
    expect(await page.getByText('Gone soon').count()).toBe(0);
    await page.goBack();
    await page.getByText('There is no such category').waitFor();
    await page.context().close();
  });
});

describe('channels', () => {
  it('are set up by a form of their schema, whose secret is told once, and tested', async () => {
    const page = await stage.open('/channels/new?kind=webhook');
    await page.getByLabel('Name').fill('Second room');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByLabel('URL').fill('http://10.0.0.1/');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.locator('.field', { hasText: 'URL' }).locator('.wrong').waitFor();
    await page.getByLabel('URL').fill('https://example.com/second');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByText('shown only here').waitFor();
    expect(await page.locator('.copyable').textContent()).toMatch(/^whsec_/);
    await page.getByRole('link', { name: 'Go to the channel' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await stage.answerTest({ outcome: 'sent', reason: null, statusCode: 204 });
    await page.getByText('The target took it').waitFor();
    await page.getByText('Status 204').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    await page.context().close();
  });

  it('change their order, and say why a test failed', async () => {
    const page = await stage.open('/channels');
    await page.getByRole('button', { name: 'Use Second room earlier' }).click();
    await page.getByText('Second room is before its neighbour now').waitFor();
    const listed: { name: string; kind: string }[] = (await stage.ask('GET', '/channels')).data;
    const names = listed.filter(({ kind }) => kind === 'webhook').map(({ name }) => name);
    expect(names).toEqual(['Second room', 'Ops room']);
    await page.getByRole('button', { name: 'Test Ops room' }).click();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await stage.answerTest({ outcome: 'retry', reason: 'the target is on fire', statusCode: 503 });
    await page.getByRole('alert').getByText('the target is on fire').waitFor();
    await page.context().close();
  });

  it('tell that their target does not answer, and when the next probe is due', async () => {
    const settings = { base_url: 'https://example.com', token: 'AbCdEf123456789' };
    const { id } = await stage.ask('POST', '/channels', { kind: 'gotify', name: 'Phone', settings });
    await runSql(
      stage.api.databaseUrl,
      `update channels set opened_at = carillon_now(), probe_at = carillon_now() + interval '30 seconds' where id = $1`,
      [id],
    );
    const page = await stage.open('/channels');
    await page
      .getByRole('region', { name: /Gotify/ })
      .getByText('does not answer')
      .waitFor();
    await page.getByRole('link', { name: 'Phone' }).click();
    await page.getByText('The target has not answered ten times in a row').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('keep a secret that is not touched, and replace one', async () => {
    const page = await stage.open(`/channels/${stage.channelId}`);
    const secret = (await stage.ask('GET', `/channels/${stage.channelId}`)).settings.secret.last4;
    await page.getByText(`••••${secret}`).waitFor();
    await page.getByLabel('Name').fill('Ops');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Ops', exact: true }).waitFor();
    const after = await stage.ask('GET', `/channels/${stage.channelId}`);
    expect({ name: after.name, last4: after.settings.secret.last4 }).toEqual({ name: 'Ops', last4: secret });
    await page.context().close();
  });
});

describe('users', () => {
  it('are found while one types', async () => {
    const page = await stage.open('/users');
    await page.getByText(hostile).waitFor();
    await page.getByLabel('Search').fill('ADA@');
    await page.getByText(hostile).waitFor({ state: 'detached' });
    expect(page.url()).toContain('search=ADA');
    await page.getByRole('link', { name: 'Ada' }).click();
    await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor();
    await page.context().close();
  });

  it('choose against a category, see the row that won, and take it back', async () => {
    const page = await stage.open('/users/external:ada?tab=preferences');
    await page.getByRole('button', { name: 'billing by E-mail: On as the category says' }).click();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'billing by E-mail: Off own choice' }).click();
    const dialog = page.getByRole('dialog', { name: 'billing, by E-mail' });
    await dialog.getByText('Winning row').waitFor();
    await dialog.getByRole('button', { name: 'As usual' }).click();
    await page.getByRole('button', { name: 'billing by E-mail: On as the category says' }).waitFor();
    await page.getByRole('button', { name: 'security by E-mail: On mandatory' }).click();
    expect(await page.getByRole('button', { name: 'Switch off' }).count()).toBe(0);
    await page.context().close();
  });

  it('get quiet hours on the days that are ticked, drawn as a week', async () => {
    const page = await stage.open('/users/external:eve?tab=quiet-hours');
    await page.getByLabel('From').fill('20:00');
    await page.getByLabel('Sat').uncheck();
    await page.getByRole('button', { name: 'Set quiet hours' }).click();
    await page.getByRole('img', { name: /Quiet: 20:00–07:00, Mon, Tue, Wed, Thu, Fri, Sun/ }).waitFor();
    expect(await page.locator('.week-quiet').count()).toBe(12);
    expect(await stage.ask('GET', '/users/external:eve/quiet-hours')).toMatchObject({
      ...{ start: '20:00', days: [1, 2, 3, 4, 5, 7] },
    });
    await page.context().close();
  });

  it('have rules that are moved and saved, with a warning where one reaches nobody', async () => {
    const page = await stage.open('/users/external:ada?tab=rules');
    await page.getByText('there is no channel of this kind that is switched on').waitFor();
    await page.getByRole('button', { name: 'Move step 3 up' }).click();
    await page.getByRole('button', { name: 'Save the list' }).first().click();
    await page.getByText('Saved').waitFor();
    const { default: list } = await stage.ask('GET', '/users/external:ada/rules');
    expect(list.rules.map((rule: { type: string }) => rule.type)).toEqual([
      ...['notify_by_email', 'notify_by_sms', 'wait'],
    ]);
    await page.context().close();
  });

  it('get a token that is shown once, and lose it', async () => {
    const page = await stage.open('/users/external:ada?tab=tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await page.getByText('Keep this token now').waitFor();
    const token = await page.locator('.note .copyable').textContent();
    expect((await stage.api.ask('GET', '/v1/inbox', { token: token ?? '' })).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    await page.context().close();
  });
});

describe('templates', () => {
  it('are listed by key, so that pages are called the previous and the next', async () => {
    await runSql(
      stage.api.databaseUrl,
      `insert into templates (id, organization_id, key, name)
       select gen_random_uuid(), $1, 'zz-' || n, 'Many' from generate_series(100, 150) as n`,
      [stage.admin.organizationId],
    );
    const page = await stage.open('/templates');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('zz-150').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('link', { name: 'Hello' }).waitFor();
    await page.context().close();
  });

  it('show a mail in its layout, with its colours, under a policy that lets no style stand in a page', async () => {
    const page = await stage.open('/templates/hello');
    await page.getByLabel('Layout for mails').selectOption('letter');
    await page.getByRole('button', { name: 'E-mail', exact: true }).click();
    const text = page.frameLocator('.mail-frame').getByText('Bye');
    await text.waitFor();
    expect(await text.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(255, 0, 0)');
    await page.context().close();
  });

  it('send a draft as a test, and lead to what became of it', async () => {
    const page = await stage.open('/templates/hello');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByLabel('To whom').fill('external:ada');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('link', { name: 'What becomes of it' }).waitFor();
    await page.context().close();
  });

  it('go back to an older version', async () => {
    const page = await stage.open('/templates/hello?tab=versions');
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('button', { name: 'Publish version 1' }).waitFor();
    expect((await stage.ask('GET', '/templates/hello')).published_version).toBe(2);
    await page.context().close();
  });
});

it('no page broke a rule of its policy, and no script failed', () => {
  expect(stage.complaints).toEqual([]);
});
