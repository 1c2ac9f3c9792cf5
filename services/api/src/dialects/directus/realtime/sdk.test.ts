import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteNotification, updateNotifications } from '@directus/sdk';
import { createLog, loadConfig } from '@carillon/runtime';
import { pollUntil, startFaultProxy, testRedisUrl, type FaultProxy } from '@carillon/testkit';
import { startApi } from '../../../start.ts';
import { connectSdk, setRealtimeStage, type RealtimeStage } from '../../../../test/realtime-stage.ts';
import { startTestApi, type Actor, type TestApi } from '../../../../test/test-api.ts';

/** Tests look into messages freely. */
type Json = ReturnType<typeof JSON.parse>;

let stage: RealtimeStage;
/** Another instance on the same database. */
let second: TestApi;
const running: (() => void)[] = [];

beforeAll(async () => {
  stage = await setRealtimeStage();
  second = await startTestApi({ DATABASE_URL: stage.api.databaseUrl });
});
afterAll(async () => {
  for (const disconnect of running) disconnect();
  await second.stop();
  await stage.stop();
});

interface Watching {
  told: Json[];
  /** The first `count` messages; throws when they do not come. */
  first(count: number): Promise<Json[]>;
  sdk: ReturnType<typeof connectSdk>;
  unsubscribe(): void;
}

/** By the SDK's iterator, or by its listener: the iterator ends with the first attempt to come back that fails. */
async function watch(
  as: Actor,
  options: Json = {},
  url = stage.api.url,
  by: 'iterator' | 'listener' = 'iterator',
): Promise<Watching> {
  const sdk = connectSdk(url, as);
  running.push(() => sdk.disconnect());
  await sdk.connect();
  const { subscription, unsubscribe } = await sdk.subscribe('directus_notifications' as never, options);
  const told: Json[] = [];
  if (by === 'listener') sdk.onWebSocket('message', (message) => void told.push(message));
  else
    void (async () => {
      for await (const message of subscription) told.push(message);
    })().catch((error: unknown) => told.push({ failed: error }));
  const first: Watching['first'] = async (count) => {
    const what = () => `${count} messages, there were ${JSON.stringify(told).slice(0, 2_000)}`;
    await pollUntil(() => told.length >= count, 20_000, what());
    return told.slice(0, count);
  };
  await first(1);
  return { told, first, sdk, unsubscribe };
}

const subjects = (messages: readonly Json[]) =>
  messages.flatMap(({ data }) => (Array.isArray(data) ? data.map((row: Json) => row.subject) : []));

describe("the realtime client of Directus' SDK", () => {
  it('gets what there is, then what is created, changed and deleted', async () => {
    const { member, admin, create, accept, placeWaiting } = stage;
    const [before] = await create(member, ['Before']);
    const watching = await watch(member, { query: { fields: ['id', 'subject'] } });
    expect(watching.told[0]).toMatchObject({
      ...{ type: 'subscription', event: 'init' },
      data: expect.arrayContaining([{ id: before, subject: 'Before' }]),
    });
    const id = await accept(member, 'After');
    await placeWaiting(member, id);
    const sdk = connectSdk(stage.api.url, admin);
    await watching.first(2);
    await sdk.request(updateNotifications([id, before] as never, { subject: 'Changed' }));
    await watching.first(3);
    await sdk.request(deleteNotification(id as never));
    const [, created, updated, deleted] = await watching.first(4);
    expect(created).toMatchObject({ event: 'create', data: [{ id, subject: 'After' }] });
    expect(updated.event).toBe('update');
    expect(updated.data.toSorted((a: Json, b: Json) => a.id - b.id)).toEqual([
      { id: before, subject: 'Changed' },
      { id, subject: 'Changed' },
    ]);
    expect(deleted).toMatchObject({ event: 'delete', data: [String(id)] });
  });

  it('as a member hears of the own rows only, as an admin of everybody in the organization and of nobody else', async () => {
    const { admin, member, other, stranger, create, writer } = stage;
    const query = { query: { fields: ['subject', 'recipient'], limit: 1 } };
    const [own, all, elsewhere] = [
      await watch(member, query),
      await watch(admin, query),
      await watch(stranger, query),
    ];
    await create(other, ['For the other']);
    await writer.place(stranger, { title: 'For the stranger' });
    await create(member, ['For the member']);
    expect((await own.first(2))[1]?.data).toEqual([{ subject: 'For the member', recipient: member.id }]);
    expect(subjects((await all.first(3)).slice(1))).toEqual(['For the other', 'For the member']);
    expect(subjects((await elsewhere.first(2)).slice(1))).toEqual(['For the stranger']);
    expect([own, all, elsewhere].map(({ told }) => told.length)).toEqual([2, 3, 2]);
  });

  it('hears only of what its filter lets through', async () => {
    const { member, admin, create } = stage;
    const filter = { subject: { _starts_with: 'Build' } };
    const watching = await watch(member, { query: { fields: ['id', 'subject'], filter, sort: ['-id'] } });
    const [no, yes] = await create(member, ['Deploy ok', 'Build ok']);
    const sdk = connectSdk(stage.api.url, admin);
    await sdk.request(updateNotifications([no, yes] as never, { item: '7' }));
    const [, created, updated] = await watching.first(3);
    expect([created.data, updated.data]).toEqual([
      [{ id: yes, subject: 'Build ok' }],
      [{ id: yes, subject: 'Build ok' }],
    ]);
    expect(watching.told).toHaveLength(3);
  });

  it('hears of what another instance did', async () => {
    const { member, admin, create } = stage;
    const query = { query: { fields: ['id', 'subject', 'status'], limit: 1 } };
    const watchings = [await watch(member, query, second.url), await watch(admin, query, second.url)];
    const [id] = await create(member, ['Over there']);
    const sdk = connectSdk(stage.api.url, member);
    await Promise.all(watchings.map((one) => one.first(2)));
    await sdk.request(updateNotifications([id] as never, { status: 'archived' }));
    for (const one of watchings) {
      const [, created, updated] = await one.first(3);
      expect([created.event, created.data]).toEqual([
        'create',
        [{ id, subject: 'Over there', status: 'inbox' }],
      ]);
      expect([updated.event, updated.data]).toEqual([
        'update',
        [{ id, subject: 'Over there', status: 'archived' }],
      ]);
    }
  });

  it('loses none of 200 rows that come at once and hears of none twice', async () => {
    const { admin, member, other, writer } = stage;
    const query = { query: { fields: ['subject'], limit: 1 } };
    const watchings = [await watch(member, query), await watch(admin, query, second.url)];
    const sent = Array.from({ length: 200 }, (_, index) => `Burst ${index}`);
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (const [index, title] of sent.entries())
        if (index % 8 === lane) await writer.place(member, { title });
    });
    await Promise.all([...lanes, writer.place(other, { title: 'Not counted by the member' })]);
    const told = watchings.map(
      ({ told: all }) =>
        () =>
          subjects(all).filter((one) => one.startsWith('Burst')),
    );
    for (const burst of told) {
      await pollUntil(() => burst().length >= 200, 30_000, 'the burst');
    }
    // What comes after it shows that nothing of it comes again.
    await writer.place(member, { title: 'The end' });
    for (const [index, { told: all }] of watchings.entries()) {
      await pollUntil(() => subjects(all).includes('The end'), 20_000, 'the end');
      const burst = told[index]?.() ?? [];
      expect(burst).toHaveLength(200);
      expect(new Set(burst)).toEqual(new Set(sent));
    }
  });

  it('hears nothing more of what it left', async () => {
    const { member, create } = stage;
    const left = await watch(member, { query: { limit: 1 } });
    const stays = await watch(member, { query: { limit: 1 } });
    left.unsubscribe();
    const gone = new Promise((resolve) => {
      left.sdk.onWebSocket('message', (message: Json) => {
        if (message.event === 'unsubscribe') resolve(true);
      });
    });
    await gone;
    await create(member, ['Unheard']);
    await stays.first(2);
    expect(left.told.map((message) => message.event)).toEqual(['init', 'unsubscribe']);
  });
});

describe('a server that starts again', () => {
  let proxy: FaultProxy;
  let stop: () => Promise<void> = async () => undefined;
  afterAll(async () => {
    for (const disconnect of running.splice(0)) disconnect();
    await stop();
    await proxy.stop();
  });

  it('has its clients back, who are told what they missed and then go on', async () => {
    const { member, admin, create, accept } = stage;
    const target = { port: await start() };
    proxy = await startFaultProxy(target);
    const url = `http://127.0.0.1:${proxy.port}`;
    const query = { query: { fields: ['subject'], sort: ['-id'], limit: 3 } };
    const watchings = [
      await watch(member, query, url, 'listener'),
      await watch(admin, query, url, 'listener'),
    ];
    const heard = async (title: string) => {
      for (const { told } of watchings)
        await pollUntil(() => subjects(told).includes(title), 40_000, `${title}: ${JSON.stringify(told)}`);
    };
    await create(member, ['Earlier']);
    await heard('Earlier');
    await stop();
    const triedBefore = proxy.accepts();
    proxy.cut();
    await create(member, ['Meanwhile']);
    await pollUntil(() => proxy.accepts() > triedBefore, 20_000, 'an attempt in vain');
    target.port = await start();
    proxy.heal();
    await heard('Meanwhile');
    await accept(member, 'Not placed');
    await create(member, ['Later']);
    await heard('Later');
    for (const { told } of watchings) {
      const created = subjects(told.filter((one) => one.event === 'create'));
      expect(created).toEqual(['Earlier', 'Later']);
    }
  }, 90_000);

  /** Answers the port. */
  async function start(): Promise<number> {
    const settings = {
      ...{ DATABASE_URL: stage.api.databaseUrl, REDIS_URL: testRedisUrl() },
      ...{ CARILLON_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') },
      CARILLON_PUBLIC_URL: 'http://127.0.0.1:8080',
    };
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ service: 'api', version: 'test', level: 'info', destination });
    const api = await startApi({ ...loadConfig(settings), port: 0 }, log, settings);
    stop = async () => {
      stop = async () => undefined;
      await api.stop({ reason: 'signal', withinMs: 10_000 });
    };
    return lines.map((line) => JSON.parse(line)).find((line) => line.event === 'api.listening').port;
  }
});
