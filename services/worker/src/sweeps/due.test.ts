import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { perKind, type DeliveryId, type ExternalKind } from '@carillon/core';
import { createMetrics } from '@carillon/runtime';
import { silentLog } from '@carillon/testkit';
import { claimDueDeliveries } from '@carillon/db';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import type { DeliveryRunner } from '../delivering/runner.ts';
import { deliverDue } from './due.ts';

describe('the scan for what is due', () => {
  const never = new Promise<void>(() => undefined);
  let rows: DeliveryRows;
  beforeAll(async () => {
    rows = await makeDeliveryRows();
  });
  afterAll(() => rows.stop());

  it('offers what is due, and what took a worker down before by itself', async () => {
    const ids = await rows.deliver(3);
    await rows.sql('update deliveries set crashes = 1 where id = $1', [ids[1]]);
    const { deps, offered, alone } = makeDeps();
    await deliverDue(deps, new AbortController().signal);
    expect({ offered: offered.toSorted(), alone }).toEqual({ offered: [ids[0], ids[2]], alone: [ids[1]] });
  });

  it('ends leases that ran out: uncounted without a send, counted with one, dead at the third', async () => {
    const ids = await rows.deliver(3);
    await rows.sql(
      `update deliveries set state = 'sending', lease_token = id, lease_until = carillon_now() - interval '1 second',
         attempts_made = case when id = $2 then 0 else 1 end,
         attempt_started_at = case when id = $2 then null else carillon_now() end, crashes = case when id = $3 then 2 else 0 end
       where id = any($1)`,
      [ids, ids[0], ids[2]],
    );
    // Nobody has a slot for what is due again.
    const { deps } = makeDeps({ capacities: [0], room: () => never });
    await deliverDue(deps, new AbortController().signal);
    expect(await rows.states(ids)).toEqual([
      { state: 'pending', reason: null, attempts: 0, crashes: 0 },
      { state: 'pending', reason: 'retry', attempts: 1, crashes: 1 },
      { state: 'dead', reason: 'crashed', attempts: 1, crashes: 3 },
    ]);
  });

  it('goes on with suspects for ten seconds only, and leaves the others for the next scan, which follows at once', async () => {
    await rows.sql('delete from deliveries');
    const ids = await rows.deliver(4);
    await rows.sql('update deliveries set crashes = 1 where id = any($1)', [ids]);
    const { deps, alone } = makeDeps({ sendMs: 6_000 });
    expect(await deliverDue(deps, new AbortController().signal)).toBe(true);
    expect(alone).toHaveLength(2);
  });

  it('waits for slots that come back in a moment, instead of for its next turn', async () => {
    await rows.sql('delete from deliveries');
    const ids = await rows.deliver(2);
    const { deps, offered } = makeDeps({ capacities: [0], room: async () => undefined });
    await deliverDue(deps, new AbortController().signal);
    expect(offered.toSorted()).toEqual(ids.toSorted());
  });

  it('ends all the same when no slot comes back, and has taken nothing', async () => {
    await rows.sql('delete from deliveries');
    const ids = await rows.deliver(2);
    const full = makeDeps({ capacities: [0], room: () => never });
    expect(await deliverDue(full.deps, new AbortController().signal)).toBe(false);
    expect(full.offered).toEqual([]);
    const { deps, offered } = makeDeps();
    await deliverDue(deps, new AbortController().signal);
    expect(offered.toSorted()).toEqual(ids.toSorted());
  });

  /**
   * Runners that only write down what they are offered; a suspect takes `sendMs` of the clock. They have room for ten
   * once `capacities` were told.
   */
  function makeDeps({ sendMs = 0, capacities = [] as number[], room = async () => {} } = {}) {
    const toTell = perKind(() => [...capacities]);
    const offered: DeliveryId[] = [];
    const alone: DeliveryId[] = [];
    let nowMs = 0;
    const makeRunner = (kind: ExternalKind): DeliveryRunner => ({
      offer: async (ids) => void offered.push(...ids),
      async takeDue(perOrganization) {
        const lease = { leaseToken: randomUUID(), leaseMs: 20_000 };
        const limits = { perOrganization, max: 10, heldToo: true, ...lease };
        const { claimed, others } = await claimDueDeliveries(rows.connected.db, kind, limits);
        offered.push(...claimed.map(({ id }) => id));
        return { count: claimed.length + others.length, suspects: others.map(({ id }) => id) };
      },
      crowded: () => [],
      onRelief: () => undefined,
      room,
      async offerAlone(id) {
        alone.push(id);
        nowMs += sendMs;
      },
      ...{ reserve: () => undefined, stop: async () => undefined },
      capacity: () => toTell[kind].shift() ?? 10,
    });
    const runners = perKind(makeRunner);
    const clock = { now: () => new Date(), monotonicMs: () => nowMs };
    const metrics = createMetrics({ service: 'worker', version: 'test' });
    return { deps: { db: rows.connected.db, log: silentLog, metrics, runners, clock }, offered, alone };
  }
});
