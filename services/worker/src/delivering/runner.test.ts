import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, type Adapter, type SendResult } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';
import { claimDeliveries, startAttempts } from '@carillon/db';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { pollUntil, silentLog } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import type { BegunDelivery } from './begun.ts';
import { createGate } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './runner.ts';
import { firstMessage } from './send.ts';

/** The other side: it answers when the test says what. */
interface Target {
  adapter: Adapter;
  asked: DeliveryId[];
  answer(id: DeliveryId, result: SendResult): void;
}

describe('the runner of one kind', () => {
  let rows: DeliveryRows;
  beforeAll(async () => {
    rows = await makeDeliveryRows();
  });
  afterAll(() => rows.stop());

  it('sends each delivery once though it is offered three times', async () => {
    const { runner, target } = makeRunner({});
    const [id] = await one();
    const offers = [runner.offer([id]), runner.offer([id]), runner.offer([id])];
    await pollUntil(() => target.asked.length > 0);
    target.answer(id, { outcome: 'sent' });
    await Promise.all(offers);
    await runner.offer([id]);
    expect(target.asked).toEqual([id]);
    expect(await rows.states([id])).toEqual([{ state: 'sent', reason: null, attempts: 1, crashes: 0 }]);
    await runner.stop(1_000);
  });

  it('never has more under way than it has slots, and gives each back by itself', async () => {
    const { runner, target } = makeRunner({ slots: 2 });
    const ids = await rows.deliver(5);
    const offered = runner.offer(ids);
    for (let sent = 0; sent < ids.length; sent += 1) {
      await pollUntil(() => target.asked.length === Math.min(sent + 2, ids.length));
      target.answer(target.asked[sent] ?? ids[0] ?? ('' as DeliveryId), { outcome: 'sent' });
    }
    await offered;
    expect(runner.capacity()).toBe(2);
    await runner.stop(1_000);
  });

  it('goes on with the others when the outcome of one cannot be stored', async () => {
    const { runner, target } = makeRunner({ slots: 3 });
    const ids = (await rows.deliver(3)) as [DeliveryId, DeliveryId, DeliveryId];
    const offered = runner.offer(ids);
    await pollUntil(() => target.asked.length === 3);
    target.answer(ids[0], { outcome: 'retry', reason: 'a receiver that says \u0000' });
    target.answer(ids[1], { outcome: 'sent' });
    target.answer(ids[2], { outcome: 'reject', reason: 'no' });
    await offered;
    const states = await rows.states(ids);
    expect(states.map(({ state }) => state)).toEqual(['sending', 'sent', 'dead']);
    expect(runner.capacity()).toBe(3);
    await runner.stop(1_000);
  });

  it('claims nothing that took a worker down, unless it is alone', async () => {
    const { runner, target } = makeRunner({});
    const [id] = await one();
    await rows.sql('update deliveries set crashes = 1 where id = $1', [id]);
    await runner.offer([id]);
    expect(target.asked).toEqual([]);
    const alone = runner.offerAlone(id);
    await pollUntil(() => target.asked.length === 1);
    target.answer(id, { outcome: 'sent' });
    await alone;
    expect(await rows.states([id])).toMatchObject([{ state: 'sent' }]);
    await runner.stop(1_000);
  });

  it('sends nothing for a paused organization and leaves the delivery pending', async () => {
    const { runner, target } = makeRunner({});
    const [id] = await one();
    await rows.sql('update organizations set paused_at = carillon_now()');
    await runner.offer([id]);
    await rows.sql('update organizations set paused_at = null');
    expect(target.asked).toEqual([]);
    expect(await rows.states([id])).toEqual([
      { state: 'pending', reason: 'paused', attempts: 0, crashes: 0 },
    ]);
    await runner.stop(1_000);
  });

  it('waits for what is under way when it stops, and takes no more', async () => {
    const { runner, target } = makeRunner({ slots: 1 });
    const ids = (await rows.deliver(2)) as [DeliveryId, DeliveryId];
    const offered = runner.offer(ids);
    await pollUntil(() => target.asked.length === 1);
    const stopping = runner.stop(30_000);
    target.answer(target.asked[0] ?? ids[0], { outcome: 'sent' });
    await Promise.all([stopping, offered]);
    expect((await rows.states(ids)).map(({ state }) => state).toSorted()).toEqual(['pending', 'sent']);
    expect(runner.capacity()).toBe(0);
  });

  it('aborts what goes on for too long when it stops, and hands it back', async () => {
    const { runner, target } = makeRunner({});
    const [id] = await one();
    const offered = runner.offer([id]);
    await pollUntil(() => target.asked.length === 1);
    await runner.stop(50);
    await offered;
    expect(await rows.states([id])).toEqual([{ state: 'pending', reason: 'retry', attempts: 1, crashes: 0 }]);
  });

  it('sends what was stored as begun in the slots kept for it, and gives back the others', async () => {
    const { runner, target } = makeRunner({ slots: 3 });
    const reservation = runner.reserve(5);
    expect(reservation?.slots).toBe(3);
    expect(runner.reserve(1)).toBeUndefined();
    const [id] = await one();
    reservation?.send([await begin(id)]);
    expect(runner.capacity()).toBe(2);
    target.answer(id, { outcome: 'sent' });
    await pollUntil(() => runner.capacity() === 3);
    expect(await rows.states([id])).toEqual([{ state: 'sent', reason: null, attempts: 1, crashes: 0 }]);
    await runner.stop(1_000);
  });

  it('hands back what may have been stored, due at once and not counted as a crash', async () => {
    const { runner, target } = makeRunner({ slots: 2 });
    const reservation = runner.reserve(2);
    const [id] = await one();
    const neverStored = { ...(await begin(id)), attemptNumber: 1 };
    const stranger = {
      ...neverStored,
      delivery: { ...neverStored.delivery, id: createNewId()() as DeliveryId },
    };
    reservation?.handBack([neverStored, stranger]);
    await pollUntil(() => runner.capacity() === 2);
    expect(target.asked).toEqual([]);
    expect(await rows.states([id])).toEqual([{ state: 'pending', reason: 'retry', attempts: 1, crashes: 0 }]);
    await runner.stop(1_000);
  });

  it('begins the schedule anew for what was replayed, and sends it past its expiry where that was asked for', async () => {
    const { runner, target } = makeRunner({});
    const ids = (await rows.deliver(2)) as [DeliveryId, DeliveryId];
    await rows.sql(
      `update deliveries set attempts_made = 4, attempts_before_replay = case when id = $2 then 4 else 0 end,
         past_expiry = true where id = any($1)`,
      [ids, ids[0]],
    );
    await rows.sql(
      `update notifications set expires_at = carillon_now() - interval '1 day' where id in
      (select notification_id from deliveries where id = any($1))`,
      [ids],
    );
    const offered = runner.offer(ids);
    await pollUntil(() => target.asked.length === 2);
    for (const id of ids) target.answer(id, { outcome: 'retry', reason: 'busy' });
    await offered;
    expect(await rows.states(ids)).toEqual([
      { state: 'pending', reason: 'retry', attempts: 5, crashes: 0 },
      { state: 'dead', reason: 'attempts_exhausted', attempts: 5, crashes: 0 },
    ]);
    await runner.stop(1_000);
  });

  it('marks an address that its target calls bad, and removes one that is gone', async () => {
    const { runner, target } = makeRunner({});
    const ids = (await rows.deliver(3)) as [DeliveryId, DeliveryId, DeliveryId];
    await rows.sql(
      `with points as (
         insert into contact_points (id, organization_id, user_id, kind, address)
         select id, organization_id, recipient_id, 'null', id::text from deliveries where id = any($1) returning id)
       update deliveries d set contact_point_id = p.id from points p where d.id = p.id`,
      [ids],
    );
    const offered = runner.offer(ids);
    await pollUntil(() => target.asked.length === 3);
    target.answer(ids[0], { outcome: 'reject', reason: 'no such mailbox', address: 'bad' });
    target.answer(ids[1], { outcome: 'reject', reason: 'no such device', address: 'gone' });
    target.answer(ids[2], { outcome: 'reject', reason: 'no' });
    await offered;
    expect((await rows.states(ids)).map(({ reason }) => reason)).toEqual(Array(3).fill('rejected'));
    const kept = await rows.sql('select id, bad_reason from contact_points where id = any($1) order by id', [
      ids,
    ]);
    expect(kept).toEqual([
      { id: ids[0], bad_reason: 'no such mailbox' },
      { id: ids[2], bad_reason: null },
    ]);
    await runner.stop(1_000);
  });

  it('keeps no slots while a suspect is sent alone', async () => {
    const { runner, target } = makeRunner({});
    const [id] = await one();
    await rows.sql('update deliveries set crashes = 1 where id = $1', [id]);
    const alone = runner.offerAlone(id);
    await pollUntil(() => target.asked.length === 1);
    expect(runner.reserve(1)).toBeUndefined();
    target.answer(id, { outcome: 'sent' });
    await alone;
    await runner.stop(1_000);
  });

  /** Leased and with its first attempt open, as placing stores it. */
  async function begin(id: DeliveryId): Promise<BegunDelivery> {
    const leaseToken = createNewId()();
    const [delivery] = await claimDeliveries(rows.connected.db, {
      ...{ ids: [id], leaseToken, leaseMs: 20_000, alone: false, heldToo: true },
    });
    if (delivery === undefined) throw new Error('nothing was claimed');
    const { message } = firstMessage(
      { notification: delivery.notification, content: undefined },
      null,
      catalogue.null,
    );
    await startAttempts(rows.connected.db, [{ deliveryId: id, leaseToken, message: undefined }]);
    return { delivery, message, attemptNumber: 1 };
  }

  async function one(): Promise<[DeliveryId]> {
    return (await rows.deliver(1)) as [DeliveryId];
  }

  function makeRunner({ slots = 10 }): { runner: DeliveryRunner; target: Target } {
    const target = makeTarget();
    const renderPool = createRenderPool({ log: silentLog });
    const deps = makeWorkerDeps({ db: rows.connected.db, renderPool, adapter: target.adapter });
    const shared = { gate: createGate(), recorder: createRecorder(deps) };
    return { runner: createDeliveryRunner(deps, { ...catalogue.null, slots }, shared), target };
  }

  function makeTarget(): Target {
    const asked: DeliveryId[] = [];
    const answers = new Map<DeliveryId, (result: SendResult) => void>();
    const adapter: Adapter = {
      send: ({ deliveryId, signal }) =>
        new Promise((resolve) => {
          asked.push(deliveryId);
          answers.set(deliveryId, resolve);
          signal.addEventListener('abort', () => resolve({ outcome: 'retry', reason: 'aborted' }));
        }),
      stop: async () => undefined,
    };
    return { adapter, asked, answer: (id, result) => answers.get(id)?.(result) };
  }
});
