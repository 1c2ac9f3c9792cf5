import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  advanceDatabaseClock,
  pollUntil,
  startSmtpSink,
  startStreamClient,
  type ServiceProcess,
  type SmtpSink,
  type StreamClient,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const hourMs = 3_600_000;
/** Releases are spread over two minutes, and the scan comes every two seconds. */
const spreadMs = 120_000;

describe('the right thing at the right time', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let sink: SmtpSink;
  let ada: Person;
  let client: StreamClient;

  beforeAll(async () => {
    [stage, sink] = await Promise.all([setStage({ people: 1 }), startSmtpSink()]);
    ada = await stage.addPerson({ email: 'ada@example.org' });
    await stage.addChannel('email', {});
    const mail = {
      ...{ SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' },
      CARILLON_PUBLIC_URL: 'https://carillon.example.org',
    };
    [api] = await Promise.all([stage.startApi(), stage.startWorker(mail)]);
    client = await startStreamClient({ apis: [api.url], token: ada.token, transport: 'websocket' });
  });
  afterAll(async () => {
    await client.stop();
    await stage.stop();
    await sink.stop();
  });

  it('holds mail in quiet hours, lets the item in at once, and tells it in one mail when they end', async () => {
    await quietFor(2);
    const ids: string[] = [];
    for (const title of ['One', 'Two', 'Three', 'Four']) {
      ids.push(...(await notify(api, stage.admin, { to: [ada.id], title })));
    }
    await client.waitFor(({ copy }) => copy.items.size === 4, 45_000);
    await heldCount(4);
    expect(sink.mails).toEqual([]);
    const [first] = ids;
    const told = await callApi(api, stage.admin, 'GET', `/v1/notifications/${first}/explain`);
    const mail = (told.body['kinds'] as { kind: string; code: string; sentence: string }[]).find(
      ({ kind }) => kind === 'email',
    );
    expect(mail).toMatchObject({ code: 'quiet_hours', sentence: expect.stringMatching(/quiet hours/) });

    await advanceDatabaseClock(stage.database, 2 * hourMs + spreadMs);
    await sink.waitFor(({ mails }) => mails.length === 1, 45_000);
    const [one] = sink.mails;
    expect(one?.headers.get('subject')).toEqual(['4 notifications while you were away']);
    expect(one?.raw).toMatch(/Four[\s\S]*Three[\s\S]*Two[\s\S]*One/);
    const stored = await waitUntilSettled(stage);
    expect(stored.deliveries.map((delivery) => delivery.state).toSorted()).toEqual([
      ...['digested', 'digested', 'digested', 'sent'],
    ]);
    await expectCopyOfDatabase(stage, client, ada);
  });

  it('sends at once what was held when the recipient moves the window, and nothing that was read', async () => {
    const before = sink.mails.length;
    await quietFor(2);
    const [kept] = await notify(api, stage.admin, { to: [ada.id], title: 'Kept' });
    const [read] = await notify(api, stage.admin, { to: [ada.id], title: 'Read meanwhile' });
    await heldCount(2);
    await callApi(api, ada, 'PUT', `/v1/inbox/${read}/read`);
    await callApi(api, ada, 'DELETE', '/v1/users/me/quiet-hours');
    await sink.waitFor(({ mails }) => mails.length === before + 1, 45_000);
    await waitUntilSettled(stage);
    expect(await reasonsOf(kept)).toEqual(['sent null']);
    expect(await reasonsOf(read)).toEqual(['cancelled notification_read']);
  });

  it('lets urgent and mandatory notifications through, and keeps a muted one', async () => {
    const before = sink.mails.length;
    await callApi(api, stage.admin, 'PUT', '/v1/categories/security', {
      body: { name: 'Security', mandatory: true },
    });
    const until = new Date((await databaseNow()) + hourMs).toISOString();
    await callApi(api, ada, 'POST', '/v1/users/me/mute', { body: { until } });
    const [muted] = await notify(api, stage.admin, { to: [ada.id], title: 'Muted' });
    const [mandatory] = await notify(api, stage.admin, { to: [ada.id], category: 'security' });
    const [urgent] = await notify(api, stage.admin, { to: [ada.id], urgent: true });
    await sink.waitFor(({ mails }) => mails.length === before + 2, 45_000);
    await heldCount(1);
    expect(await reasonsOf(muted)).toEqual(['pending muted']);
    for (const id of [mandatory, urgent]) {
      await pollUntil(async () => (await reasonsOf(id)).join() === 'sent null');
    }
    await callApi(api, ada, 'DELETE', '/v1/users/me/mute');
    await sink.waitFor(({ mails }) => mails.length === before + 3, 45_000);
  });

  it('places what is scheduled when its time has come, and never what was cancelled before', async () => {
    const before = sink.mails.length;
    const sendAt = new Date(Date.now() + (await skewMs()) + hourMs).toISOString();
    const scheduled = await notify(api, stage.admin, { to: [ada.id], title: 'Scheduled', send_at: sendAt });
    const cancelled = await notify(api, stage.admin, {
      to: [ada.id],
      title: 'Not any more',
      send_at: sendAt,
    });
    const trigger = await callApi(api, stage.admin, 'GET', `/v1/notifications/${cancelled[0]}`);
    const answer = await callApi(api, stage.admin, 'POST', '/v1/notifications/cancel', {
      body: { trigger_id: trigger.body['trigger_id'] },
    });
    expect(answer.body).toMatchObject({ matched: 1, cancelled: 1 });
    expect(client.copy.items.has(scheduled[0] ?? '')).toBe(false);
    await advanceDatabaseClock(stage.database, hourMs + 1_000);
    await client.waitFor(({ copy }) => copy.items.has(scheduled[0] ?? ''), 45_000);
    await sink.waitFor(({ mails }) => mails.length === before + 1, 45_000);
    expect(client.copy.items.has(cancelled[0] ?? '')).toBe(false);
  });

  it('says it in the words of a template, in the language of the reader', async () => {
    const before = sink.mails.length;
    await callApi(api, ada, 'PATCH', '/v1/users/me', { body: { locale: 'de', name: 'Ada' } });
    const made = await callApi(api, stage.admin, 'POST', '/v1/templates', {
      body: { key: 'order-shipped', name: 'Order shipped', category: 'orders' },
    });
    expect(made.status).toBe(201);
    const version = await callApi(api, stage.admin, 'POST', '/v1/templates/order-shipped/versions', {
      body: {
        variants: [
          { title: 'Order {{order.id}} is on its way', body: 'Hello {{user.name}}' },
          { locale: 'de', title: 'Bestellung {{order.id}} ist unterwegs', body: 'Hallo {{user.name}}' },
        ],
      },
    });
    expect({ status: version.status, body: version.body }).toMatchObject({ status: 201 });
    const published = await callApi(
      ...([api, stage.admin, 'POST', '/v1/templates/order-shipped/versions/1/publish'] as const),
      { body: {} },
    );
    expect({ status: published.status, body: published.body }).toMatchObject({ status: 200 });
    const sent = await callApi(api, stage.admin, 'POST', '/v1/notifications', {
      body: { to: [ada.id], template: 'order-shipped', data: { order: { id: 42 } } },
    });
    expect({ status: sent.status, body: sent.body }).toMatchObject({ status: 202 });
    await sink.waitFor(({ mails }) => mails.length === before + 1, 45_000);
    expect(sink.mails.at(-1)?.headers.get('subject')).toEqual(['Bestellung 42 ist unterwegs']);
    const [id] = (sent.body['notifications'] as { id: string }[]).map((one) => one.id);
    await client.waitFor(({ copy }) => copy.items.has(id ?? ''), 45_000);
    expect(client.copy.items.get(id ?? '')).toMatchObject({ title: 'Bestellung 42 ist unterwegs' });
  });

  it('wears the layout for mails, and comes no more after one click of its reader', async () => {
    const before = sink.mails.length;
    const column = '<mj-text>Dear {{user.name}}, {{> @content}}</mj-text>';
    const footer = '<mj-text><a href="{{notification.unsubscribe_url}}">No more of these</a></mj-text>';
    const body = {
      source: `<mjml><mj-body><mj-section><mj-column>${column}${footer}</mj-column></mj-section></mj-body></mjml>`,
    };
    const calls = [
      ['PUT', '/v1/template-parts/mail_layout/letter', body],
      ['POST', '/v1/templates', { key: 'weekly', name: 'Weekly', category: 'weekly' }],
      [
        ...(['POST', '/v1/templates/weekly/versions'] as const),
        { variants: [{ title: 'Week {{n}}', body: 'It was **good**.' }], mail_layout: 'letter' },
      ],
      ['POST', '/v1/templates/weekly/versions/1/publish', {}],
    ] as const;
    for (const [method, path, content] of calls) {
      const answer = await callApi(api, stage.admin, method, path, { body: content });
      expect({ path, status: answer.status < 300, body: answer.body }).toMatchObject({ status: true });
    }
    const send = () =>
      notify(api, stage.admin, { to: [ada.id], template: 'weekly', title: undefined, data: { n: 1 } });
    await send();
    await sink.waitFor(({ mails }) => mails.length === before + 1, 45_000);
    const [mail] = sink.mails.slice(-1);
    const [link = ''] = mail?.headers.get('list-unsubscribe') ?? [];
    const path = /^<https:\/\/carillon[.]example[.]org(\/u\/[\w-]+)>$/.exec(link)?.[1] ?? '';
    const text = (mail?.raw ?? '').replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
    expect(text).toContain('Dear Ada, <p>It was <strong>good</strong>.</p>');
    expect(text).toContain(`<a href="https://carillon.example.org${path}">No more of these</a>`);

    const clicked = await fetch(`${api.url}${path}`, {
      ...{ method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) },
    });
    expect([clicked.status, await clicked.text()]).toEqual([200, expect.stringContaining('lang="de"')]);
    const [next] = await send();
    await client.waitFor(({ copy }) => copy.items.has(next ?? ''), 45_000);
    const told = await callApi(api, stage.admin, 'GET', `/v1/notifications/${next}/explain`);
    const kinds = told.body['kinds'] as { kind: string; code: string }[];
    expect(kinds.find(({ kind }) => kind === 'email')).toMatchObject({ code: 'preference_off' });
    expect(sink.mails).toHaveLength(before + 1);
  });

  it('keeps the mails of a paused kind, and lets them flow afterwards', async () => {
    const before = sink.mails.length;
    await callApi(api, stage.admin, 'PUT', '/v1/paused', { body: { channels: ['email'] } });
    const [id] = await notify(api, stage.admin, { to: [ada.id], title: 'Later' });
    await client.waitFor(({ copy }) => copy.items.has(id ?? ''), 45_000);
    expect(await reasonsOf(id)).toEqual(['pending paused']);
    await callApi(api, stage.admin, 'PUT', '/v1/paused', { body: { channels: [] } });
    await sink.waitFor(({ mails }) => mails.length === before + 1, 45_000);
  });

  /** Quiet hours from an hour ago until so many hours from now, by the database's clock. */
  async function quietFor(hours: number): Promise<void> {
    const now = await databaseNow();
    const wall = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    const answer = await callApi(api, ada, 'PUT', '/v1/users/me/quiet-hours', {
      body: { start: wall(now - hourMs), end: wall(now + hours * hourMs), zone: 'UTC' },
    });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  }

  async function databaseNow(): Promise<number> {
    const [row] = await stage.sql('select extract(epoch from carillon_now()) * 1000 as ms');
    return Number(row?.['ms']);
  }

  /** How far the database's clock is ahead of the machine's. */
  async function skewMs(): Promise<number> {
    return (await databaseNow()) - Date.now();
  }

  async function heldCount(count: number): Promise<void> {
    await pollUntil(async () => {
      const rows = await stage.sql(
        `select 1 from deliveries where state = 'pending' and reason in ('quiet_hours', 'muted')`,
      );
      return rows.length === count;
    });
  }

  async function reasonsOf(id: string | undefined): Promise<string[]> {
    const rows = await stage.sql('select state, reason from deliveries where notification_id = $1', [id]);
    return rows.map((row) => [row['state'], row['reason'] ?? 'null'].join(' '));
  }
});
