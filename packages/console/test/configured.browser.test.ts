import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers } from '@carillon/testkit';
import { startConsoleStage, type ConsoleStage } from './console-stage.ts';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await startConsoleStage();
  await stage.ask('POST', '/users', {
    ...{ external_id: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', zone: 'Europe/Berlin' },
  });
  await stage.ask('PUT', '/users/external:ada/quiet-hours', { start: '22:00', end: '07:00' });
  await stage.ask('POST', '/channels', { kind: 'email', name: 'Mail', settings: {} });
});
afterAll(() => stage.stop());

describe('what is configured', () => {
  it('writes a template, says at which line it is wrong, shows it rendered, and publishes it', async () => {
    const page = await stage.open('/templates');
    await page.getByRole('button', { name: 'New template' }).click();
    await page.getByLabel('Name').fill('Build failed');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByLabel('Title', { exact: true }).fill('Build {{number}} failed');
    await page.getByLabel('Text (Markdown)').fill('Hello\n{{#if broken}}');
    await page.getByLabel('Sample data (JSON)').fill('{"number": 7, "who": "<b>Ada</b>"}');
    await page.getByRole('button', { name: /^Line 2, column \d+$/ }).waitFor();
    await page.getByLabel('Text (Markdown)').fill('**{{who}}** broke it, {{nobody}}');
    await page.getByText('Build 7 failed').waitFor();
    expect(await page.locator('.shown-inbox .rendered').innerHTML()).toContain(
      '<strong>&lt;b&gt;Ada&lt;/b&gt;</strong>',
    );
    await page.getByText('Without data: nobody').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 1, published').waitFor();
    expect(await stage.ask('GET', '/templates/build-failed')).toMatchObject({ published_version: 1 });
    await page.getByLabel('Text (Markdown)').fill('**{{who}}** mended it');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2, published').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    expect(await page.locator('.diff ins').textContent()).toBe('**{{who}}** mended it');
    await page.getByRole('tab', { name: 'Texts' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('tells what Ada would get on Sunday at 03:00 of her clock, and why', async () => {
    const page = await stage.open('/simulator?to=external:ada');
    await page.getByText('Ada Lovelace, Europe/Berlin').waitFor();
    await page.getByRole('button', { name: 'Sunday at 03:00' }).click();
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('heading', { name: 'What Ada Lovelace would get' }).waitFor();
    await page.getByText(/E-mail: held until 07:0[0-2] on .* by the recipient.s quiet hours/).waitFor();
    await page.getByText(/Sent Sunday \d+ \w+, 03:00/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });

  it('breaks no rule of its own policy, and no script fails', () => {
    expect(stage.complaints).toEqual([]);
  });
});
