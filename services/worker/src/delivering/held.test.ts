import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, type Adapter, type Message } from '@carillon/channels';
import type { DeliveryId, UserId } from '@carillon/core';
import { insertContactPoint } from '@carillon/db';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { advanceDatabaseClock, silentLog } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import { createGate } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './runner.ts';

/** Held mails of one user, and a runner whose adapter writes down what it sends. */
describe('what was held', () => {
  let rows: DeliveryRows;
  let pointId: string;
  const sent: { id: DeliveryId; message: Message }[] = [];
  const renderPool = createRenderPool({ log: silentLog });

  beforeAll(async () => {
    rows = await makeDeliveryRows();
    const point = { organizationId: rows.organizationId, userId: rows.userId, kind: 'email' } as const;
    pointId = createNewId()();
    const id = pointId as Parameters<typeof insertContactPoint>[1]['id'];
    await insertContactPoint(rows.connected.db, { id, ...point, address: 'a@example.org', verified: true });
  });
  afterEach(async () => {
    sent.length = 0;
    await rows.sql('delete from deliveries');
    await rows.sql('delete from quiet_hours');
    await rows.sql('delete from preferences');
  });
  afterAll(async () => {
    await renderPool.stop();
    await rows.stop();
  });

  it('is told in one message at the end, when it is three or more', async () => {
    const ids = await hold(4);
    await release();
    await makeRunner().offer(ids);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.message.title).toBe('4 notifications while you were away');
    const carrier = ids.at(-1);
    expect(await states(ids)).toEqual([
      ...Array(3).fill(`digested digested ${carrier}`),
      `sent null ${carrier}`,
    ]);
  });

  it('is told in the language that the recipient chose', async () => {
    const ids = await hold(5);
    await rows.sql(`update users set locale = 'ru-RU' where id = $1`, [rows.userId]);
    await release();
    await makeRunner().offer(ids);
    await rows.sql('update users set locale = null where id = $1', [rows.userId]);
    expect(sent[0]?.message.title).toBe('5 уведомлений за время вашего отсутствия');
  });

  it('is gathered whole, even when only one of it was found due', async () => {
    const ids = await hold(3);
    await release();
    await makeRunner().offer(ids.slice(0, 1));
    expect(sent.map((one) => one.id)).toEqual([ids.at(-1)]);
  });

  it('goes one by one when it is two', async () => {
    const ids = await hold(2);
    await release();
    await makeRunner().offer(ids);
    expect(sent.map((one) => one.id).toSorted()).toEqual(ids.toSorted());
    expect(sent.every((one) => one.message.title === 'Row')).toBe(true);
  });

  it('is not sent before its time', async () => {
    const ids = await hold(3);
    await makeRunner().offer(ids);
    expect(sent).toEqual([]);
    expect(await states(ids)).toEqual(Array(3).fill('pending quiet_hours null'));
  });

  it('is cancelled when the recipient read it meanwhile', async () => {
    const ids = await hold(3);
    await rows.sql(
      `update notifications set read_at = carillon_now()
       where id = (select notification_id from deliveries where id = $1)`,
      [ids[0]],
    );
    await release();
    await makeRunner().offer(ids);
    expect(await states(ids)).toEqual([
      ...['cancelled notification_read null', 'sent null null', 'sent null null'],
    ]);
  });

  it('is held again when the window was moved, and dropped when the preference says so', async () => {
    const ids = await hold(3);
    await setWindow('00:00', '23:59');
    await release();
    await makeRunner().offer(ids);
    expect(await states(ids)).toEqual(Array(3).fill('pending quiet_hours null'));
    const [again] = await rows.sql('select min(not_before) > carillon_now() as later from deliveries');
    expect(again).toEqual({ later: true });
    await rows.sql(
      `insert into preferences (id, organization_id, user_id, mode) values ($1, $2, $3, 'drop')`,
      [createNewId()(), rows.organizationId, rows.userId],
    );
    await release();
    await makeRunner().offer(ids);
    expect(await states(ids)).toEqual(Array(3).fill('suppressed dropped_in_quiet_time null'));
    expect(sent).toEqual([]);
  });

  it('becomes one message only, when two workers find it due at once', async () => {
    const ids = await hold(40);
    await release();
    await Promise.all([makeRunner().offer(ids.slice(0, 25)), makeRunner().offer(ids.slice(15))]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.message.title).toBe('40 notifications while you were away');
  });

  it('still tells of the others when the item that carries the message was deleted before a retry', async () => {
    const ids = await hold(3);
    await release();
    const failing = makeRunner(() => ({ outcome: 'retry', reason: 'busy' }));
    await failing.offer(ids);
    const [carrier] = sent.map((one) => one.id);
    await rows.sql(
      `update notifications set deleted_at = carillon_now()
       where id = (select notification_id from deliveries where id = $1)`,
      [carrier],
    );
    await rows.sql('update deliveries set not_before = carillon_now() where id = $1', [carrier]);
    await makeRunner().offer(ids);
    expect(sent.map((one) => one.id)).toEqual([carrier, carrier]);
    expect(sent[1]?.message).toEqual(sent[0]?.message);
  });

  /** Mails that wait for seven in the morning, oldest first. */
  async function hold(count: number): Promise<DeliveryId[]> {
    const ids = await rows.deliver(count, 'email');
    await rows.sql(
      `update deliveries set reason = 'quiet_hours', contact_point_id = $1,
         not_before = carillon_now() + interval '1 hour' where id = any($2)`,
      [pointId, ids],
    );
    return ids;
  }

  async function release(): Promise<void> {
    await advanceDatabaseClock(rows.database, 3_601_000);
    await rows.sql(`update deliveries set not_before = carillon_now() where state = 'pending'`);
  }

  async function setWindow(start: string, end: string): Promise<void> {
    await rows.sql(
      'insert into quiet_hours (user_id, organization_id, window_start, window_end) values ($1, $2, $3, $4)',
      [rows.userId satisfies UserId, rows.organizationId, start, end],
    );
  }

  async function states(ids: readonly DeliveryId[]): Promise<string[]> {
    const found = await rows.sql(
      'select id, state, reason, digest_id from deliveries where id = any($1) order by id',
      [ids],
    );
    return found.map((row) => [row['state'], row['reason'] ?? 'null', row['digest_id'] ?? 'null'].join(' '));
  }

  function makeRunner(
    answer: () => Awaited<ReturnType<Adapter['send']>> = () => ({ outcome: 'sent' }),
  ): DeliveryRunner {
    const adapter: Adapter = {
      async send({ deliveryId, message }) {
        sent.push({ id: deliveryId, message });
        return answer();
      },
      stop: async () => undefined,
    };
    const deps = makeWorkerDeps({ db: rows.connected.db, renderPool, adapter });
    const shared = { gate: createGate(), recorder: createRecorder(deps) };
    return createDeliveryRunner(deps, { ...catalogue.email, slots: 50 }, shared);
  }
});
