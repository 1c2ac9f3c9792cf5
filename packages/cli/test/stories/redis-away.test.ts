import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  check,
  noFindings,
  pollUntil,
  runLoad,
  startStreamClient,
  startWebhookReceiver,
  type LoadCall,
  type ServiceProcess,
  type StreamClient,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, waitUntilSettled } from './calls.ts';
import { redisCommand } from './redis-command.ts';
import { setStage, type Stage } from './stage.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('Redis that forgets, goes away, or says nothing', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let receiver: WebhookReceiver;
  let client: StreamClient;
  const calls: LoadCall[] = [];

  beforeAll(async () => {
    [stage, receiver] = await Promise.all([setStage({ proxied: true }), startWebhookReceiver({ secret })]);
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    [api] = await Promise.all([stage.startApi(), stage.startWorker()]);
    const { token } = someone();
    client = await startStreamClient({ apis: [api.url], token, transport: 'websocket' });
  });
  afterAll(async () => {
    await client.stop();
    await stage.stop();
    await receiver.stop();
  });

  it('delivers everything once when Redis is emptied three times under load', async () => {
    let answered = 0;
    const flushes: Promise<string>[] = [];
    await load(150, () => {
      answered += 1;
      if ([40, 80, 120].includes(answered)) flushes.push(redisCommand(stage.redisUrl, 'FLUSHALL'));
    });
    expect(await Promise.all(flushes)).toEqual(['+OK', '+OK', '+OK']);
    await expectEverythingOnce();
    await expectCopyOfDatabase(stage, client, someone());
  });

  it('accepts, delivers and tells open sockets while Redis is away', async () => {
    stage.redisProxy.cut();
    await pollUntil(() => stage.redisProxy.connections() === 0);
    const startedMs = performance.now();
    const made = await load(100);
    expect(made.flatMap((call) => call.tries.map(({ status }) => status))).toEqual(made.map(() => 202));
    await expectEverythingOnce();
    const deliveredMs = performance.now() - startedMs;
    await expectCopyOfDatabase(stage, client, someone());
    expect(stage.redisProxy.connections()).toBe(0);
    // Promised are 15 s on a machine of its own; three times that means "never".
    expect(deliveredMs).toBeLessThan(45_000);
    expect(await readiness(api)).toMatchObject({ status: 'ready', degraded: ['redis'] });
  });

  it('uses Redis again by itself when it is back', async () => {
    stage.redisProxy.heal();
    await pollUntil(async () => {
      await notify(api, stage.admin, { to: [someone().id], channels: ['inbox'] });
      const { degraded } = await readiness(api);
      return Array.isArray(degraded) && degraded.length === 0;
    }, 45_000);
    await waitUntilSettled(stage);
    await expectCopyOfDatabase(stage, client, someone());
  });

  it('keeps no caller waiting while Redis is silent', async () => {
    stage.redisProxy.blackHole();
    const durations: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const body = { to: [someone().id], title: `silent ${index}`, channels: ['inbox'] };
      const answer = await callApi(api, stage.admin, 'POST', '/v1/notifications', { body });
      expect(answer.status).toBe(202);
      durations.push(answer.durationMs);
    }
    // Half a second at most is Redis' share; the rest is a busy machine's.
    expect(Math.max(...durations)).toBeLessThan(2_000);
    await waitUntilSettled(stage);
    await expectCopyOfDatabase(stage, client, someone());
    stage.redisProxy.heal();
  });

  function someone() {
    const [first] = stage.people;
    if (first === undefined) throw new Error('the stage is empty');
    return first;
  }

  async function load(count: number, onAnswer: () => void = () => undefined): Promise<LoadCall[]> {
    const ids = stage.people.map(({ id }) => id);
    const made = await runLoad({
      ...{ apis: () => [api.url], token: stage.admin.token, calls: count, deadlineMs: 30_000 },
      recipients: (index) => [ids[index % ids.length] ?? ''],
      onAnswer,
    });
    calls.push(...made);
    return made;
  }

  async function expectEverythingOnce(): Promise<void> {
    const stored = await waitUntilSettled(stage);
    await pollUntil(() => receiver.arrivals.length >= stored.deliveries.length);
    const report = check({ calls, stored, arrivals: receiver.arrivals });
    expect(report.findings).toEqual(noFindings);
    expect(report.duplicateCount).toBe(0);
    expect(stored.deliveries).toHaveLength(calls.length);
  }

  async function readiness({ url }: ServiceProcess): Promise<Record<string, unknown>> {
    const { body } = await callApi({ url }, undefined, 'GET', '/readyz');
    return body;
  }
});
