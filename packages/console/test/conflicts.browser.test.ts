import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers, runSql } from '@carillon/testkit';
import { startConsoleStage, type ConsoleStage } from './console-stage.ts';

let stage: ConsoleStage;
let channelPath: string;
beforeAll(async () => {
  stage = await startConsoleStage();
  await stage.ask('POST', '/users', { external_id: 'ada', email: 'ada@example.com', zone: 'Europe/Berlin' });
  await stage.ask('PUT', '/users/external:ada/quiet-hours', { start: '22:00', end: '07:00' });
  await stage.ask('POST', '/templates', { key: 'hello', name: 'Hello', category: 'general' });
  await stage.ask('PUT', '/template-parts/partial/sign', { source: 'Bye' });
  const channel = await stage.ask('POST', '/channels', { kind: 'email', name: 'Mail', settings: {} });
  channelPath = `/channels/${channel.id}`;
});
afterAll(() => stage.stop());

describe('two admins at one thing', () => {
  it.each([
    {
      what: 'a template',
      path: () => '/templates/hello?tab=settings',
      change: () => stage.ask('PATCH', '/templates/hello', { group: 'Greetings' }),
      save: 'Save',
    },
    {
      what: 'a partial',
      path: () => '/template-parts/partial/sign',
      change: () => stage.ask('PUT', '/template-parts/partial/sign', { source: 'See you' }),
      save: 'Save',
    },
    {
      what: 'a channel',
      path: () => channelPath,
      change: () => stage.ask('PATCH', channelPath, { name: 'Post' }),
      save: 'Save',
    },
    {
      what: 'quiet hours',
      path: () => '/users/external:ada?tab=quiet-hours',
      change: () => stage.ask('PUT', '/users/external:ada/quiet-hours', { start: '21:00', end: '08:00' }),
      save: 'Save',
    },
    {
      what: 'rules',
      path: () => '/users/external:ada?tab=rules',
      change: () =>
        stage.ask('PUT', '/users/external:ada/rules', {
          important: false,
          steps: [{ type: 'notify_by_email' }],
        }),
      save: 'Save the list',
    },
  ])('do not undo the other one’s change of $what without knowing', async ({ path, change, save }) => {
    const page = await stage.open(path());
    const button = page.getByRole('button', { name: save, exact: true }).first();
    await button.waitFor();
    await change();
    await button.click();
    await page.getByRole('alert').getByText('Somebody else has changed it meanwhile').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Load the page anew' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await button.click();
    await page.getByRole('status').getByText('Saved').waitFor();
    await page.context().close();
  });
});

it('how a target does is nobody’s change: the settings that mend it can be saved', async () => {
  const page = await stage.open(channelPath);
  await page.getByLabel('Name').fill('Mended');
  await runSql(
    stage.api.databaseUrl,
    `update channels set opened_at = carillon_now(), probe_at = carillon_now() + interval '30 seconds' where id = $1`,
    [channelPath.split('/').at(-1)],
  );
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('status').getByText('Saved').waitFor();
  expect(await stage.ask('GET', channelPath)).toMatchObject({ name: 'Mended' });
  await page.context().close();
});

it('no page broke a rule of its policy, and no script failed', () => {
  expect(stage.complaints).toEqual([]);
});
