import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  pollUntil,
  runLoad,
  startStreamClient,
  type ServiceProcess,
  type StreamClient,
} from '@carillon/testkit';
import { callApi, expectCopyOfDatabase, notify, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('streams of one inbox over two API instances', () => {
  let stage: Stage;
  let apis: ServiceProcess[];
  let ada: Person;
  const clients: StreamClient[] = [];

  beforeAll(async () => {
    stage = await setStage({ people: 1 });
    ada = stage.people[0] ?? stage.admin;
    apis = await Promise.all([stage.startApi(), stage.startApi()]);
    await stage.startWorker();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.stop()));
    await stage.stop();
  });

  it('makes every copy the database, though connections are cut at random moments', async () => {
    const urls = apis.map(({ url }) => url);
    for (const transport of ['websocket', 'sse', 'websocket', 'sse'] as const) {
      clients.push(await startStreamClient({ apis: urls, token: ada.token, transport }));
      urls.reverse();
    }
    let answered = 0;
    const load = runLoad({
      ...{ apis: () => urls, token: stage.admin.token, calls: 250, clients: 4, deadlineMs: 30_000 },
      recipients: () => [ada.id],
      body: () => ({ channels: ['inbox'] }),
      onAnswer: () => {
        answered += 1;
        if (answered % 7 === 0) clients[answered % clients.length]?.cut();
      },
    });
    const reading = changeAtRandom(60);
    await Promise.all([load, reading]);
    await waitUntilSettled(stage);
    for (const client of clients) await expectCopyOfDatabase(stage, client, ada);
    expect(clients.reduce((sum, client) => sum + client.ends.length, 0)).toBeGreaterThanOrEqual(30);
    const resyncs = clients.flatMap(({ frames }) => frames.filter((frame) => frame.type === 'resync'));
    expect(resyncs.filter((frame) => frame.reason !== 'many_changes')).toEqual([]);
  });

  it('starts afresh after more changes than a frame holds, and ends with the same copy', async () => {
    const answer = await callApi(apis[0] ?? { url: '' }, ada, 'POST', '/v1/inbox/read-all', { body: {} });
    expect(answer.status).toBe(200);
    for (const client of clients) await expectCopyOfDatabase(stage, client, ada);
    expect([...(clients[0]?.copy.items.values() ?? [])].every((item) => item.read_at !== null)).toBe(true);
  });

  it('moves to the other instance when one is killed, and misses nothing', async () => {
    const [doomed, other] = apis;
    await doomed?.kill();
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      const made = await notify(other ?? { url: '' }, stage.admin, { to: [ada.id], channels: ['inbox'] });
      ids.push(...made);
    }
    for (const client of clients) {
      await client.waitFor(({ copy }) => ids.every((id) => copy.items.has(id)), 45_000);
      await expectCopyOfDatabase(stage, client, ada);
    }
  });

  it('is ended within a heartbeat when its token is revoked, and may not come back', async () => {
    await stage.sql('update access_tokens set revoked_at = carillon_now() where id = $1', [ada.tokenId]);
    // A beat is 10 s, the memory of credentials 3 s; three times that means "never".
    for (const client of clients) {
      const before = client.ends.length;
      await client.waitFor(({ ends }) => ends.slice(before).some(({ code }) => code === 401), 39_000);
      const error = client.frames.findLast((frame) => frame.type === 'error');
      expect(error).toMatchObject({ code: 'auth.revoked' });
    }
    expect(clients.some(({ ends }) => ends.some(({ code }) => code === 1008))).toBe(true);
  });

  /** Reads, archives and deletes what is there, while more comes. */
  async function changeAtRandom(count: number): Promise<void> {
    const api = apis[0] ?? { url: '' };
    for (let index = 0; index < count; index += 1) {
      const rows = await pollUntil(async () => {
        const found = await stage.sql(
          `select id from notifications where recipient_id = $1 and inbox_at is not null and deleted_at is null
             and archived_at is null order by random() limit 1`,
          [ada.id],
        );
        return found.length > 0 ? found : undefined;
      });
      const path = `/v1/inbox/${String(rows[0]?.['id'])}`;
      const [method, end] = (
        [
          ['PUT', '/read'],
          ['PUT', '/archived'],
          ['DELETE', ''],
          ['PUT', '/seen'],
        ] as const
      )[index % 4] ?? ['PUT', '/read'];
      const { status } = await callApi(api, ada, method, path + end);
      expect(status).toBe(200);
    }
  }
});
