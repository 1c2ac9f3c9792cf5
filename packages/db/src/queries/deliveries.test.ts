import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
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
import { claimDeliveries, recordOutcomes, startAttempts, type DeliveryOutcome } from './claims.ts';
import { getDelivery, listAttempts, listDeliveries, type DeliveryRecord } from './deliveries.ts';
import { endLeases, listExpiredLeases } from './due.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId, { externalId: 'ada', email: 'ada@example.com' });
  await makeChannel(store.db, organizationId, 'email');
});
afterAll(() => store.stop());

const leaseMs = 20_000;
const newToken = () => newId<string>();

async function makeDeliveries(count: number): Promise<DeliveryId[]> {
  const recipients = Array.from({ length: count }, () => userId);
  const ids = await accept(store.db, organizationId, recipients, { title: 'Hi', kinds: ['email'] });
  await dispatch(store.db, ids);
  const rows = await store.rows('select id from deliveries where notification_id = any($1) order by id', [
    ids,
  ]);
  return rows.map((row) => row['id'] as DeliveryId);
}
const makeDelivery = async () => (await makeDeliveries(1))[0] as DeliveryId;
const claim = (ids: readonly DeliveryId[], leaseToken: string, alone = false) =>
  claimDeliveries(store.db, { ids, leaseToken, leaseMs, alone, heldToo: true });
const start = (deliveryId: DeliveryId, leaseToken: string, message: unknown = { subject: 'Hi' }) =>
  startAttempts(store.db, [{ deliveryId, leaseToken, message }]);
const rowOf = async (id: DeliveryId) => (await store.rows('select * from deliveries where id = $1', [id]))[0];
const outcome = (
  deliveryId: DeliveryId,
  leaseToken: string,
  changes: Partial<DeliveryOutcome> = {},
): DeliveryOutcome => ({
  ...{ deliveryId, leaseToken, state: 'sent', reason: undefined, delayMs: undefined },
  attempt: { number: 1, outcome: 'sent', reason: undefined, statusCode: 250, providerId: 'p-1' },
  ...changes,
});

describe('claiming', () => {
  it('brings all that is needed to decide once more and to send', async () => {
    const id = await makeDelivery();
    const [claimed] = await claim([id], newToken());
    expect(claimed).toMatchObject({
      ...{
        id,
        kind: 'email',
        organizationId,
        attemptsMade: 0,
        crashes: 0,
        message: null,
        address: 'ada@example.com',
      },
      ...{ addressBadReason: null, paused: false, userExists: true, userExternalId: 'ada' },
      channel: { settings: {}, secrets: null, enabled: true },
      notification: { recipientId: userId, title: 'Hi', kinds: ['email'], expiresAt: null, deletedAt: null },
    });
    expect(claimed?.now).toBeInstanceOf(Date);
    expect(claimed?.notification.createdAt).toBeInstanceOf(Date);
  });

  it('says what is gone since: user, address and channel', async () => {
    const own = await makeOrganization(store.db);
    await makeChannel(store.db, own, 'email');
    const gone = await makeUser(store.db, own, { email: 'gone@example.com' });
    const [id] = await accept(store.db, own, [gone]);
    await dispatch(store.db, [id as NotificationId]);
    const [row] = await store.rows('select id from deliveries where notification_id = $1', [id]);
    await deleteUser(store.db, own, gone);
    await store.rows('delete from channels where organization_id = $1', [own]);
    const [claimed] = await claim([row?.['id'] as DeliveryId], newToken());
    expect(claimed).toMatchObject({ userExists: false, address: null, channel: null });
    expect(claimed?.contactPointId).not.toBeNull();
  });

  it('never gives one row to two', async () => {
    const ids = await makeDeliveries(60);
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(ids, newToken())));
    const claimed = claims.flat().map((one) => one.id);
    expect(claimed.toSorted()).toEqual(ids);
  });

  it('counts nothing', async () => {
    const id = await makeDelivery();
    await claim([id], newToken());
    expect(await rowOf(id)).toMatchObject({ state: 'sending', attempts_made: 0, crashes: 0 });
    expect(await listAttempts(store.db, organizationId, id)).toEqual([]);
  });

  it('leaves alone what took a worker down before, unless it is claimed alone', async () => {
    const [ordinary, suspect] = (await makeDeliveries(2)) as [DeliveryId, DeliveryId];
    await store.rows('update deliveries set crashes = 1 where id = $1', [suspect]);
    expect((await claim([ordinary, suspect], newToken())).map((one) => one.id)).toEqual([ordinary]);
    expect((await claim([ordinary, suspect], newToken(), true)).map((one) => one.id)).toEqual([suspect]);
  });

  it('waits until the database says that it is time', async () => {
    const id = await makeDelivery();
    const token = newToken();
    await claim([id], token);
    await start(id, token);
    const retry = { state: 'pending', reason: 'retry', delayMs: 60_000 } as const;
    await recordOutcomes(store.db, [outcome(id, token, retry)]);
    expect(await claim([id], newToken())).toEqual([]);
    await advanceDatabaseClock(store, 59_000);
    expect(await claim([id], newToken())).toEqual([]);
    await advanceDatabaseClock(store, 1_100);
    expect(await claim([id], newToken())).toHaveLength(1);
  });
});

describe('an attempt', () => {
  it('is counted when it begins and keeps the first rendered message', async () => {
    const id = await makeDelivery();
    const first = newToken();
    await claim([id], first);
    expect(await start(id, first, { subject: 'first' })).toEqual(new Map([[id, 1]]));
    await recordOutcomes(store.db, [outcome(id, first, { state: 'pending', reason: 'retry', delayMs: 0 })]);
    const second = newToken();
    const [claimed] = await claim([id], second);
    expect(claimed).toMatchObject({ attemptsMade: 1, message: { subject: 'first' } });
    expect(await start(id, second, { subject: 'second' })).toEqual(new Map([[id, 2]]));
    expect(await rowOf(id)).toMatchObject({ message: { subject: 'first' }, attempts_made: 2 });
  });

  it('does not begin without the lease, or after it has run out', async () => {
    const id = await makeDelivery();
    const token = newToken();
    expect(await start(id, token)).toEqual(new Map());
    await claim([id], token);
    expect(await start(id, newToken())).toEqual(new Map());
    await advanceDatabaseClock(store, leaseMs + 1);
    expect(await start(id, token)).toEqual(new Map());
    expect(await rowOf(id)).toMatchObject({ attempts_made: 0, message: null });
  });
});

describe('recording', () => {
  it('settles the delivery and closes its attempt', async () => {
    const id = await makeDelivery();
    const token = newToken();
    await claim([id], token);
    await start(id, token);
    expect(await recordOutcomes(store.db, [outcome(id, token)])).toEqual(new Set([id]));
    expect(await getDelivery(store.db, organizationId, id)).toMatchObject({
      ...{ state: 'sent', reason: null, provider_id: 'p-1', attempts_made: 1, settled_at: expect.any(Date) },
    });
    expect(await listAttempts(store.db, organizationId, id)).toMatchObject([
      { number: 1, outcome: 'sent', status_code: 250, provider_id: 'p-1', ended_at: expect.any(Date) },
    ]);
    expect(await recordOutcomes(store.db, [outcome(id, token, { state: 'dead' })])).toEqual(new Set());
    expect(await rowOf(id)).toMatchObject({ state: 'sent', lease_token: null });
  });

  it('changes nothing for who lost the lease', async () => {
    const id = await makeDelivery();
    const [lost, held] = [newToken(), newToken()];
    await claim([id], lost);
    await start(id, lost);
    await advanceDatabaseClock(store, leaseMs + 1);
    const ends = [{ id, leaseToken: lost, state: 'pending', reason: 'retry', attempt: undefined }] as const;
    await endLeases(store.db, ends);
    await claim([id], held);
    expect(await recordOutcomes(store.db, [outcome(id, lost)])).toEqual(new Set());
    expect(await rowOf(id)).toMatchObject({ state: 'sending', lease_token: held });
    expect(await listAttempts(store.db, organizationId, id)).toEqual([]);
  });

  it('ends a delivery without an attempt when nothing was begun', async () => {
    const id = await makeDelivery();
    const token = newToken();
    await claim([id], token);
    const change = { state: 'cancelled', reason: 'notification_cancelled', attempt: undefined } as const;
    expect(await recordOutcomes(store.db, [outcome(id, token, change)])).toEqual(new Set([id]));
    expect(await rowOf(id)).toMatchObject({
      state: 'cancelled',
      reason: 'notification_cancelled',
      attempts_made: 0,
    });
  });
});

describe('a lease that ran out', () => {
  const expired = async (id: DeliveryId) =>
    (await listExpiredLeases(store.db, 1_000)).find((lease) => lease.id === id);

  it('is not listed before its time', async () => {
    const id = await makeDelivery();
    await claim([id], newToken());
    await advanceDatabaseClock(store, leaseMs - 2_000);
    expect(await expired(id)).toBeUndefined();
    await advanceDatabaseClock(store, 2_001);
    expect(await expired(id)).toBeDefined();
  });

  it('is pending again and uncounted when no send had begun', async () => {
    const id = await makeDelivery();
    const leaseToken = newToken();
    await claim([id], leaseToken);
    await advanceDatabaseClock(store, leaseMs + 1);
    expect(await expired(id)).toMatchObject({ leaseToken, crashes: 0, attemptsMade: 0, openAttempt: null });
    const end = { id, leaseToken, state: 'pending', reason: undefined, attempt: undefined } as const;
    expect(await endLeases(store.db, [end])).toEqual(new Set([id]));
    expect(await rowOf(id)).toMatchObject({
      state: 'pending',
      crashes: 0,
      attempts_made: 0,
      settled_at: null,
    });
    expect(await claim([id], newToken())).toHaveLength(1);
  });

  it('counts a crash when a send had begun, and closes the attempt', async () => {
    const id = await makeDelivery();
    const leaseToken = newToken();
    await claim([id], leaseToken);
    await start(id, leaseToken);
    await advanceDatabaseClock(store, leaseMs + 1);
    expect(await expired(id)).toMatchObject({ openAttempt: 1, attemptsMade: 1 });
    const attempt = { number: 1, outcome: 'crashed' } as const;
    await endLeases(store.db, [{ id, leaseToken, state: 'pending', reason: 'retry', attempt }]);
    expect(await rowOf(id)).toMatchObject({
      state: 'pending',
      reason: 'retry',
      crashes: 1,
      attempts_made: 1,
    });
    expect(await listAttempts(store.db, organizationId, id)).toMatchObject([
      { number: 1, outcome: 'crashed', ended_at: expect.any(Date) },
    ]);
    expect(await claim([id], newToken())).toEqual([]);
    expect(await claim([id], newToken(), true)).toHaveLength(1);
  });

  it('is ended once, by one of many, and not while another lease holds', async () => {
    const id = await makeDelivery();
    const leaseToken = newToken();
    await claim([id], leaseToken);
    const end = { id, leaseToken, state: 'pending', reason: undefined, attempt: undefined } as const;
    expect(await endLeases(store.db, [end])).toEqual(new Set());
    await advanceDatabaseClock(store, leaseMs + 1);
    const ended = await Promise.all(Array.from({ length: 5 }, () => endLeases(store.db, [end])));
    expect(ended.filter((set) => set.size > 0)).toHaveLength(1);
    await claim([id], newToken());
    await advanceDatabaseClock(store, leaseMs + 1);
    expect(await endLeases(store.db, [end])).toEqual(new Set());
  });
});

describe('the log of deliveries', () => {
  it('pages newest first over everything once, and filters', async () => {
    const own = await makeOrganization(store.db);
    await makeChannel(store.db, own, 'null');
    const ada = await makeUser(store.db, own);
    const ids = await accept(
      store.db,
      own,
      Array.from({ length: 7 }, () => ada),
    );
    await dispatch(store.db, ids);
    const seen: DeliveryRecord[] = [];
    const edgeAt = <D extends string>(row: DeliveryRecord | undefined, direction: D) =>
      row === undefined ? undefined : { notificationId: row.notification_id, id: row.id, direction };
    for (let pages = 0; pages < 4; pages += 1) {
      const edge = edgeAt(seen.at(-1), 'next');
      seen.push(...(await listDeliveries(store.db, own, { limit: 3, edge })));
    }
    expect(seen).toHaveLength(7);
    const of = seen.map((row) => row.notification_id);
    expect(of).toEqual(of.toSorted().toReversed());
    const newer = await listDeliveries(store.db, own, { limit: 2, edge: edgeAt(seen[4], 'prev') });
    expect(newer).toEqual([seen[3], seen[2]]);
    const one = await listDeliveries(store.db, own, { limit: 10, notificationId: ids[0] });
    expect(one.map((row) => row.notification_id)).toEqual([ids[0]]);
    expect(await listDeliveries(store.db, own, { limit: 10, state: 'sent' })).toEqual([]);
    expect(await listDeliveries(store.db, own, { limit: 10, kind: 'email' })).toEqual([]);
  });

  it('shows nothing of another organization', async () => {
    const id = await makeDelivery();
    const other = await makeOrganization(store.db);
    await expect(getDelivery(store.db, other, id)).rejects.toMatchObject({ code: 'delivery.not_found' });
    expect(await listAttempts(store.db, other, id)).toEqual([]);
  });
});
