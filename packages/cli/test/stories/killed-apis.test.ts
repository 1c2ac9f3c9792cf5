import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { check, noFindings, runLoad, type ServiceProcess } from '@carillon/testkit';
import { callApi, waitUntilSettled } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('API instances that are killed with -9', () => {
  let stage: Stage;
  let healthy: ServiceProcess;

  beforeAll(async () => {
    stage = await setStage();
    [healthy] = await Promise.all([stage.startApi(), stage.startWorker()]);
  });
  afterAll(() => stage.stop());

  it('loses nothing and accepts nothing twice when callers repeat with the same key', async () => {
    const points = ['api.before-tx', 'api.after-commit-before-reply'];
    const victims = await Promise.all(
      points.map((point) => stage.startApi({ CARILLON_FAULT: `${point}@5` })),
    );
    const ids = stage.people.map(({ id }) => id);
    const calls = await runLoad({
      apis: () => [healthy, ...victims].map(({ url }) => url),
      ...{ token: stage.admin.token, calls: 200, deadlineMs: 30_000 },
      recipients: (index) => [ids[index % ids.length] ?? ''],
    });
    for (const [index, victim] of victims.entries()) {
      await victim.waitForLine((line) => line['text'] === `fault ${points[index]}`, 15_000);
      expect(await victim.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    }
    expect(calls.filter((call) => call.outcome !== 'ok')).toEqual([]);
    expect(calls.some((call) => call.tries.length > 1)).toBe(true);
    const stored = await waitUntilSettled(stage);
    expect(check({ calls, stored }).findings).toEqual(noFindings);
    expect(stored.notifications).toHaveLength(200);
  });

  it('leaves neither the user nor the notification of a call that died before its commit', async () => {
    const victim = await stage.startApi({ CARILLON_FAULT: 'api.in-tx@1' });
    const call = {
      body: { to: [{ external_id: 'inline-1', name: 'New here' }], title: 'Welcome' },
      headers: { 'idempotency-key': 'welcome-1' },
    };
    await expect(callApi(victim, stage.admin, 'POST', '/v1/notifications', call)).rejects.toThrow(
      'fetch failed',
    );
    await victim.waitForLine((line) => line['text'] === 'fault api.in-tx', 15_000);
    const made = `select (select count(*)::int from users where external_id = 'inline-1') as users,
      (select count(*)::int from notifications where title = 'Welcome') as notifications,
      (select count(*)::int from idempotency_keys where key = 'welcome-1') as keys`;
    expect(await stage.sql(made)).toEqual([{ users: 0, notifications: 0, keys: 0 }]);

    const again = await callApi(healthy, stage.admin, 'POST', '/v1/notifications', call);
    const third = await callApi(healthy, stage.admin, 'POST', '/v1/notifications', call);
    expect([again.status, third.status, third.body]).toEqual([202, 202, again.body]);
    expect(third.headers.get('idempotency-replayed')).toBe('true');
    expect(await stage.sql(made)).toEqual([{ users: 1, notifications: 1, keys: 1 }]);
  });
});
