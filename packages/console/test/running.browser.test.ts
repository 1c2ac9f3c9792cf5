import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBarriers, pollUntil } from '@carillon/testkit';
import { startRunningStage, type RunningStage } from './running-stage.ts';

let stage: RunningStage;
beforeAll(async () => {
  stage = await startRunningStage();
});
afterAll(() => stage.stop());

describe('what runs', () => {
  it('lets in who has the token of an admin, and tells what is wrong with another', async () => {
    const page = await (await stage.browser.newContext()).newPage();
    await page.goto(`${stage.api.url}/console`);
    const sign = async (token: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Access token' }).fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await sign('0123456789-012345678901234567890123456789012');
    await page.getByText('This token is unknown, expired or revoked').waitFor();
    const member = await stage.api.makeUser(stage.admin.organizationId, 'member');
    await sign(member.token);
    await page.getByText('Only admins of an organization see the console').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await sign(stage.admin.token);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('tab', { name: 'Password' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.context().close();
  });

  it('goes where somebody goes while a page is being shown for the first time', async () => {
    const page = await stage.open('/nowhere');
    await page.getByText('The address leads nowhere').waitFor();
    await page.addInitScript(() => {
      new MutationObserver((_changes, observer) => {
        if (document.body?.textContent.includes('The address leads nowhere') !== true) return;
        observer.disconnect();
        location.assign('#/dead-letters');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
    await page.context().close();
  });

  it('finds a notification, and draws what became of it', async () => {
    await stage.notify('Deploy of web 4.1 is out');
    await stage.notify('Deploy of web 4.2 failed');
    const page = await stage.open('/notifications');
    await page.getByRole('link', { name: /4\.1/ }).waitFor();
    await page.getByLabel('Search').fill('WEB 4.2');
    await page.getByRole('link', { name: /4\.1/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Deploy of web 4.2 failed' }).click();
    await page.getByRole('heading', { name: 'What became of it' }).waitFor();
    const trunk = page.getByRole('list', { name: 'Until it was planned' });
    expect(await trunk.getByRole('listitem').allTextContents()).toEqual([
      ...[expect.stringContaining('Accepted'), expect.stringContaining('Planned')],
    ]);
    await page.getByText('Try 1: taken · 250').waitFor();
    await page.getByText('In the inbox').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.goBack();
    expect(await page.getByLabel('Search').inputValue()).toBe('WEB 4.2');
    await page.context().close();
  });

  it('tells by a dry run what a replay would do, and then does it', async () => {
    stage.mails.answerWith({ type: 'refuse_recipient', code: 550 });
    const id = await stage.notify('Nobody takes this');
    stage.mails.answerWith({ type: 'accept' });
    // The cause is mended first: the address was wrong.
    const points = await stage.ask('GET', '/users/external:ada/contact-points');
    await stage.ask('PATCH', `/users/external:ada/contact-points/${points.data[0].id}`, {
      address: 'ada@home.example',
    });
    const page = await stage.open('/dead-letters');
    await page.getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Replay 1 selected' }).click();
    await page.getByText('Dry run: 1 of 1 would be sent again').waitFor();
    expect(await stage.ask('GET', `/deliveries?notification_id=${id}`)).toMatchObject({
      data: [{ state: 'dead', attempts_made: 1 }],
    });
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send 1 again' }).click();
    await page.getByText('One delivery is due again').waitFor();
    await page.getByText('Nothing was given up').waitFor();
    await pollUntil(async () => {
      const { data } = await stage.ask('GET', `/deliveries?notification_id=${id}`);
      return data[0].state === 'sent';
    });
    await page.context().close();
  });

  it('asks to sign in again over the page whose token was revoked, which stays as it is', async () => {
    const { token, id } = await stage.ask('POST', '/users/me/tokens', { name: 'console' });
    const page = await stage.open('/notifications?category=builds');
    await page.evaluate((own) => {
      sessionStorage.setItem('carillon.console.session', JSON.stringify({ by: 'token', token: own }));
    }, token);
    await page.addInitScript((own) => {
      sessionStorage.setItem('carillon.console.session', JSON.stringify({ by: 'token', token: own }));
    }, token);
    await page.reload();
    await page.getByRole('link', { name: 'Deploy of web 4.2 failed' }).waitFor();
    await stage.api.ask('DELETE', `/v1/users/me/tokens/${id}`, { token: stage.admin.token });
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await pollUntil(async () => {
      await page
        .getByRole('button', { name: 'Refresh' })
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      return dialog.isVisible();
    });
    await dialog.getByRole('textbox', { name: 'Access token' }).fill(stage.admin.token);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toContain('category=builds');
    await page.getByRole('link', { name: 'Deploy of web 4.2 failed' }).waitFor();
    await page.context().close();
  });

  it('breaks no rule of its own policy, and no script fails', () => {
    expect(stage.complaints).toEqual([]);
  });
});
