import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelId, DeliveryId, ExternalKind, NotificationId, OrganizationId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import {
  accept,
  dispatch,
  makeChannel,
  makeOrganization,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { explainQueries } from '../../test/statements.ts';
import { claimUndispatched, loadDispatchBatch } from './dispatch.ts';
import { claimDueDeliveries, loadDueWork, loadOldestDueSeconds } from './due.ts';
import { changePause, setPaused } from './organizations.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

const hintMs = 10_001;
const limits = (max: number, heldToo = true) => ({
  ...{ perOrganization: 100, max, heldToo, leaseToken: newId(), leaseMs: 20_000 },
});
const claimDue = async (max = 100) => (await claimDueDeliveries(store.db, 'null', limits(max))).claimed;
const clear = () => store.rows('truncate deliveries, attempts, notifications');

async function makeDue(organizationId: OrganizationId, count: number): Promise<DeliveryId[]> {
  await makeChannel(store.db, organizationId);
  const userId = await makeUser(store.db, organizationId);
  const ids = await accept(
    store.db,
    organizationId,
    Array.from({ length: count }, () => userId),
  );
  await dispatch(store.db, ids);
  const rows = await store.rows('select id from deliveries where notification_id = any($1) order by id', [
    ids,
  ]);
  return rows.map((row) => row['id'] as DeliveryId);
}

/** `count` rows of one organization that wait, without the walk. */
async function pile(organizationId: OrganizationId, count: number, waitSeconds = 0): Promise<void> {
  await store.rows(
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, not_before, scan_after)
     select gen_random_uuid(), $1, gen_random_uuid(), $1, 'null', $1,
       carillon_now() + $3 * interval '1 second', carillon_now() + $3 * interval '1 second'
     from generate_series(1, $2)`,
    [organizationId, count, waitSeconds],
  );
}

describe('the scan for due deliveries', () => {
  it('leaves ten seconds to the job, then leases a row to who looks first, with all that sending needs', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    const [id] = await makeDue(organizationId, 1);
    expect(await claimDue()).toEqual([]);
    await advanceDatabaseClock(store, hintMs);
    const claim = limits(100);
    const { claimed, others } = await claimDueDeliveries(store.db, 'null', claim);
    expect(others).toEqual([]);
    expect(claimed).toMatchObject([
      { id, kind: 'null', crashes: 0, leaseToken: claim.leaseToken, notification: { organizationId } },
    ]);
    await advanceDatabaseClock(store, hintMs);
    expect(await claimDue()).toEqual([]);
  });

  it.each([
    { name: 'took a worker down', change: 'crashes = 1', crashes: 1 },
    { name: 'was held', change: `reason = 'quiet_hours'`, crashes: 0 },
  ])(
    'only names what $name, beside what it leases, and again after ten seconds',
    async ({ change, crashes }) => {
      await clear();
      const [ordinary, other] = await makeDue(await makeOrganization(store.db), 2);
      await store.rows(`update deliveries set ${change} where id = $1`, [other]);
      await advanceDatabaseClock(store, hintMs);
      const look = () => claimDueDeliveries(store.db, 'null', limits(100, false));
      const named = [{ id: other, kind: 'null', crashes }];
      expect(await look()).toMatchObject({ claimed: [{ id: ordinary }], others: named });
      expect(await look()).toEqual({ claimed: [], others: [] });
      await advanceDatabaseClock(store, hintMs);
      expect(await look()).toEqual({ claimed: [], others: named });
      expect(await store.rows('select state from deliveries where id = $1', [other])).toEqual([
        { state: 'pending' },
      ]);
    },
  );

  it('gives each row to one of several workers', async () => {
    await clear();
    const ids = await makeDue(await makeOrganization(store.db), 80);
    await advanceDatabaseClock(store, hintMs);
    const claimed = await Promise.all(Array.from({ length: 5 }, () => claimDue(40)));
    const all = claimed.flat().map((one) => one.id);
    expect(new Set(all).size).toBe(all.length);
    while (all.length < ids.length) all.push(...(await claimDue(40)).map((one) => one.id));
    expect(all.toSorted()).toEqual(ids);
  });

  it('does not let ten thousand rows of one organization hide another, however few are asked for', async () => {
    await clear();
    const organizations = await Promise.all(Array.from({ length: 3 }, () => makeOrganization(store.db)));
    for (const [index, id] of organizations.entries()) await pile(id, index === 1 ? 2 : 10_000);
    const claim = limits(8);
    await claimDueDeliveries(store.db, 'null', claim);
    const rows = await store.rows('select organization_id from deliveries where lease_token = $1', [
      claim.leaseToken,
    ]);
    const counts = organizations.map((id) => rows.filter((row) => row['organization_id'] === id).length);
    expect(counts).toEqual([3, 2, 3]);
  });

  it('leaves the rows of a paused organization untouched until it is resumed', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    const [id] = await makeDue(organizationId, 1);
    await setPaused(store.db, organizationId, true);
    await advanceDatabaseClock(store, hintMs);
    const before = await store.rows('select xmin, * from deliveries where id = $1', [id]);
    expect(await claimDue()).toEqual([]);
    expect(await store.rows('select xmin, * from deliveries where id = $1', [id])).toEqual(before);
    await setPaused(store.db, organizationId, false);
    expect(await claimDue()).toHaveLength(1);
  });

  it('leaves the rows of a paused kind untouched until it is resumed, and goes on with the others', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    const [id] = await makeDue(organizationId, 1);
    await advanceDatabaseClock(store, hintMs);
    const before = await store.rows('select xmin, * from deliveries where id = $1', [id]);
    const pause = (kinds: ExternalKind[]) => changePause(store.db, organizationId, { kinds });
    expect(await pause(['null', 'email'])).toEqual({
      ...{ pausedAt: null, pausedKinds: ['null', 'email'], chosen: false },
    });
    expect(await loadDueWork(store.db)).toEqual({ expiredLeases: false, kinds: [] });
    expect(await claimDue()).toEqual([]);
    expect(await store.rows('select xmin, * from deliveries where id = $1', [id])).toEqual(before);
    const other = await makeOrganization(store.db);
    const [others] = await makeDue(other, 1);
    await advanceDatabaseClock(store, hintMs);
    expect((await claimDue()).map((one) => one.id)).toEqual([others]);
    await pause(['email']);
    expect((await loadDueWork(store.db)).kinds).toEqual(['null']);
    expect((await claimDue()).map((one) => one.id)).toEqual([id]);
  });
});

describe('what waits for a channel for which nothing is wanted', () => {
  it('is passed by without a look at it, however much it is', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    await pile(organizationId, 5_000, -60);
    const [id] = await makeDue(organizationId, 1);
    const [row] = await store.rows('select channel_id from deliveries where id <> $1 limit 1', [id]);
    await advanceDatabaseClock(store, hintMs);
    const except = [row?.['channel_id'] as ChannelId];
    const claim = { ...limits(100), except };
    const plan = await explainQueries(store, (db) => claimDueDeliveries(db, 'null', { ...claim, max: 0 }));
    expect(plan).toMatch(/Index Cond: .*channel_id = w/);
    const { claimed } = await claimDueDeliveries(store.db, 'null', claim);
    expect(claimed.map((one) => one.id)).toEqual([id]);
  });
});

describe('the age of the oldest due work', () => {
  it('is nothing when nothing is due, and leaves out what is held or paused', async () => {
    await clear();
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    await pile(await makeOrganization(store.db), 3, 3_600);
    await pile(await makeOrganization(store.db, true), 3, -3_600);
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    const organizationId = await makeOrganization(store.db);
    await pile(organizationId, 3, -3_600);
    await changePause(store.db, organizationId, { kinds: ['null'] });
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    await changePause(store.db, organizationId, { kinds: [] });
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(3_600);
  });

  it('counts a delivery that was looked at and not sent', async () => {
    await clear();
    await makeDue(await makeOrganization(store.db), 1);
    await store.rows('update deliveries set crashes = 1');
    await advanceDatabaseClock(store, 60_000);
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(60);
    await claimDue();
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(60);
  });

  it('counts what waits for dispatch', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    const ids = await accept(store.db, organizationId, [await makeUser(store.db, organizationId)]);
    await advanceDatabaseClock(store, 30_000);
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(30);
    await dispatch(store.db, ids);
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
  });

  it('counts what is scheduled from its own time on, and nobody dispatches it before', async () => {
    await clear();
    const organizationId = await makeOrganization(store.db);
    const [id] = await accept(store.db, organizationId, [await makeUser(store.db, organizationId)]);
    await store.rows(
      `update notifications set send_at = carillon_now() + interval '1 hour',
         hint_after = carillon_now() + interval '1 hour' where id = $1`,
      [id],
    );
    await advanceDatabaseClock(store, 60_000);
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    expect((await loadDispatchBatch(store.db, [id as NotificationId])).notifications).toEqual([]);
    await advanceDatabaseClock(store, 3_600_000);
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(60);
    expect((await loadDispatchBatch(store.db, [id as NotificationId])).notifications).toHaveLength(1);
  });
});

describe('with 50,000 rows put aside', () => {
  beforeAll(async () => {
    await clear();
    for (let made = 0; made < 5; made += 1) {
      const organizationId = await makeOrganization(store.db);
      await pile(organizationId, 10_000, 3_600);
      await store.rows(
        `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at)
         select gen_random_uuid(), $1, n, $1, $1, 'x', case when n % 100 > 0 then carillon_now() end
         from generate_series(1, 10000) n`,
        [organizationId],
      );
    }
    await store.rows('analyze deliveries');
    await store.rows('analyze notifications');
  });

  it.each([
    {
      name: 'due deliveries',
      index: 'deliveries_scan',
      run: () => explainQueries(store, (db) => claimDueDeliveries(db, 'null', limits(100))),
    },
    {
      name: 'undispatched notifications',
      index: 'notifications_undispatched',
      run: () =>
        explainQueries(store, (db) => claimUndispatched(db, { perOrganization: 100, organizationsMax: 10 })),
    },
    {
      name: 'the age of the oldest due work',
      index: 'deliveries_scan',
      run: () => explainQueries(store, (db) => loadOldestDueSeconds(db)),
    },
  ])('$name are found by index alone', async ({ index, run }) => {
    const plan = await run();
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (deliveries|notifications)/);
  });
});
