import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startSmtpSink, type ServiceProcess, type SmtpSink } from '@carillon/testkit';
import { callApi, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('what clients of Directus create', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let sink: SmtpSink;
  let ada: Person;

  beforeAll(async () => {
    [stage, sink] = await Promise.all([setStage({ people: 0 }), startSmtpSink()]);
    ada = await stage.addPerson({ email: 'ada@example.org' });
    await stage.addChannel('email', {});
    const mail = { SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' };
    [api] = await Promise.all([stage.startApi(), stage.startWorker(mail)]);
  });
  afterAll(async () => {
    await stage.stop();
    await sink.stop();
  });

  async function create(subject: string): Promise<void> {
    const body = { recipient: ada.id, subject, message: 'All **12** databases are safe.' };
    const answer = await callApi(api, stage.admin, 'POST', '/notifications', { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status: 200,
      body: { data: { subject, recipient: ada.id, status: 'inbox' } },
    });
  }

  async function subjects(): Promise<string[]> {
    const { body } = await callApi(api, ada, 'GET', '/notifications?fields=subject');
    return (body['data'] as { subject: string }[]).map(({ subject }) => subject);
  }

  it('is listed at once, and mailed', async () => {
    await create('Wanted');
    expect(await subjects()).toEqual(['Wanted']);
    await sink.waitFor(({ mails }) => mails.length === 1, 45_000);
    expect(sink.mails[0]?.headers.get('subject')).toEqual(['Wanted']);
    const { deliveries } = await waitUntilSettled(stage);
    expect(deliveries.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['email sent']);
  });

  it('is listed and not mailed where its reader wants neither mail nor inbox', async () => {
    for (const kind of ['email', 'inbox']) {
      const body = { kind, enabled: false };
      const chosen = await callApi(api, ada, 'PUT', '/v1/users/me/preferences', { body });
      expect({ kind, status: chosen.status }).toEqual({ kind, status: 200 });
    }
    await create('Unwanted');
    expect(await subjects()).toEqual(['Wanted', 'Unwanted']);
    const { deliveries } = await waitUntilSettled(stage);
    expect(deliveries).toHaveLength(1);
    expect(await subjects()).toEqual(['Wanted', 'Unwanted']);
    expect(sink.mails).toHaveLength(1);
  });
});
