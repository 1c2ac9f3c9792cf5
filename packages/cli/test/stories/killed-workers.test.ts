import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { catalogue } from '@carillon/channels/catalogue';
import type { ChannelId } from '@carillon/core';
import { setPaused } from '@carillon/db';
import {
  advanceDatabaseClock,
  check,
  noFindings,
  pollUntil,
  runLoad,
  startWebhookReceiver,
  type LoadCall,
  type Report,
  type ServiceProcess,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, waitUntilSettled } from './calls.ts';
import { redisCommand } from './redis-command.ts';
import { setStage, type Stage } from './stage.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
/** Longer than a lease with the settings that a new installation has. */
const pastLeasesMs = 21_000;

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('workers that are killed with -9', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let receiver: WebhookReceiver;
  let channelId: ChannelId;
  const calls: LoadCall[] = [];

  beforeAll(async () => {
    [stage, receiver] = await Promise.all([setStage(), startWebhookReceiver({ secret })]);
    channelId = await stage.addChannel('webhook', { url: receiver.url }, { secret });
    api = await stage.startApi();
  });
  afterAll(async () => {
    await stage.stop();
    await receiver.stop();
  });

  it('loses nothing and doubles nothing when they die before a send', async () => {
    await killAt(['worker.after-render', 'inbox.after-commit-before-publish']);
    const report = await finish(await stage.startWorker());
    expect(report.duplicateCount).toBe(0);
    expect(receiver.arrivals.every((one) => one.verified)).toBe(true);
  });

  it('loses nothing and doubles nothing when one dies with claims in its hands', async () => {
    // All that the victim finds is to be claimed: nothing that it dispatched may be on its way when it dies.
    await tellChannel('pause');
    const dispatching = await stage.startWorker();
    await load(40);
    await pollUntil(async () => (await countRows('notifications where dispatched_at is null')) === 0, 45_000);
    await dispatching.stop();
    await tellChannel('resume');
    await expectFault(
      await stage.startWorker({ CARILLON_FAULT: 'worker.after-claim@1' }),
      'worker.after-claim',
    );
    expect(await countRows(`deliveries where state = 'sending'`)).toBeGreaterThanOrEqual(1);
    await advanceDatabaseClock(stage.database, pastLeasesMs);
    const report = await finish(await stage.startWorker());
    expect(report.duplicateCount).toBe(0);
  });

  it('loses nothing and doubles at most what was in flight, once for each death after a send', async () => {
    // It dies at its first answer: what it has begun is what one endpoint has room for.
    const first = await killAt(['worker.sent-before-record']);
    expect(first).toBeLessThanOrEqual(catalogue.webhook.slots / 4);
    const second = await killAt(['worker.recorded-before-ack']);
    expect(second).toBeLessThanOrEqual(catalogue.webhook.slots);
    const report = await finish(await stage.startWorker());
    expect(report.duplicateCount).toBeLessThanOrEqual(first + second);
    // The one that had just been sent when the first worker died is known to have been doubled.
    expect(report.duplicateCount).toBeGreaterThanOrEqual(1);
    const crashed = await stage.sql(`select distinct delivery_id from attempts where outcome = 'crashed'`);
    const ids = new Set(crashed.map((row) => row['delivery_id']));
    expect([...report.duplicates.keys()].filter((id) => !ids.has(id))).toEqual([]);
    const deaths = 2;
    expect([...report.duplicates.values()].filter((more) => more > deaths)).toEqual([]);
  });

  it('loses nothing when one dies with a page of overdue notifications in its hands', async () => {
    await stage.withDatabase((db) => setPaused(db, stage.organizationId, true));
    await load(40);
    await redisCommand(stage.redisUrl, 'FLUSHALL');
    await stage.withDatabase((db) => setPaused(db, stage.organizationId, false));
    const before = receiver.arrivals.length;
    const victim = await stage.startWorker({ CARILLON_FAULT: 'reconciler.mid-batch@1' });
    await expectFault(victim, 'reconciler.mid-batch');
    // What it had claimed comes up again fifteen seconds later.
    await advanceDatabaseClock(stage.database, 16_000);
    await finish(await stage.startWorker());
    expect(receiver.arrivals.length - before).toBe(80);
  });

  it('takes no late word of one that slept past its lease', async () => {
    receiver.answerWith({ type: 'never' });
    const before = receiver.arrivals.length;
    const sleeper = await stage.startWorker({ CARILLON_DISPATCH_TIMEOUT_MS: '1900' });
    const [made] = await loadOf(1, () => [stage.people[0]?.id ?? '']);
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 1, 45_000);
    sleeper.signal('SIGSTOP');
    await advanceDatabaseClock(stage.database, pastLeasesMs);
    const other = await stage.startWorker({
      ...{ CARILLON_LEASE_MS: '60000', CARILLON_DISPATCH_TIMEOUT_MS: '50000', CARILLON_DRAIN_MS: '0' },
    });
    await receiver.waitFor(({ arrivals }) => arrivals.length === before + 2, 45_000);
    sleeper.signal('SIGCONT');
    const late = await sleeper.waitForLine('delivery.lease_lost', 45_000);
    const id = receiver.arrivals[before]?.id ?? '';
    expect(late).toMatchObject({ deliveryId: id });
    const [row] = await stage.sql('select state, crashes from deliveries where id = $1', [id]);
    expect(row).toEqual({ state: 'sending', crashes: 1 });
    receiver.answerWith({ type: 'status', status: 204 });
    await Promise.all([sleeper.stop(), other.stop()]);
    // The wait after a second try is five minutes, give or take a tenth.
    await advanceDatabaseClock(stage.database, 331_000);
    await finish(await stage.startWorker());
    expect(made?.outcome).toBe('ok');
  });

  /** Only the doomed run until each has died. Answers how many sends had begun and were not recorded; their leases are over. */
  async function killAt(points: readonly string[]): Promise<number> {
    const victims = await Promise.all(
      points.map((point) => stage.startWorker({ CARILLON_FAULT: `${point}@1` })),
    );
    await load(100);
    await Promise.all(victims.map((victim, index) => expectFault(victim, points[index] ?? '')));
    const inFlight = await countRows(`deliveries where state = 'sending' and attempt_started_at is not null`);
    await advanceDatabaseClock(stage.database, pastLeasesMs);
    return inFlight;
  }

  async function tellChannel(verb: 'pause' | 'resume'): Promise<void> {
    const { status } = await callApi(api, stage.admin, 'POST', `/v1/channels/${channelId}/${verb}`);
    expect(status).toBe(200);
  }

  async function countRows(what: string): Promise<number> {
    const [row] = await stage.sql(`select count(*)::int as count from ${what}`);
    return Number(row?.['count']);
  }

  async function expectFault(victim: ServiceProcess, point: string): Promise<void> {
    await victim.waitForLine((line) => line['text'] === `fault ${point}`, 45_000);
    expect(await victim.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
  }

  async function load(count: number): Promise<void> {
    const [first, second, third] = stage.people;
    const all = [first?.id ?? '', second?.id ?? '', third?.id ?? ''];
    await loadOf(count, (index) => [all[index % 3] ?? '', all[(index + 1) % 3] ?? '']);
  }

  async function loadOf(
    count: number,
    recipients: (index: number) => readonly string[],
  ): Promise<LoadCall[]> {
    const made = await runLoad({
      ...{ apis: () => [api.url], token: stage.admin.token, calls: count, deadlineMs: 30_000 },
      recipients,
    });
    expect(made.every((call) => call.outcome === 'ok')).toBe(true);
    calls.push(...made);
    return made;
  }

  async function finish(survivor: ServiceProcess): Promise<Report> {
    const stored = await waitUntilSettled(stage, 60_000);
    // The last answers may still be on their way when the database has them all.
    await pollUntil(() => receiver.arrivals.length >= stored.deliveries.length);
    await survivor.stop();
    const report = check({ calls, stored, arrivals: receiver.arrivals });
    expect(report.findings).toEqual(noFindings);
    expect(stored.notifications).toHaveLength(calls.reduce((sum, call) => sum + call.recipients.length, 0));
    expect(stored.notifications.every((one) => one.placedSequence !== null)).toBe(true);
    expect(stored.deliveries.every((one) => one.state === 'sent')).toBe(true);
    return report;
  }
});
