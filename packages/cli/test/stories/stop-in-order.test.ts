import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  check,
  noFindings,
  pollUntil,
  runLoad,
  startWebhookReceiver,
  type LoadCall,
  type ServiceProcess,
  type WebhookReceiver,
} from '@carillon/testkit';
import { notify, waitUntilSettled } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

describe('services that are told to stop', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    [stage, receiver] = await Promise.all([setStage({ proxied: true }), startWebhookReceiver({ secret })]);
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    api = await stage.startApi();
  });
  afterAll(async () => {
    await stage.stop();
    await receiver.stop();
  });

  it('lets workers be replaced one after the other without a loss and without a duplicate', async () => {
    const calls: LoadCall[] = [];
    let worker = await stage.startWorker();
    const load = runLoad({
      ...{ apis: () => [api.url], token: stage.admin.token, calls: 240, clients: 4, deadlineMs: 60_000 },
      recipients: (index) => [stage.people[index % stage.people.length]?.id ?? ''],
      onAnswer: (call) => calls.push(call),
    });
    for (const answered of [60, 140]) {
      await pollUntil(() => calls.length >= answered, 60_000);
      const next = await stage.startWorker();
      worker.signal('SIGTERM');
      expect(await worker.ended).toEqual({ exitCode: 0, signal: null });
      worker = next;
    }
    await load;
    const stored = await waitUntilSettled(stage);
    await pollUntil(() => receiver.arrivals.length >= stored.deliveries.length);
    const report = check({ calls, stored, arrivals: receiver.arrivals });
    expect(report.findings).toEqual(noFindings);
    expect(report.duplicateCount).toBe(0);
    expect(stored.deliveries).toHaveLength(240);
    await worker.stop();
  });

  it('hands back at once what a receiver held up, so that another worker goes on', async () => {
    receiver.answerWith({ type: 'never' });
    const before = receiver.arrivals.length;
    const slow = await stage.startWorker({ CARILLON_DRAIN_MS: '500' });
    await notify(api, stage.admin, { to: [stage.people[0]?.id ?? ''] });
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 1, 45_000);
    slow.signal('SIGTERM');
    expect(await slow.ended).toEqual({ exitCode: 0, signal: null });
    const leased = await stage.sql(`select count(*)::int as n from deliveries where state = 'sending'`);
    expect(leased).toEqual([{ n: 0 }]);
    receiver.answerWith({ type: 'status', status: 204 });
    const other = await stage.startWorker();
    await waitUntilSettled(stage);
    const [first, second] = receiver.arrivals.slice(before);
    expect(second?.id).toBe(first?.id);
    await other.stop();
  });

  it('ends by its own deadline with Redis away', async () => {
    const worker = await stage.startWorker();
    stage.redisProxy.cut();
    await Promise.all([worker, api].map((one) => one.waitForLine('redis.connection_lost', 30_000)));
    // The API asks its subscription every five seconds whether it is there: one such question must be open.
    const lostMs = performance.now();
    await pollUntil(() => performance.now() - lostMs > 6_000);
    const startedMs = performance.now();
    for (const service of [worker, api]) service.signal('SIGTERM');
    const ends = await Promise.all([worker.ended, api.ended]);
    expect(ends).toEqual([
      { exitCode: 0, signal: null },
      { exitCode: 0, signal: null },
    ]);
    expect(performance.now() - startedMs).toBeLessThan(26_000);
  });
});
