import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
import {
  accept,
  dispatch,
  makeChannel,
  makeOrganization,
  makeUser,
  makeUsers,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { insertContactPoint } from './contact-points.ts';
import {
  abandonDispatch,
  claimUndispatched,
  loadDispatchBatch,
  placeDispatch,
  type Placement,
} from './dispatch.ts';
import { listAttempts } from './deliveries.ts';
import { changeInboxItems } from './inbox.ts';
import { cancelNotification } from './notifications.ts';
import { setPaused } from './organizations.ts';
import { loadPolicies } from './policies.ts';
import { clearMute, setMute } from './quiet-hours.ts';
import { deleteUser } from './users.ts';
import { updateChannel } from './channels.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId);
});
afterAll(() => store.stop());

async function placementOf(id: NotificationId, changes: Partial<Placement> = {}): Promise<Placement> {
  const channelId = await makeChannel(store.db, organizationId);
  return {
    ...{ id, version: 1, organizationId, recipientId: userId, placed: true, inboxReason: 'placed' },
    decisions: [{ kind: 'inbox', decision: 'place', code: 'placed' }],
    deliveries: [
      { id: newId<DeliveryId>(), kind: 'null', channelId, contactPointId: undefined, isPaused: false },
    ],
    ...{ content: undefined, policyVersion: 0 },
    ...changes,
  };
}
const acceptOne = async (): Promise<NotificationId> =>
  (await accept(store.db, organizationId, [userId]))[0] as NotificationId;
const asMade = {
  position: 0,
  settings: {},
  secrets: null,
  open: false,
  probeDue: false,
  paused: false,
  rate: null,
};
const place = (placements: Placement[]) => placeDispatch(store.db, placements, 20_000);
const deliveriesOf = async (id: NotificationId) =>
  store.rows('select id, state from deliveries where notification_id = $1', [id]);
const notification = async (id: NotificationId) =>
  (await store.rows('select * from notifications where id = $1', [id]))[0];
const headOf = async (user: UserId) =>
  (await store.rows('select head::int from inbox_state where user_id = $1', [user]))[0]?.['head'];

describe('loading for a dispatch', () => {
  it('brings users, addresses and channels, those that are switched off too', async () => {
    const own = await makeOrganization(store.db);
    const ada = await makeUser(store.db, own, { email: 'ada@example.com' });
    const off = await makeChannel(store.db, own, 'webhook');
    await updateChannel(store.db, own, off, { enabled: false });
    const on = await makeChannel(store.db, own, 'email');
    const [id] = await accept(store.db, own, [ada], { kinds: ['email'], urgent: true });
    const batch = await loadDispatchBatch(store.db, [id as NotificationId]);
    expect(batch.notifications).toMatchObject([
      {
        ...{ id, version: 1, organizationId: own, recipientId: ada, urgent: true, kinds: ['email'] },
        ...{ expiresAt: null, userExists: true, contactPoints: [{ kind: 'email', badReason: undefined }] },
      },
    ]);
    expect(batch.channels.get(own)).toEqual([
      { id: off, kind: 'webhook', enabled: false, ...asMade },
      { id: on, kind: 'email', enabled: true, ...asMade },
    ]);
    const [clock] = await store.rows(
      'select abs(extract(epoch from carillon_now() - $1::timestamptz)) < 60 as near',
      [batch.now],
    );
    expect(clock).toEqual({ near: true });
  });

  it('leaves out what was dispatched and what belongs to a paused organization', async () => {
    const paused = await makeOrganization(store.db, true);
    const [waiting] = await accept(store.db, paused, await makeUsers(store.db, paused, 1));
    const done = await acceptOne();
    await dispatch(store.db, [done]);
    const batch = await loadDispatchBatch(store.db, [waiting as NotificationId, done]);
    expect(batch.notifications).toEqual([]);
  });

  it('says that a recipient is gone, with no address left', async () => {
    const gone = await makeUser(store.db, organizationId, { email: 'gone@example.com' });
    const [id] = await accept(store.db, organizationId, [gone]);
    await deleteUser(store.db, organizationId, gone);
    const batch = await loadDispatchBatch(store.db, [id as NotificationId]);
    expect(batch.notifications).toMatchObject([{ userExists: false, contactPoints: [] }]);
  });
});

describe('placing', () => {
  it('writes row, deliveries and decisions once, and nothing the second time', async () => {
    const id = await acceptOne();
    const before = Number(await headOf(userId));
    const placement = await placementOf(id);
    expect(await place([placement])).toEqual([{ id, recipientId: userId, head: before + 1 }]);
    const again = {
      ...placement,
      deliveries: placement.deliveries.map((d) => ({ ...d, id: newId<DeliveryId>() })),
    };
    expect(await place([placement])).toEqual([]);
    expect(await place([again])).toEqual([]);
    expect(await headOf(userId)).toBe(before + 1);
    expect(await deliveriesOf(id)).toEqual([{ id: placement.deliveries[0]?.id, state: 'pending' }]);
    expect(await notification(id)).toMatchObject({
      ...{
        placed_sequence: String(before + 1),
        changed_sequence: String(before + 1),
        inbox_reason: 'placed',
      },
      ...{
        decisions: placement.decisions,
        version: 2,
        dispatched_at: expect.any(Date),
        inbox_at: expect.any(Date),
      },
    });
  });

  it('raced by ten workers places once', async () => {
    const id = await acceptOne();
    const placements = await Promise.all(Array.from({ length: 10 }, () => placementOf(id)));
    const answers = await Promise.all(placements.map((one) => place([one])));
    expect(answers.flat()).toHaveLength(1);
    expect(await deliveriesOf(id)).toHaveLength(1);
  });

  it.each([
    { name: 'changed since it was planned', change: async () => undefined, version: 7 },
    {
      name: 'was cancelled',
      change: (id: NotificationId) => cancelNotification(store.db, organizationId, id, false),
      version: 2,
    },
    {
      name: 'was deleted',
      change: (id: NotificationId) =>
        store.rows('update notifications set deleted_at = carillon_now() where id = $1', [id]),
      version: 1,
    },
  ])('leaves alone what $name', async ({ change, version }) => {
    const id = await acceptOne();
    await change(id);
    const before = await headOf(userId);
    expect(await place([await placementOf(id, { version })])).toEqual([]);
    expect(await deliveriesOf(id)).toEqual([]);
    expect(await headOf(userId)).toBe(before);
  });

  it('moves no inbox for what does not enter it', async () => {
    const id = await acceptOne();
    const before = await headOf(userId);
    const placement = await placementOf(id, { placed: false, inboxReason: 'kind_not_requested' });
    expect(await place([placement])).toEqual([{ id, recipientId: userId, head: undefined }]);
    expect(await headOf(userId)).toBe(before);
    expect(await deliveriesOf(id)).toHaveLength(1);
    expect(await notification(id)).toMatchObject({
      inbox_at: null,
      placed_sequence: null,
      changed_sequence: null,
    });
  });

  it('tells a head only for the rows of a user that entered', async () => {
    const [inIt, notInIt] = [await acceptOne(), await acceptOne()];
    const before = Number(await headOf(userId));
    const placed = await place([
      await placementOf(inIt),
      await placementOf(notInIt, { placed: false, inboxReason: 'kind_not_requested' }),
    ]);
    expect(new Map(placed.map((one) => [one.id, one.head]))).toEqual(
      new Map([
        [inIt, before + 1],
        [notInIt, undefined],
      ]),
    );
  });

  it('stores a delivery that is begun as leased, with its first attempt open', async () => {
    const id = await acceptOne();
    const placement = await placementOf(id);
    const [planned] = placement.deliveries;
    const begun = { leaseToken: newId(), message: { title: 'Kept' } };
    const deliveries = planned === undefined ? [] : [{ ...planned, begun }];
    await place([{ ...placement, deliveries }]);
    const [row] = await store.rows(
      `select state, attempts_made, message, lease_token, lease_until - carillon_now() > '15 seconds' as leased
       from deliveries where notification_id = $1`,
      [id],
    );
    expect(row).toEqual({
      ...{ state: 'sending', attempts_made: 1, message: { title: 'Kept' }, leased: true },
      lease_token: begun.leaseToken,
    });
    const [attempt, ...others] = await listAttempts(store.db, organizationId, planned?.id as DeliveryId);
    expect(attempt).toMatchObject({ number: 1, ended_at: null, outcome: null });
    expect(others).toEqual([]);
  });

  it('writes nothing that was planned before the recipient changed a preference', async () => {
    const id = await acceptOne();
    const planned = await placementOf(id);
    await setMute(store.db, { organizationId, userId }, new Date(Date.now() + 60_000));
    expect(await place([planned])).toEqual([]);
    const again = {
      ...planned,
      policyVersion: (await loadPolicies(store.db, [userId])).users.get(userId)?.version ?? 0,
    };
    expect(await place([again])).toMatchObject([{ id }]);
    await clearMute(store.db, { organizationId, userId });
  });

  it('makes one delivery for each address', async () => {
    const own = await makeOrganization(store.db);
    await makeChannel(store.db, own, 'email');
    const ada = await makeUser(store.db, own, { email: 'a@example.com' });
    const second = { organizationId: own, userId: ada, kind: 'email', address: 'b@example.com' } as const;
    await insertContactPoint(store.db, { id: newId(), ...second, verified: false });
    const [id] = await accept(store.db, own, [ada]);
    await dispatch(store.db, [id as NotificationId]);
    expect(await deliveriesOf(id as NotificationId)).toHaveLength(2);
  });
});

describe('what waits for dispatch', () => {
  const claim = (perOrganization = 100, organizationsMax = 10) =>
    claimUndispatched(store.db, { perOrganization, organizationsMax });
  const drain = async () => {
    while ((await claim()).length > 0);
  };

  it('comes up when its hint is overdue, again only fifteen seconds later, counting tries', async () => {
    await drain();
    const id = await acceptOne();
    expect(await claim()).toEqual([{ id, urgent: false, tries: 1 }]);
    expect(await claim()).toEqual([]);
    await store.rows(
      "update notifications set hint_after = hint_after - interval '15 seconds' where id = $1",
      [id],
    );
    expect(await claim()).toEqual([{ id, urgent: false, tries: 2 }]);
    await dispatch(store.db, [id]);
    await store.rows(
      "update notifications set hint_after = hint_after - interval '15 seconds' where id = $1",
      [id],
    );
    expect(await claim()).toEqual([]);
  });

  it('is shared out in turns, so that no backlog hides another organization', async () => {
    await drain();
    const organizations = await Promise.all(Array.from({ length: 4 }, () => makeOrganization(store.db)));
    for (const [index, own] of organizations.entries()) {
      const users = await makeUsers(store.db, own, 1);
      await accept(
        store.db,
        own,
        Array.from({ length: index === 3 ? 1 : 50 }, () => users[0] as UserId),
      );
    }
    const claimed = await claim(20, 1);
    const rows = await store.rows(
      'select organization_id, count(*)::int from notifications where id = any($1) group by 1 order by 1',
      [claimed.map((one) => one.id)],
    );
    expect(claimed).toHaveLength(20);
    expect(rows.map((row) => row['count'])).toEqual(expect.arrayContaining([6, 6, 7, 1]));
  });

  it('is claimed by one of two at once', async () => {
    await drain();
    const ids = await accept(
      store.db,
      organizationId,
      Array.from({ length: 60 }, () => userId),
    );
    const claimed = (await Promise.all(Array.from({ length: 6 }, () => claim()))).flat().map((one) => one.id);
    expect(claimed.toSorted()).toEqual(ids.toSorted());
  });

  it('stays untouched while its organization is paused', async () => {
    await drain();
    const own = await makeOrganization(store.db);
    const [id] = await accept(store.db, own, await makeUsers(store.db, own, 1));
    await setPaused(store.db, own, true);
    expect(await claim()).toEqual([]);
    expect(await notification(id as NotificationId)).toMatchObject({ dispatch_tries: 0 });
    await setPaused(store.db, own, false);
    expect((await claim()).map((one) => one.id)).toEqual([id]);
  });

  it('is over once it is given up, and never enters the inbox', async () => {
    await drain();
    const id = await acceptOne();
    await abandonDispatch(store.db, [id], 'dispatch_failed');
    expect(await claim()).toEqual([]);
    expect(await notification(id)).toMatchObject({ inbox_reason: 'dispatch_failed', inbox_at: null });
    expect(await place([await placementOf(id, { version: 2 })])).toEqual([]);
    expect((await changeInboxItems(store.db, userId, [id], 'read')).found).toEqual([]);
  });
});
