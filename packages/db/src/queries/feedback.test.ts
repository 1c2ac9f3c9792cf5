import { advanceDatabaseClock } from '@carillon/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  feedbacks,
  type DeliveryId,
  type Feedback,
  type NotificationId,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
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
import { claimDeliveries, recordOutcomes, startAttempts } from './claims.ts';
import { listContactPoints } from './contact-points.ts';
import { endLeases } from './due.ts';
import { loadSentMessage, recordFeedback, type DeliveryFeedback } from './feedback.ts';
import type { JudgedAddress } from './judged-addresses.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId, 'email');
});
afterAll(() => store.stop());

interface Sending extends Person {
  id: DeliveryId;
  token: string;
}
interface Person {
  userId: UserId;
  address: string;
}
let made = 0;
async function makePerson(): Promise<Person> {
  made += 1;
  const address = `ada${made}@example.com`;
  return { userId: await makeUser(store.db, organizationId, { email: address }), address };
}
/** A delivery by e-mail that a worker is sending. */
async function makeSending(person?: Person): Promise<Sending> {
  const { userId, address } = person ?? (await makePerson());
  const ids = await accept(store.db, organizationId, [userId], { kinds: ['inbox', 'email'] });
  await dispatch(store.db, ids);
  const [row] = await store.rows('select id from deliveries where notification_id = any($1)', [ids]);
  const id = row?.['id'] as DeliveryId;
  const token = newId<string>();
  await claimDeliveries(store.db, {
    ids: [id],
    leaseToken: token,
    leaseMs: 20_000,
    alone: false,
    heldToo: true,
  });
  await startAttempts(store.db, [{ deliveryId: id, leaseToken: token, message: {} }]);
  return { id, token, userId, address };
}

const refused = (id: DeliveryId, token: string, address: JudgedAddress | undefined) => ({
  ...({ deliveryId: id, leaseToken: token, state: 'dead', reason: 'rejected', delayMs: undefined } as const),
  attempt: {
    ...({ number: 1, outcome: 'reject', reason: 'no such mailbox' } as const),
    ...{ statusCode: 550, providerId: undefined },
  },
  address,
});
const pointsOf = async (userId: UserId) =>
  (await listContactPoints(store.db, organizationId, userId)).map((one) => [one.address, one.bad_reason]);

describe('what a target says of an address', () => {
  it('is kept with the outcome: a bad one with the reason, one that is gone not at all', async () => {
    const [bad, gone, other] = [await makeSending(), await makeSending(), await makeSending()];
    const reason = 'no such mailbox';
    const recorded = await recordOutcomes(store.db, [
      refused(bad.id, bad.token, { verdict: 'bad', sentTo: bad.address, reason: reason.padEnd(600, '!') }),
      refused(gone.id, gone.token, { verdict: 'gone', sentTo: gone.address, reason }),
      refused(other.id, other.token, undefined),
    ]);
    expect(recorded).toEqual(new Set([bad.id, gone.id, other.id]));
    expect(await pointsOf(bad.userId)).toEqual([[bad.address, reason.padEnd(500, '!')]]);
    expect(await pointsOf(gone.userId)).toEqual([]);
    expect(await pointsOf(other.userId)).toEqual([[other.address, null]]);
  });

  it.each(['bad', 'gone'] as const)(
    'is not believed of one that was corrected meanwhile: %s',
    async (verdict) => {
      const { id, token, userId, address } = await makeSending();
      await store.rows(`update contact_points set address = 'new@example.com' where user_id = $1`, [userId]);
      const judged = { verdict, sentTo: address, reason: 'no such mailbox' };
      expect(await recordOutcomes(store.db, [refused(id, token, judged)])).toEqual(new Set([id]));
      expect(await pointsOf(userId)).toEqual([['new@example.com', null]]);
    },
  );

  it('is not believed of who lost the lease', async () => {
    const { id, userId, address } = await makeSending();
    const judged = { verdict: 'gone', sentTo: address, reason: 'no such mailbox' } as const;
    expect(await recordOutcomes(store.db, [refused(id, newId(), judged)])).toEqual(new Set());
    expect(await pointsOf(userId)).toEqual([[address, null]]);
  });

  it('is kept when two workers say it of the same addresses at once', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => makeSending()));
    const again = await Promise.all(users.map(({ userId, address }) => makeSending({ userId, address })));
    const judge = (sendings: Sending[]) =>
      sendings.map(({ id, token, address }) =>
        refused(id, token, { verdict: 'bad', sentTo: address, reason: 'no' }),
      );
    await Promise.all([
      recordOutcomes(store.db, judge(users)),
      recordOutcomes(store.db, judge(again).toReversed()),
    ]);
    for (const { userId, address } of users) expect(await pointsOf(userId)).toEqual([[address, 'no']]);
  });
});

describe('what a vendor tells of a delivery', () => {
  const source = () => ({ organizationId, kind: 'email' as const });
  const told = (deliveryId: DeliveryId, feedback: Feedback, changes: Partial<DeliveryFeedback> = {}) => ({
    ...{ deliveryId, feedback, reason: undefined, providerId: undefined },
    ...changes,
  });
  const record = (...all: DeliveryFeedback[]) => recordFeedback(store.db, source(), all);
  const rowOf = async (id: DeliveryId) => {
    const [row] = await store.rows('select * from deliveries where id = $1', [id]);
    return row ?? {};
  };

  it('stands beside the state, with its time and words', async () => {
    const { id } = await makeSending();
    expect(await record(told(id, 'delivered', { reason: 'x'.repeat(600), providerId: 'p-1' }))).toEqual([id]);
    expect(await rowOf(id)).toMatchObject({
      ...{ state: 'sending', feedback: 'delivered', feedback_at: expect.any(Date) },
      ...{ feedback_reason: 'x'.repeat(500), provider_id: 'p-1' },
    });
  });

  it('is kept when it is stronger, in whatever order it comes', async () => {
    const { id } = await makeSending();
    for (const [index, before] of feedbacks.entries()) {
      for (const after of feedbacks.slice(Math.max(0, index - 1), index + 2)) {
        await store.rows('update deliveries set feedback = $2 where id = $1', [id, before]);
        const isStronger = feedbacks.indexOf(after) > index;
        expect(await record(told(id, after))).toEqual(isStronger ? [id] : []);
        expect((await rowOf(id))['feedback']).toBe(isStronger ? after : before);
      }
    }
  });

  it('settles a delivery of which nobody knew whether it was sent', async () => {
    const { id } = await makeSending();
    await store.rows(`update deliveries set state = 'unknown', reason = 'outcome_unknown' where id = $1`, [
      id,
    ]);
    await record(told(id, 'delivered', { providerId: 'p-2' }));
    expect(await rowOf(id)).toMatchObject({ state: 'sent', reason: null, provider_id: 'p-2' });
  });

  it('settles one whose worker died before it heard that it was taken', async () => {
    const [died, unheard] = [await makeSending(), await makeSending()];
    await record(told(died.id, 'delivered'), told(unheard.id, 'delivered'));
    const unknown = { state: 'unknown', reason: 'outcome_unknown' } as const;
    await recordOutcomes(store.db, [
      { ...refused(unheard.id, unheard.token, undefined), ...unknown, attempt: undefined },
    ]);
    await advanceDatabaseClock(store, 20_001);
    const attempt = { number: 1, outcome: 'unknown' } as const;
    await endLeases(store.db, [{ id: died.id, leaseToken: died.token, ...unknown, attempt }]);
    for (const { id } of [died, unheard])
      expect(await rowOf(id)).toMatchObject({ state: 'sent', reason: null });
  });

  it('marks the address once: told again, it does not undo a correction', async () => {
    const { id, userId, address } = await makeSending();
    const bounce = told(id, 'bounced', {
      reason: '5.1.1 no such user',
      address: { verdict: 'bad', sentTo: address.toUpperCase(), reason: '5.1.1 no such user' },
    });
    expect(await record(bounce)).toEqual([id]);
    expect(await pointsOf(userId)).toEqual([[address, '5.1.1 no such user']]);
    await store.rows('update contact_points set bad_reason = null where user_id = $1', [userId]);
    expect(await record(bounce)).toEqual([]);
    expect(await pointsOf(userId)).toEqual([[address, null]]);
  });

  it('is not heard of deliveries of others, or of another kind', async () => {
    const { id, userId, address } = await makeSending();
    const bounce = told(id, 'bounced', { address: { verdict: 'bad', sentTo: address, reason: 'no' } });
    const other = await makeOrganization(store.db);
    expect(await recordFeedback(store.db, { organizationId: other, kind: 'email' }, [bounce])).toEqual([]);
    expect(await recordFeedback(store.db, { organizationId, kind: 'sms' }, [bounce])).toEqual([]);
    expect(await record(told(newId(), 'bounced'))).toEqual([]);
    expect((await rowOf(id))['feedback']).toBeNull();
    expect(await pointsOf(userId)).toEqual([[address, null]]);
    expect(await loadSentMessage(store.db, { organizationId: other, kind: 'email' }, id)).toBeUndefined();
  });

  it('is kept of many at once, told by two callbacks in opposite orders', async () => {
    const sendings = await Promise.all(Array.from({ length: 6 }, () => makeSending()));
    const all = sendings.map(({ id }) => told(id, 'delivered'));
    const changed = await Promise.all([record(...all), record(...all.toReversed())]);
    expect(changed.flat().toSorted()).toEqual(sendings.map(({ id }) => id).toSorted());
  });

  it('finds what a message told of: of a digest, all of it', async () => {
    const person = await makePerson();
    const [carrier, member] = [await makeSending(person), await makeSending(person)];
    const notificationOf = async (id: DeliveryId) => (await rowOf(id))['notification_id'] as NotificationId;
    const alone = await loadSentMessage(store.db, source(), carrier.id);
    expect(alone).toMatchObject({ recipientId: person.userId, address: person.address });
    expect(alone?.notificationIds).toEqual([await notificationOf(carrier.id)]);
    await store.rows('update deliveries set digest_id = $1 where id = any($2)', [
      carrier.id,
      [carrier.id, member.id],
    ]);
    const digest = await loadSentMessage(store.db, source(), carrier.id);
    expect(digest?.notificationIds.toSorted()).toEqual(
      [await notificationOf(carrier.id), await notificationOf(member.id)].toSorted(),
    );
  });
});
