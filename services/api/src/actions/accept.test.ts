import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, RecipientRef, TriggerDraft, UserId } from '@carillon/core';
import { connectDatabase, insertOrganization, upsertUser, type ConnectedDatabase } from '@carillon/db';
import { createProducer, type Producer } from '@carillon/queue';
import { createClock, createMetrics, createNewId } from '@carillon/runtime';
import {
  createTestDatabase,
  pollUntil,
  runSql,
  silentLog,
  startFaultProxy,
  testRedis,
  type FaultProxy,
  type TestDatabase,
} from '@carillon/testkit';
import { createAcceptor, type AcceptCall, type Acceptor } from './accept.ts';

const newId = createNewId();

describe('accepting', () => {
  let database: TestDatabase;
  let proxy: FaultProxy;
  let connected: ConnectedDatabase;
  let producer: Producer;
  let acceptor: Acceptor;
  let organizationId: OrganizationId;
  let recipient: UserId;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startFaultProxy({ port: Number(new URL(database.url).port) });
    connected = connectDatabase({ url: proxy.through(database.url), log: silentLog, poolMax: 4 });
    const { url: redisUrl, prefix } = testRedis('accept');
    producer = createProducer({ redisUrl, prefix, log: silentLog });
    organizationId = newId() as OrganizationId;
    await insertOrganization(connected.db, { id: organizationId, slug: 'a', name: 'A', paused: false });
    const fields = { externalId: 'known' };
    const { user } = await upsertUser(connected.db, { id: newId() as UserId, organizationId, fields });
    recipient = user.id;
    acceptor = createAcceptor({
      ...{ system: connected.db, newId, producer, log: silentLog, clock: createClock() },
      ...{ metrics: createMetrics({ service: 'api', version: 'test' }), fault: () => undefined },
    });
  });
  afterAll(async () => {
    await producer.stop();
    await connected.stop();
    await proxy.stop();
    await database.stop();
  });

  it('answers what was committed although a request beside it could not be written', async () => {
    // A disk that is full for one user's row only.
    await runSql(
      database.url,
      `create function refuse() returns trigger language plpgsql as $$ begin
         raise exception 'no room' using errcode = '53100'; end $$;
       create trigger full_disk before insert on users for each row when (new.external_id = 'no-room')
         execute function refuse()`,
    );
    const [plain, inline, other] = await Promise.allSettled([
      acceptor.accept(call([{ by: 'id', id: recipient }])),
      acceptor.accept(call([{ by: 'inline', user: { externalId: 'no-room', name: 'N' } }])),
      acceptor.accept(call([{ by: 'inline', user: { externalId: 'room', name: 'R' } }])),
    ]);
    expect(plain).toMatchObject({ status: 'fulfilled', value: { triggers: [{ outcome: 'accepted' }] } });
    expect(other).toMatchObject({ status: 'fulfilled', value: { triggers: [{ outcome: 'accepted' }] } });
    expect(inline).toMatchObject({ status: 'rejected', reason: { code: 'database.unavailable' } });
    expect(await rowsWith('plain')).toHaveLength(2);
  });

  it.each([{ keyed: true }, { keyed: false }])(
    'knows that rows are there when the connection broke after their commit (with a key: $keyed)',
    async ({ keyed }) => {
      const title = `commit ${keyed}`;
      await runSql(
        database.url,
        // Until the gate is open: a fixed time would be over before a busy machine has looked.
        `create table if not exists gate (is_open boolean not null);
         truncate gate;
         insert into gate values (false);
         create or replace function linger() returns trigger language plpgsql as $$ begin
           loop exit when (select is_open from gate); perform pg_sleep(0.01); end loop; return null; end $$;
         drop trigger if exists slow_commit on notifications;
         create constraint trigger slow_commit after insert on notifications deferrable initially deferred
           for each row execute function linger()`,
      );
      const accepting = acceptor.accept(call([{ by: 'id', id: recipient }], { title, keyed }));
      await pollUntil(async () => (await sleeping()) > 0);
      proxy.blackHole({ directions: ['to_client'] });
      await runSql(database.url, 'update gate set is_open = true');
      const committed = await pollUntil(async () => {
        const rows = await rowsWith(title);
        return rows.length > 0 ? rows : undefined;
      });
      proxy.reset();
      proxy.heal();
      const result = await accepting;
      expect(result).toMatchObject({
        replayed: false,
        triggers: [
          { outcome: 'accepted', notifications: [{ id: committed[0]?.['id'], recipientId: recipient }] },
        ],
      });
      expect(await rowsWith(title)).toEqual(committed);
    },
  );

  it('leaves no job for what is sent later', async () => {
    const left: string[] = [];
    const watching: Producer = {
      ...producer,
      enqueueDispatch: (lane, ids) => {
        left.push(...ids);
        return producer.enqueueDispatch(lane, ids);
      },
    };
    const watched = createAcceptor({
      ...{ system: connected.db, newId, producer: watching, log: silentLog, clock: createClock() },
      ...{ metrics: createMetrics({ service: 'api', version: 'test' }), fault: () => undefined },
    });
    const [draft] = call([{ by: 'id', id: recipient }]).drafts;
    if (draft === undefined) throw new Error('a call has a draft');
    const later = { ...draft, content: { ...draft.content, sendAt: new Date(Date.now() + 3_600_000) } };
    const { triggers } = await watched.accept({ ...call([]), drafts: [draft, later] });
    const ids = triggers.map((one) => (one.outcome === 'accepted' ? one.notifications[0]?.id : undefined));
    expect(left).toEqual([ids[0]]);
  });

  function call(to: RecipientRef[], { title = 'plain', keyed = false } = {}): AcceptCall {
    const draft: TriggerDraft = {
      ...{ to, pointers: to.map((_, index) => `/to/${index}`), strict: true },
      content: {
        ...{ title, body: '', category: 'general', data: {}, actions: [], targets: [], url: undefined },
        ...{ icon: undefined, senderId: undefined, environment: '', project: '', urgent: false },
        ...{ kinds: undefined, expiresAt: undefined },
      },
    };
    const key = { callerId: recipient, route: 'createNotification', key: newId(), bodyHash: 'hash' };
    return {
      ...{ id: newId(), organizationId, idempotency: keyed ? key : undefined, drafts: [draft] },
      ...{ requestId: newId(), traceparent: undefined },
    };
  }

  function rowsWith(title: string): Promise<Record<string, unknown>[]> {
    return runSql(database.url, 'select id, number from notifications where title = $1 order by id', [title]);
  }

  async function sleeping(): Promise<number> {
    const rows = await runSql(
      database.url,
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    return Number(rows[0]?.['n']);
  }
});
