import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, OrganizationId, UserId } from '@carillon/core';
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
  const ids = await accept(store.db, organizationId, [userId], { kinds: ['email'] });
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
    const users = await Promise.all(Array.from({ length: 20 }, () => makeSending()));
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
