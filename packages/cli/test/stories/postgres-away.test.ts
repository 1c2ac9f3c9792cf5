import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate } from '@carillon/db';
import {
  check,
  makeRunDir,
  noFindings,
  pollUntil,
  runLoad,
  silentLog,
  startWebhookReceiver,
  trackOpen,
  type LoadCall,
  type ServiceProcess,
  type WebhookReceiver,
} from '@carillon/testkit';
import { startPostgres, type LocalServer } from '../../src/index.ts';
import { callApi, notify, waitUntilSettled } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('PostgreSQL that ends connections, or all of itself', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let worker: ServiceProcess;
  let receiver: WebhookReceiver;
  let server: RestartingPostgres;

  beforeAll(async () => {
    [server, receiver] = await Promise.all([startRestartingPostgres(), startWebhookReceiver({ secret })]);
    await migrate({ url: server.url, log: silentLog });
    stage = await setStage({ database: server });
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    [api, worker] = await Promise.all([stage.startApi(), stage.startWorker()]);
  });
  afterAll(async () => {
    await stage.stop();
    await receiver.stop();
    await server.stop();
  });

  it('answers 2xx or 503 and loses nothing while all backends are terminated again and again', async () => {
    const calls: LoadCall[] = [];
    const load = runLoad({
      ...{ apis: () => [api.url], token: stage.admin.token, calls: 300, deadlineMs: 40_000 },
      recipients: (index) => [stage.people[index % stage.people.length]?.id ?? ''],
      onAnswer: (call) => calls.push(call),
    });
    for (let round = 0; round < 12; round += 1) {
      await stage.sql(`select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and application_name like 'carillon-%' and application_name <> 'carillon-story'`);
      // The next fault comes when work went on after this one, not after some time.
      await pollUntil(() => calls.length >= 20 * (round + 1), 45_000, 'answers between two faults');
    }
    await load;
    const tries = calls.flatMap((call) => call.tries);
    const others = tries.filter(({ status }) => status !== 202 && status !== 503);
    expect(others).toEqual([]);
    const bare = tries.filter(({ status, retryAfter }) => status === 503 && retryAfter === null);
    expect(bare).toEqual([]);
    expect(calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);

    const stored = await waitUntilSettled(stage);
    await pollUntil(() => receiver.arrivals.length >= stored.deliveries.length);
    const report = check({ calls, stored, arrivals: receiver.arrivals });
    expect(report.findings).toEqual(noFindings);
    expect(report.duplicateCount).toBe(0);
    expect(await stillRunning()).toEqual(['api', 'worker']);
  });

  it('says 503 while PostgreSQL is away and serves again by itself when it is back', async () => {
    await server.crash();
    const body = { to: [stage.people[0]?.id ?? ''], title: 'while away' };
    const away = await callApi(api, stage.admin, 'POST', '/v1/notifications', { body });
    expect({ status: away.status, code: away.body['code'] }).toEqual({
      ...{ status: 503, code: 'database.unavailable' },
    });
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    // Promised are 6 s on a machine of its own.
    expect(away.durationMs).toBeLessThan(18_000);
    const health = await Promise.all(
      ['/livez', '/readyz'].map((path) => callApi(api, undefined, 'GET', path)),
    );
    expect(health.map(({ status }) => status)).toEqual([200, 503]);

    await server.boot();
    await pollUntil(async () => {
      const answer = await callApi(api, stage.admin, 'POST', '/v1/notifications', { body });
      return answer.status === 202;
    }, 30_000);
    const [id = ''] = await notify(api, stage.admin, { to: body.to, title: 'when back' });
    const stored = await waitUntilSettled(stage);
    expect(stored.notifications.find((one) => one.id === id)?.placedSequence).not.toBeNull();
    expect(await stillRunning()).toEqual(['api', 'worker']);
  });

  async function stillRunning(): Promise<string[]> {
    const running: string[] = [];
    for (const [name, { ended }] of Object.entries({ api, worker })) {
      if ((await Promise.race([ended, Promise.resolve(undefined)])) === undefined) running.push(name);
    }
    return running;
  }
});

interface RestartingPostgres {
  url: string;
  /** As if the power was cut: no session is ended, nothing is written out. */
  crash(): Promise<void>;
  boot(): Promise<void>;
  stop(): Promise<void>;
}

/** Durable, because a crash of a server that does not write proves nothing. */
async function startRestartingPostgres(): Promise<RestartingPostgres> {
  const runDir = makeRunDir('crashing');
  const options = { dir: join(runDir, 'postgres'), durable: true };
  let server: LocalServer = await startPostgres(options);
  const { port, url } = server;
  const stop = async (): Promise<void> => {
    untrack();
    await server.stop();
    rmSync(runDir, { recursive: true, force: true });
  };
  const untrack = trackOpen('PostgreSQL that crashes', stop);
  return {
    url,
    async crash() {
      process.kill(server.pid, 'SIGQUIT');
      await server.ended;
    },
    async boot() {
      server = await startPostgres({ ...options, port });
    },
    stop,
  };
}
