import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { explainQueries } from '../../test/statements.ts';
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
import {
  countReplayable,
  listDeadLetters,
  loadReplayStart,
  replayDeadLetters,
  type DeadLetterFilter,
  type ReplayChunk,
  type ReplayWish,
} from './dead-letters.ts';
import { claimDueDeliveries } from './due.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId);
  userId = await makeUser(store.db, organizationId);
});

interface DeadLetterOfTest {
  id: DeliveryId;
  notificationId: NotificationId;
}

/** Deliveries that were given up one second after the other, each with a kept message and six attempts. */
async function die(count: number, state: 'dead' | 'unknown' = 'dead'): Promise<DeadLetterOfTest[]> {
  const made: DeadLetterOfTest[] = [];
  for (let one = 0; one < count; one += 1) {
    const [notificationId] = (await accept(store.db, organizationId, [userId])) as [NotificationId];
    await dispatch(store.db, [notificationId]);
    const [row] = await store.rows(
      `update deliveries set state = $2, reason = 'attempts_exhausted', settled_at = carillon_now(),
         attempts_made = 6, crashes = 1, message = '{"title": "kept"}'
       where notification_id = $1 returning id`,
      [notificationId, state],
    );
    const id = row?.['id'] as DeliveryId;
    await store.rows(
      `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code)
       values ($1, 6, $2, carillon_now(), 'retry', 'busy', 503)`,
      [id, organizationId],
    );
    made.push({ id, notificationId });
    await advanceDatabaseClock(store, 1_000);
  }
  return made;
}

const idOf = (one: { id: DeliveryId }) => one.id;
const list = (filter: DeadLetterFilter = {}, limit = 100) =>
  listDeadLetters(store.db, organizationId, { ...filter, limit });

const original = { render: 'original', includeExpired: false, includeUnknown: false } as const;
const all: ReplayWish = { ...original, selection: { filter: {} } };

async function walk(step: typeof replayDeadLetters, wish: ReplayWish, limit = 100): Promise<ReplayChunk[]> {
  const until = await loadReplayStart(store.db);
  const chunks: ReplayChunk[] = [];
  let after: ReplayChunk['after'];
  do {
    const chunk = await step(store.db, organizationId, wish, { until, after, limit });
    chunks.push(chunk);
    after = chunk.after;
  } while (after !== undefined);
  return chunks;
}
const countsOf = async (step: typeof replayDeadLetters, wish: ReplayWish) =>
  (await walk(step, wish))[0]?.counts;
const nothing = { expired: 0, deleted: 0, cancelled: 0, unknown: 0 };

describe('the list of dead letters', () => {
  it('shows those given up last first, with what the last try met, and pages both ways', async () => {
    const made = (await die(5)).toReversed().map(idOf);
    const [newest] = await list();
    expect(newest).toMatchObject({
      ...{ id: made[0], state: 'dead', category: 'general', obstacle: null },
      ...{ last_reason: 'busy', last_status_code: 503 },
    });
    const edgeAt = async (index: number, direction: 'next' | 'prev') => {
      const row = (await list())[index];
      const edge = { settledAt: row?.settled_at as Date, id: row?.id as DeliveryId, direction };
      return (await listDeadLetters(store.db, organizationId, { limit: 2, edge })).map(idOf);
    };
    expect(await edgeAt(1, 'next')).toEqual(made.slice(2, 4));
    expect(await edgeAt(3, 'prev')).toEqual([made[2], made[1]]);
  });

  it('keeps to its filters and to its organization', async () => {
    const [dead, , late] = (await die(3)) as [DeadLetterOfTest, DeadLetterOfTest, DeadLetterOfTest];
    const [unknown] = (await die(1, 'unknown')) as [DeadLetterOfTest];
    const template = newId();
    await store.rows("update notifications set category = 'news', template_id = $2 where id = $1", [
      ...[dead.notificationId, template],
    ]);
    const settled = (await list()).find((one) => one.id === late.id)?.settled_at as Date;
    expect((await list({ state: 'unknown' })).map(idOf)).toEqual([unknown.id]);
    expect((await list({ category: 'news' })).map(idOf)).toEqual([dead.id]);
    expect((await list({ templateIds: [template] })).map(idOf)).toEqual([dead.id]);
    expect((await list({ settledAfter: settled, state: 'dead' })).map(idOf)).toEqual([late.id]);
    expect(await list({ settledBefore: settled })).toHaveLength(2);
    expect(await list({ kind: 'null', reason: 'attempts_exhausted', recipientId: userId })).toHaveLength(4);
    expect(await list({ kind: 'email' })).toEqual([]);
    expect(await list({ reason: 'rejected' })).toEqual([]);
    expect(await list({ recipientId: newId<UserId>() })).toEqual([]);
    organizationId = await makeOrganization(store.db);
    expect(await list()).toEqual([]);
  });

  it('is read along its index', async () => {
    await store.rows(
      `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state, settled_at)
       select gen_random_uuid(), $1, gen_random_uuid(), $1, 'null', $1,
         case when n % 50 = 0 then 'dead' else 'sent' end, carillon_now() - n * interval '1 second'
       from generate_series(1, 20000) n`,
      [organizationId],
    );
    await store.rows('analyze deliveries');
    const until = await loadReplayStart(store.db);
    const plans = [
      await explainQueries(store, (db) => listDeadLetters(db, organizationId, { limit: 20 })),
      await explainQueries(store, (db) =>
        countReplayable(db, organizationId, all, { until, after: undefined, limit: 20 }),
      ),
    ];
    for (const plan of plans) {
      expect(plan).toContain('deliveries_dead');
      expect(plan).not.toMatch(/Seq Scan on deliveries/);
    }
  });
});

describe('replaying', () => {
  it('makes dead letters due at once, keeps message, attempts and crashes, and begins the schedule anew', async () => {
    const made = await die(2);
    const expected = { matched: 2, replayed: 2, skipped: nothing };
    expect(await countsOf(countReplayable, all)).toEqual(expected);
    expect(await list()).toHaveLength(2);
    expect(await countsOf(replayDeadLetters, all)).toEqual(expected);
    const rows = await store.rows(
      `select state, reason, settled_at, attempts_made, attempts_before_replay, past_expiry, crashes, message
       from deliveries where organization_id = $1`,
      [organizationId],
    );
    const row = {
      ...{ state: 'pending', reason: null, settled_at: null, attempts_made: 6, attempts_before_replay: 6 },
      ...{ past_expiry: false, crashes: 1, message: { title: 'kept' } },
    };
    expect(rows).toEqual([row, row]);
    const claim = { perOrganization: 10, max: 10, heldToo: true, leaseToken: newId(), leaseMs: 20_000 };
    const due = await claimDueDeliveries(store.db, 'null', claim);
    expect(due.others.map(idOf).toSorted()).toEqual(made.map(idOf).toSorted());
    expect(await countsOf(replayDeadLetters, all)).toEqual({ matched: 0, replayed: 0, skipped: nothing });
  });

  it('forgets the kept message where it is to be rendered again', async () => {
    await die(1);
    await walk(replayDeadLetters, { ...all, render: 'fresh' });
    const rows = await store.rows('select message from deliveries where organization_id = $1', [
      organizationId,
    ]);
    expect(rows).toEqual([{ message: null }]);
  });

  it('keeps the message of a digest, which tells of others too', async () => {
    const [digest] = (await die(1)) as [DeadLetterOfTest];
    await store.rows('update deliveries set digest_id = id where id = $1', [digest.id]);
    await walk(replayDeadLetters, { ...all, render: 'fresh' });
    const rows = await store.rows('select state, message from deliveries where id = $1', [digest.id]);
    expect(rows).toEqual([{ state: 'pending', message: { title: 'kept' } }]);
  });

  it('takes only what is named, and of that only what is dead', async () => {
    const [one, two] = (await die(2)) as [DeadLetterOfTest, DeadLetterOfTest];
    await store.rows("update deliveries set state = 'sent' where id = $1", [two.id]);
    const wish = { ...original, selection: { ids: [one.id, two.id, newId<DeliveryId>()] } };
    expect(await countsOf(replayDeadLetters, wish)).toEqual({ matched: 1, replayed: 1, skipped: nothing });
    expect(await store.rows('select state from deliveries where id = $1', [two.id])).toEqual([
      { state: 'sent' },
    ]);
  });

  it('leaves out what has expired, was deleted or cancelled, or may have arrived, and says how many', async () => {
    const dead = await die(5);
    await die(1, 'unknown');
    const ids = dead.map((one) => one.notificationId);
    const change = (set: string, index: number) =>
      store.rows(`update notifications set ${set} where id = $1`, [ids[index]]);
    await change("expires_at = carillon_now() - interval '1 second'", 0);
    await change('expired_at = carillon_now()', 1);
    await change('deleted_at = carillon_now()', 2);
    await change('cancelled_at = carillon_now()', 3);
    const skipped = { expired: 2, deleted: 1, cancelled: 1, unknown: 1 };
    const counts = { matched: 6, replayed: 1, skipped };
    expect(await countsOf(countReplayable, all)).toEqual(counts);
    expect(await countsOf(replayDeadLetters, all)).toEqual(counts);
    const more = { ...all, includeExpired: true, includeUnknown: true };
    const second = { matched: 5, replayed: 3, skipped: { ...nothing, deleted: 1, cancelled: 1 } };
    expect(await countsOf(countReplayable, more)).toEqual(second);
    expect(await countsOf(replayDeadLetters, more)).toEqual(second);
    const late = await store.rows('select id from deliveries where past_expiry and organization_id = $1', [
      organizationId,
    ]);
    expect(late.map((row) => String(row['id'])).toSorted()).toEqual(dead.slice(0, 2).map(idOf).toSorted());
  });

  it('leaves out what was for a user who is gone', async () => {
    await die(1);
    await store.rows('update users set deleted_at = carillon_now() where id = $1', [userId]);
    expect((await list())[0]?.obstacle).toBe('deleted');
    expect(await countsOf(replayDeadLetters, all)).toEqual({
      ...{ matched: 1, replayed: 0, skipped: { ...nothing, deleted: 1 } },
    });
  });

  it.each(['replay', 'dry run'])('goes over everything once, chunk by chunk, in a %s', async (how) => {
    const made = await die(7);
    const [, second] = made as [DeadLetterOfTest, DeadLetterOfTest];
    await store.rows('update notifications set cancelled_at = carillon_now() where id = $1', [
      second.notificationId,
    ]);
    const chunks = await walk(how === 'replay' ? replayDeadLetters : countReplayable, all, 3);
    expect(chunks.map((one) => one.counts.matched)).toEqual([3, 3, 1]);
    expect(chunks.map((one) => one.counts.replayed)).toEqual([2, 3, 1]);
  });

  it('leaves alone what is given up again after it began', async () => {
    const until = await loadReplayStart(store.db);
    await advanceDatabaseClock(store, 1_000);
    await die(1);
    const chunk = await replayDeadLetters(store.db, organizationId, all, {
      until,
      after: undefined,
      limit: 5,
    });
    expect(chunk.counts.matched).toBe(0);
  });

  it('by two at once replays each dead letter once', async () => {
    await die(20);
    const both = await Promise.all([walk(replayDeadLetters, all, 4), walk(replayDeadLetters, all, 6)]);
    const replayed = both.flat().reduce((sum, one) => sum + one.counts.replayed, 0);
    expect(replayed).toBe(20);
    expect(await list()).toEqual([]);
  });
});
