import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  advanceDatabaseClock,
  loadStored,
  pollUntil,
  startStreamClient,
  startWebhookReceiver,
  type ServiceProcess,
  type StreamClient,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, twoSweeps, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

describe('what is held back', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let worker: ServiceProcess;
  let webhook: string;
  let receiver: WebhookReceiver;
  let ada: Person;
  let client: StreamClient;

  beforeAll(async () => {
    [stage, receiver] = await Promise.all([setStage({ people: 1 }), startWebhookReceiver({ secret })]);
    webhook = await stage.addChannel('webhook', { url: receiver.url }, { secret });
    ada = stage.people[0] ?? stage.admin;
    [api, worker] = await Promise.all([stage.startApi(), stage.startWorker()]);
    client = await startStreamClient({ apis: [api.url], token: ada.token, transport: 'websocket' });
  });
  afterAll(async () => {
    await client.stop();
    await stage.stop();
    await receiver.stop();
  });

  it('is neither placed nor sent while the organization is paused, and flows when it is resumed', async () => {
    await pause(true);
    const kept = await notify(api, stage.admin, { to: [ada.id], title: 'Kept' });
    const dropped = await notify(api, stage.admin, { to: [ada.id], title: 'Dropped' });
    await twoSweeps(stage);
    expect((await loadStored(stage.database)).notifications.map((one) => one.dispatched)).toEqual([
      false,
      false,
    ]);
    expect(receiver.arrivals).toEqual([]);

    const cancelled = await callApi(api, stage.admin, 'POST', `/v1/notifications/${dropped[0]}/cancel`, {
      body: {},
    });
    expect(cancelled.body).toMatchObject({ cancelled: 1, in_flight: 0, sent: 0 });
    await pause(false);
    await receiver.waitFor(({ arrivals }) => arrivals.length === 1, 45_000);
    await waitUntilSettled(stage);
    await expectCopyOfDatabase(stage, client, ada);
    expect([...client.copy.items.keys()]).toEqual(kept);
    const read = await callApi(api, stage.admin, 'GET', `/v1/notifications/${dropped[0]}`);
    expect(read.body).toMatchObject({ state: 'cancelled', inbox_at: null });
  });

  it('is cancelled though it was placed, as long as its delivery waits', async () => {
    receiver.answerWith({ type: 'status', status: 503, headers: { 'retry-after': '600' } });
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'Late' });
    await untilDelivery(id, { state: 'pending', reason: 'retry', attempts: 1 });
    const answer = await callApi(api, stage.admin, 'POST', `/v1/notifications/${id}/cancel`, {
      body: { withdraw: true },
    });
    expect(answer.body).toMatchObject({ cancelled: 1, in_flight: 0, sent: 0 });
    await untilDelivery(id, { state: 'cancelled', reason: 'notification_cancelled', attempts: 1 });
    await expectCopyOfDatabase(stage, client, ada);
    expect(client.copy.items.has(id)).toBe(false);
  });

  it('is tried again when the receiver asked for it, and every try is told', async () => {
    const before = receiver.arrivals.length;
    receiver.answerWith(() =>
      receiver.arrivals.length - before <= 2
        ? { type: 'status', status: 503, headers: { 'retry-after': '120' } }
        : { type: 'status', status: 204 },
    );
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'Again' });
    const first = await untilDelivery(id, { state: 'pending', reason: 'retry', attempts: 1 });
    expect(first.waitSeconds).toBeGreaterThan(60);
    expect(first.waitSeconds).toBeLessThanOrEqual(120);
    await advanceDatabaseClock(stage.database, 121_000);
    // The second wait of the schedule is five minutes: longer than what is asked for.
    const second = await untilDelivery(id, { state: 'pending', reason: 'retry', attempts: 2 });
    expect(second.waitSeconds).toBeGreaterThan(210);
    expect(second.waitSeconds).toBeLessThanOrEqual(330);
    await advanceDatabaseClock(stage.database, 331_000);
    const done = await untilDelivery(id, { state: 'sent', reason: null, attempts: 3 });
    const tries = await callApi(api, stage.admin, 'GET', `/v1/deliveries/${done.id}/attempts`);
    const outcomes = (tries.body['data'] as { outcome: string; status_code: number }[]).map(
      ({ outcome, status_code: status }) => `${outcome} ${status}`,
    );
    expect(outcomes).toEqual(['retry 503', 'retry 503', 'sent 204']);
    const sends = receiver.arrivals.slice(before);
    expect(new Set(sends.map((one) => `${one.id} ${one.body}`)).size).toBe(1);
  });

  it('leaves the inbox by itself when its time is over, and open streams are told', async () => {
    const now = await stage.sql('select extract(epoch from carillon_now())::float8 * 1000 as now');
    const expires = new Date(Number(now[0]?.['now']) + 3_600_000).toISOString();
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], expires_at: expires });
    await client.waitFor(({ copy }) => copy.items.has(id), 45_000);
    await waitUntilSettled(stage);
    await advanceDatabaseClock(stage.database, 3_601_000);
    await client.waitFor(({ copy }) => !copy.items.has(id), 45_000);
    await expectCopyOfDatabase(stage, client, ada);
  });

  it('waits for its channel and its template while they are paused, the latter before its inbox', async () => {
    receiver.answerWith({ type: 'status', status: 204 });
    const before = receiver.arrivals.length;
    const admin = async (path: string, body: object = {}) => {
      const { status } = await callApi(api, stage.admin, 'POST', path, { body });
      if (status >= 300) throw new Error(`${path} answered ${status}`);
    };
    await admin('/v1/templates', { key: 'held', name: 'Held' });
    await admin('/v1/templates/held/versions', { variants: [{ title: 'By a template' }] });
    await admin('/v1/templates/held/versions/1/publish');

    await admin(`/v1/channels/${webhook}/pause`);
    const [placed = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'By a channel' });
    await untilDelivery(placed, { state: 'pending', reason: 'paused', attempts: 0 });
    await client.waitFor(({ copy }) => copy.items.has(placed), 45_000);
    await admin('/v1/templates/held/pause');
    const [kept = ''] = await notify(api, stage.admin, { to: [ada.id], title: undefined, template: 'held' });
    await advanceDatabaseClock(stage.database, 16_000);
    const setAside = `select (select count(*) from deliveries where scan_after = 'infinity')
      + (select count(*) from notifications where hint_after = 'infinity') as count`;
    await pollUntil(async () => Number((await stage.sql(setAside))[0]?.['count']) === 2, 45_000);
    expect([receiver.arrivals.length, client.copy.items.has(kept)]).toEqual([before, false]);

    await admin('/v1/templates/held/resume');
    await untilDelivery(kept, { state: 'pending', reason: 'paused', attempts: 0 });
    await client.waitFor(({ copy }) => copy.items.has(kept), 45_000);
    await admin(`/v1/channels/${webhook}/resume`);
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 2, 45_000);
    await waitUntilSettled(stage);
    await expectCopyOfDatabase(stage, client, ada);
  });

  it('is written down in the place of being sent, while the installation is on trial', async () => {
    await worker.stop();
    const trial = await stage.startWorker({ CARILLON_DELIVERY: 'capture' });
    const before = receiver.arrivals.length;
    const [id = ''] = await notify(api, stage.admin, { to: [ada.id], title: 'On trial' });
    await untilDelivery(id, { state: 'sent', reason: 'captured', attempts: 1 });
    await client.waitFor(({ copy }) => copy.items.has(id), 45_000);
    const listed = await callApi(api, stage.admin, 'GET', `/v1/captured?notification_id=${id}`);
    expect(listed.body['data']).toMatchObject([
      { kind: 'webhook', settings: { url: receiver.url }, message: { title: 'On trial' } },
    ]);
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const tested = await callApi(api, stage.admin, 'POST', `/v1/channels/${webhook}/test`, { body: {} });
    expect(tested.body).toMatchObject({ outcome: 'captured' });
    const told = await callApi(api, stage.admin, 'GET', `/v1/notifications/${id}/explain`);
    expect(JSON.stringify(told.body)).toContain('instead of being sent');
    expect(receiver.arrivals.length).toBe(before);
    const warned = trial.lines().filter((line) => line['event'] === 'delivery.held_back');
    expect(warned).toMatchObject([{ mode: 'capture' }]);
  });

  async function pause(paused: boolean): Promise<void> {
    const answer = await callApi(api, stage.admin, 'PUT', '/v1/paused', { body: { paused } });
    expect([answer.status, answer.body['paused']]).toEqual([200, paused]);
  }

  async function untilDelivery(
    notificationId: string,
    wanted: { state: string; reason: string | null; attempts: number },
  ): Promise<{ id: string; waitSeconds: number }> {
    const row = await pollUntil(async () => {
      const rows = await stage.sql(
        `select id, state, reason, attempts_made as attempts,
           extract(epoch from not_before - carillon_now())::float8 as "waitSeconds"
         from deliveries where notification_id = $1`,
        [notificationId],
      );
      return rows.find((one) => Object.entries(wanted).every(([name, value]) => one[name] === value));
    }, 45_000);
    return { id: String(row['id']), waitSeconds: Number(row['waitSeconds']) };
  }
});
