import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import {
  accept,
  dispatch,
  idsOf,
  makeChannel,
  makeOrganization,
  makeRequest,
  makeUser,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { insertNotifications } from './accept.ts';
import { loadInboxSummary } from './inbox.ts';
import { cancelNotification, getNotification, listAccepted, listNotifications } from './notifications.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId);
  userId = await makeUser(store.db, organizationId, { externalId: 'ada' });
});
afterAll(() => store.stop());

const acceptOne = async (kinds?: ['null']) =>
  (await accept(store.db, organizationId, [userId], { title: 'secret', kinds }))[0] as NotificationId;
const cancel = (id: NotificationId, withdraw = false) =>
  cancelNotification(store.db, organizationId, id, withdraw);
const rowOf = async (id: NotificationId) =>
  (await store.rows('select * from notifications where id = $1', [id]))[0];
const none = { cancelled: 0, inFlight: 0, sent: 0 };

describe('cancelling', () => {
  it('before the dispatch keeps it out of the inbox for ever, and twice is once', async () => {
    const id = await acceptOne();
    const expected = { cancelled: true, deliveries: none, recipientId: userId, head: undefined };
    expect(await cancel(id)).toEqual(expected);
    expect(await cancel(id)).toEqual(expected);
    expect(await dispatch(store.db, [id])).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ inbox_at: null, inbox_reason: 'notification_cancelled' });
  });

  it('after the placement stops what has not begun and leaves the item where it is', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    const { head } = await loadInboxSummary(store.db, userId);
    const expected = {
      cancelled: false,
      deliveries: { ...none, cancelled: 1 },
      recipientId: userId,
      head: undefined,
    };
    expect(await cancel(id)).toEqual(expected);
    expect(await rowOf(id)).toMatchObject({ deleted_at: null, title: 'secret', inbox_reason: 'placed' });
    expect((await loadInboxSummary(store.db, userId)).head).toBe(head);
    const [delivery] = await store.rows('select state, reason from deliveries where notification_id = $1', [
      id,
    ]);
    expect(delivery).toEqual({ state: 'cancelled', reason: 'notification_cancelled' });
  });

  it('with withdraw takes the item out of the inbox and leaves nothing of its content', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    const { head, unread } = await loadInboxSummary(store.db, userId);
    expect(await cancel(id, true)).toMatchObject({ cancelled: false, head: head + 1 });
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ head: head + 1, unread: unread - 1 });
    expect(JSON.stringify(await rowOf(id))).not.toContain('secret');
    await expect(cancel(id, true)).rejects.toMatchObject({ code: 'notification.not_found' });
  });

  it('tells what is under way and what was sent, which it cannot take back', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    await store.rows("update deliveries set state = 'sent' where notification_id = $1", [id]);
    expect((await cancel(id)).deliveries).toEqual({ ...none, sent: 1 });
    await store.rows("update deliveries set state = 'sending' where notification_id = $1", [id]);
    expect((await cancel(id)).deliveries).toEqual({ ...none, inFlight: 1 });
  });

  it('does not claim to have been in time for what went out without entering the inbox', async () => {
    const id = await acceptOne(['null']);
    await dispatch(store.db, [id]);
    expect(await cancel(id, true)).toMatchObject({ cancelled: false, deliveries: { ...none, cancelled: 1 } });
    expect(await rowOf(id)).toMatchObject({ deleted_at: null, inbox_reason: 'kind_not_requested' });
  });

  it('knows nothing of other organizations', async () => {
    const id = await acceptOne();
    const other = await makeOrganization(store.db);
    const refused = cancelNotification(store.db, other, id, true);
    await expect(refused).rejects.toMatchObject({ code: 'notification.not_found' });
    await expect(getNotification(store.db, other, id)).rejects.toMatchObject({
      code: 'notification.not_found',
    });
    expect(await listAccepted(store.db, other, [id])).toEqual([]);
  });

  it('raced by a dispatch leaves either nothing placed or nothing pending', async () => {
    const ids = await accept(
      store.db,
      organizationId,
      Array.from({ length: 20 }, () => userId),
    );
    await Promise.all(ids.flatMap((id) => [dispatch(store.db, [id]), cancel(id)]));
    const rows = await store.rows(
      `select n.id from notifications n left join deliveries d on d.notification_id = n.id and d.state = 'pending'
       where n.id = any($1) and (n.dispatched_at is null or d.id is not null)`,
      [ids],
    );
    expect(rows).toEqual([]);
  });
});

describe('the log of notifications', () => {
  it('pages by number over everything once, both ways, and filters', async () => {
    const own = await makeOrganization(store.db);
    const [ada, bob] = [await makeUser(store.db, own, { externalId: 'a' }), await makeUser(store.db, own)];
    const first = makeRequest(own, [ada, bob, ada], { content: { category: 'deploys' } });
    await insertNotifications(store.db, [first]);
    const second = makeRequest(own, [bob, bob, bob, ada]);
    await insertNotifications(store.db, [second]);
    const numbers: number[] = [];
    for (let pages = 0; pages < 4; pages += 1) {
      const last = numbers.at(-1);
      const edge = last === undefined ? undefined : { number: last, direction: 'next' as const };
      numbers.push(...(await listNotifications(store.db, own, { limit: 3, edge })).map((row) => row.number));
    }
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
    const newer = await listNotifications(store.db, own, {
      limit: 2,
      edge: { number: 4, direction: 'prev' },
    });
    expect(newer.map((row) => row.number)).toEqual([5, 6]);
    const ofTrigger = await listNotifications(store.db, own, { limit: 10, triggerId: first.triggers[0]?.id });
    expect(ofTrigger.map((row) => row.id).toSorted()).toEqual(idsOf(first).toSorted());
    const ofAda = await listNotifications(store.db, own, { limit: 10, recipientId: ada });
    expect(ofAda.map((row) => row.recipient_external_id)).toEqual(['a', 'a', 'a']);
    expect(await listNotifications(store.db, own, { limit: 10, category: 'deploys' })).toHaveLength(3);
    const future = { createdAfter: new Date('2100-01-01T00:00:00Z') };
    expect(await listNotifications(store.db, own, { limit: 10, ...future })).toEqual([]);
    const past = { createdBefore: new Date('2000-01-01T00:00:00Z') };
    expect(await listNotifications(store.db, own, { limit: 10, ...past })).toEqual([]);
  });

  it('remembers who was accepted even after a deletion', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    const { trigger_id: triggerId } = await getNotification(store.db, organizationId, id);
    await cancel(id, true);
    expect(await listAccepted(store.db, organizationId, [id])).toEqual([
      { id, recipientId: userId, triggerId },
    ]);
  });
});
