import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  startSmtpSink,
  startStreamClient,
  startWebhookReceiver,
  type ServiceProcess,
  type SmtpSink,
  type StreamClient,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('one notification on all of its ways', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let sink: SmtpSink;
  let receiver: WebhookReceiver;
  let ada: Person;
  const clients: StreamClient[] = [];

  beforeAll(async () => {
    [stage, sink, receiver] = await Promise.all([
      setStage({ people: 0 }),
      startSmtpSink(),
      startWebhookReceiver({ secret }),
    ]);
    ada = await stage.addPerson({ email: 'ada@example.org' });
    await stage.addChannel('email', {});
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    const mail = { SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' };
    [api] = await Promise.all([stage.startApi(), stage.startWorker(mail)]);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.stop()));
    await stage.stop();
    await Promise.all([sink.stop(), receiver.stop()]);
  });

  it('arrives in a WebSocket, an event stream, a mailbox and at a webhook that verifies', async () => {
    for (const transport of ['websocket', 'sse'] as const) {
      clients.push(await startStreamClient({ apis: [api.url], token: ada.token, transport }));
    }
    const [id = ''] = await notify(api, stage.admin, {
      ...{ to: [ada.id], title: 'Backup finished', body: 'All **12** databases are safe.' },
      ...{ category: 'backups', data: { databases: 12 }, url: 'https://example.org/backups/7' },
    });

    for (const client of clients) {
      await client.waitFor(({ copy }) => copy.items.has(id), 15_000);
      expect(client.copy.items.get(id)).toMatchObject({
        ...{ title: 'Backup finished', body: 'All **12** databases are safe.', category: 'backups' },
        ...{ data: { databases: 12 }, read_at: null, sequence: 1 },
      });
      await expectCopyOfDatabase(stage, client, ada);
    }

    await receiver.waitFor(({ arrivals }) => arrivals.length === 1, 15_000);
    await sink.waitFor(({ mails }) => mails.length === 1, 15_000);
    const stored = await waitUntilSettled(stage);
    expect(stored.deliveries.map(({ kind, state, attempts }) => ({ kind, state, attempts }))).toEqual(
      expect.arrayContaining([
        { kind: 'email', state: 'sent', attempts: 1 },
        { kind: 'webhook', state: 'sent', attempts: 1 },
      ]),
    );
    const idOf = (kind: string) => stored.deliveries.find((one) => one.kind === kind)?.id ?? '';

    const [arrival] = receiver.arrivals;
    expect(arrival).toMatchObject({ id: idOf('webhook'), verified: true, method: 'POST' });
    expect(JSON.parse(arrival?.body ?? '')).toMatchObject({ data: { id, title: 'Backup finished' } });

    const [mail] = sink.mails;
    expect(mail?.envelope).toEqual({ from: 'bells@example.org', to: ['ada@example.org'] });
    expect(mail?.headers.get('subject')).toEqual(['Backup finished']);
    expect(mail?.headers.get('message-id')?.[0]).toContain(idOf('email'));
    expect(mail?.raw).toContain('<strong>12</strong>');
    expect(mail?.raw).toContain('https://example.org/backups/7');
  });

  it('tells the sender what became of each delivery and of each try', async () => {
    const list = await callApi(api, stage.admin, 'GET', '/v1/deliveries?limit=10');
    expect(list.status).toBe(200);
    const deliveries = list.body['data'] as { id: string; kind: string; state: string }[];
    expect(deliveries.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'email sent',
      'webhook sent',
    ]);
    for (const { id } of deliveries) {
      const tries = await callApi(api, stage.admin, 'GET', `/v1/deliveries/${id}/attempts`);
      expect(tries.body['data']).toEqual([
        expect.objectContaining({ number: 1, outcome: 'sent', ended_at: expect.any(String) }),
      ]);
    }
  });

  it('keeps a read mark the same on every open stream', async () => {
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], channels: ['inbox'] });
    for (const client of clients) await client.waitFor(({ copy }) => copy.items.has(id), 15_000);
    const answer = await callApi(api, ada, 'PUT', `/v1/inbox/${id}/read`);
    expect(answer.body).toMatchObject({ changed: 1, counts: { unread: 1 } });
    for (const client of clients) {
      await client.waitFor(({ copy }) => copy.items.get(id)?.read_at != null, 15_000);
      await expectCopyOfDatabase(stage, client, ada);
    }
  });
});
