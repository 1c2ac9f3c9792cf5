import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  advanceDatabaseClock,
  pollUntil,
  startSmtpSink,
  startStreamClient,
  startWebhookReceiver,
  type ServiceProcess,
  type SmtpSink,
  type StreamClient,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, twoSweeps } from './calls.ts';
import { redisCommand } from './redis-command.ts';
import { setStage, type Person, type Stage } from './stage.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

interface ExplainedRules {
  state: string;
  reason: string | null;
  steps: { type: string; decision: string }[];
  next: { type: string; at: string } | null;
}

describe('personal notification rules', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let sink: SmtpSink;
  let receiver: WebhookReceiver;
  let ada: Person;
  let client: StreamClient;
  let mail: Record<string, string>;

  beforeAll(async () => {
    [stage, sink, receiver] = await Promise.all([
      setStage({ people: 0 }),
      startSmtpSink(),
      startWebhookReceiver({ secret }),
    ]);
    ada = await stage.addPerson({ email: 'ada@example.org' });
    await stage.addChannel('email', {});
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    mail = { SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' };
    api = await stage.startApi();
    client = await startStreamClient({ apis: [api.url], token: ada.token, transport: 'websocket' });
  });
  afterAll(async () => {
    await client.stop();
    await stage.stop();
    await sink.stop();
    await receiver.stop();
  });

  it('runs five steps through a worker that dies, a Redis that is flushed, and an edit', async () => {
    const rules = await setRules([
      ...[{ type: 'notify_by_email' }, { type: 'wait', wait_seconds: 300 }, { type: 'notify_by_webhook' }],
      ...[{ type: 'wait', wait_seconds: 600 }, { type: 'notify_by_email' }],
    ]);
    // It dies when the first steps are written down and nobody was told of their messages.
    const victim = await stage.startWorker({ ...mail, CARILLON_FAULT: 'worker.after-steps@1' });
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'Fire' });
    expect(await victim.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    await redisCommand(stage.redisUrl, 'FLUSHALL');
    expect(sink.mails).toEqual([]);
    expect((await rulesOf(id)).next).toMatchObject({ type: 'notify_by_webhook' });

    const worker = await stage.startWorker(mail);
    await advanceDatabaseClock(stage.database, 11_000);
    await sink.waitFor(({ mails }) => mails.length === 1, 45_000);
    await client.waitFor(({ copy }) => copy.items.has(id), 45_000);
    await advanceDatabaseClock(stage.database, 270_000);
    await twoSweeps(stage);
    expect(receiver.arrivals).toEqual([]);

    await worker.stop();
    await advanceDatabaseClock(stage.database, 20_000);
    await redisCommand(stage.redisUrl, 'FLUSHALL');
    await stage.startWorker(mail);
    await receiver.waitFor(({ arrivals }) => arrivals.length === 1, 45_000);

    // The last step becomes another one while its wait is running, which keeps its length.
    const [, , , running = '', last = ''] = rules;
    await changeRule(last, { type: 'notify_by_webhook' });
    await changeRule(running, { wait_seconds: 60 });
    await advanceDatabaseClock(stage.database, 300_000);
    await twoSweeps(stage);
    expect([sink.mails.length, receiver.arrivals.length]).toEqual([1, 1]);
    await advanceDatabaseClock(stage.database, 300_000);
    await receiver.waitFor(({ arrivals }) => arrivals.length === 2, 45_000);
    await advanceDatabaseClock(stage.database, 20_000);
    const done = await untilState(id, 'finished');
    expect(done.steps.map(({ type, decision }) => `${decision} ${type}`)).toEqual([
      ...[
        'send notify_by_email',
        'wait wait',
        'send notify_by_webhook',
        'wait wait',
        'send notify_by_webhook',
      ],
    ]);
    expect([done.reason, done.next, sink.mails.length]).toEqual([null, null, 1]);
    await expectCopyOfDatabase(stage, client, ada);
  });

  it('stops the moment it was read, whatever was to come', async () => {
    await setRules([
      ...[{ type: 'notify_by_webhook' }, { type: 'wait', wait_seconds: 300 }, { type: 'notify_by_webhook' }],
    ]);
    const before = receiver.arrivals.length;
    const [read = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'Read' });
    const [unread = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'Unread' });
    const [acknowledged = ''] = await notify(api, stage.admin, { to: [ada.id], urgent: true });
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 3, 45_000);
    await callApi(api, ada, 'PUT', `/v1/inbox/${read}/read`);
    await callApi(api, ada, 'POST', `/v1/inbox/${acknowledged}/acknowledge`);
    for (const id of [read, acknowledged]) {
      expect(await rulesOf(id)).toMatchObject({ state: 'stopped', reason: 'notification_read', next: null });
    }
    await advanceDatabaseClock(stage.database, 301_000);
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 4, 45_000);
    await advanceDatabaseClock(stage.database, 20_000);
    await untilState(unread, 'finished');
    expect(receiver.arrivals.length).toBe(before + 4);
  });

  it('does each step of many runs once with two workers, and waits for the end of quiet hours', async () => {
    await setRules([{ type: 'wait', wait_seconds: 60 }, { type: 'notify_by_webhook' }]);
    await stage.startWorker(mail);
    const before = receiver.arrivals.length;
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      ids.push(...(await notify(api, stage.admin, { to: [ada.id], title: `Run ${count}` })));
    }
    await pollUntil(async () => {
      const [row] = await stage.sql(
        `select count(*)::int as waiting from rule_runs where state = 'running' and sequence = 1 and notification_id = any($1)`,
        [ids],
      );
      return row?.['waiting'] === 20;
    }, 45_000);
    await quietFor(1);
    await advanceDatabaseClock(stage.database, 61_000);
    await pollUntil(async () => {
      const [row] = await stage.sql(
        'select count(*)::int as paused from rule_runs where paused_at is not null and notification_id = any($1)',
        [ids],
      );
      return row?.['paused'] === 20;
    }, 45_000);
    expect(receiver.arrivals.length).toBe(before);
    // What is read in the night is not told in the morning.
    await callApi(api, ada, 'PUT', `/v1/inbox/${ids[0]}/read`);
    await advanceDatabaseClock(stage.database, 3_720_000);
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 19, 45_000);
    await advanceDatabaseClock(stage.database, 20_000);
    for (const id of ids.slice(1)) await untilState(id, 'finished');
    const told = receiver.arrivals.slice(before).map((one) => one.id);
    expect([told.length, new Set(told).size]).toEqual([19, 19]);
  });

  async function setRules(steps: readonly object[]): Promise<string[]> {
    const answer = await callApi(api, ada, 'PUT', '/v1/users/me/rules', { body: { steps } });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    return (answer.body['default'] as { rules: { id: string }[] }).rules.map(({ id }) => id);
  }

  async function changeRule(id: string, body: object): Promise<void> {
    const answer = await callApi(api, ada, 'PATCH', `/v1/users/me/rules/${id}`, { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  }

  async function rulesOf(id: string): Promise<ExplainedRules> {
    const answer = await callApi(api, stage.admin, 'GET', `/v1/notifications/${id}/explain`);
    return answer.body['rules'] as ExplainedRules;
  }

  async function untilState(id: string, state: string): Promise<ExplainedRules> {
    return pollUntil(async () => {
      const rules = await rulesOf(id);
      return rules.state === state ? rules : undefined;
    }, 45_000);
  }

  /** Quiet from an hour ago for so many hours. */
  async function quietFor(hours: number): Promise<void> {
    const [clock] = await stage.sql('select extract(epoch from carillon_now())::float8 * 1000 as now');
    const wall = (later: number) =>
      new Date(Number(clock?.['now']) + later * 3_600_000).toISOString().slice(11, 16);
    const body = { start: wall(-1), end: wall(hours), zone: 'UTC' };
    const answer = await callApi(api, ada, 'PUT', '/v1/users/me/quiet-hours', { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  }
});
