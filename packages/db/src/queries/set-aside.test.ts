import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelId, DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
import { advanceDatabaseClock, pollUntil } from '@carillon/testkit';
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
import type { Database } from '../connect.ts';
import { inOrganization } from '../transactions.ts';
import { deleteChannel } from './channels.ts';
import { insertCaptured, listCaptured } from './captured.ts';
import { claimDeliveries } from './claims.ts';
import { claimUndispatched, loadDispatchBatch } from './dispatch.ts';
import { claimDueDeliveries, loadOldestDueSeconds } from './due.ts';
import { getExplanation } from './explain.ts';
import { setChannelPaused, setTemplatePaused } from './pauses.ts';
import { setAsidePaused } from './set-aside.ts';
import { purgeDeletedUsers } from './sweeps.ts';
import { deleteTemplate, insertTemplate } from './templates.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let api: Database;
let organizationId: OrganizationId;
let userId: UserId;
let channelId: ChannelId;
beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api');
});
afterAll(() => store.stop());
beforeEach(async () => {
  await store.rows('truncate deliveries, attempts, notifications, channels, templates cascade');
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId);
  channelId = await makeChannel(store.db, organizationId);
});

const claimDue = async () => {
  const claim = { perOrganization: 100, max: 100, heldToo: true, leaseToken: newId(), leaseMs: 20_000 };
  return (await claimDueDeliveries(store.db, 'null', claim)).claimed.map((one) => one.id);
};
const claimWaiting = async () =>
  (await claimUndispatched(store.db, { perOrganization: 100, organizationsMax: 10 })).map((one) => one.id);
/** As a request does it: as the role that sees one organization only. */
const pauseChannel = (paused: boolean) =>
  inOrganization(api, organizationId, (db) => setChannelPaused(db, organizationId, channelId, paused));
const pauseTemplate = (id: string, paused: boolean) =>
  inOrganization(api, organizationId, (db) =>
    setTemplatePaused(db, organizationId, { by: 'id', id }, paused),
  );

/** One delivery that is due. */
async function makeDue(templateId: string | null = null): Promise<DeliveryId> {
  const ids = await accept(store.db, organizationId, [userId]);
  await dispatch(store.db, ids);
  await store.rows('update notifications set template_id = $2 where id = any($1)', [ids, templateId]);
  const [row] = await store.rows('select id from deliveries where notification_id = any($1)', [ids]);
  await advanceDatabaseClock(store, 10_001);
  return row?.['id'] as DeliveryId;
}

async function makeTemplate(): Promise<string> {
  const id = newId();
  await insertTemplate(store.db, { id, organizationId, key: `t-${id}`, name: 'T' });
  return id;
}

async function acceptByTemplate(id: string): Promise<NotificationId> {
  const ids = await accept(store.db, organizationId, [userId], { template: { id, version: 1 } });
  await advanceDatabaseClock(store, 16_000);
  return ids[0] as NotificationId;
}

describe('what a paused channel keeps back', () => {
  it('is set aside as paused, looked at no more, and due when the channel is resumed', async () => {
    const id = await makeDue();
    const first = await pauseChannel(true);
    const again = await pauseChannel(true);
    expect(again.paused_at).toEqual(first.paused_at);
    // Whoever looks first, the scan leaves it: else the scan would put it off each time just before.
    expect(await claimDue()).toEqual([]);
    expect(await setAsidePaused(store.db)).toBe(1);
    expect(await setAsidePaused(store.db)).toBe(0);
    await advanceDatabaseClock(store, 86_400_000);
    expect(await claimDue()).toEqual([]);
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    expect(await store.rows('select state, reason from deliveries')).toEqual([
      { state: 'pending', reason: 'paused' },
    ]);
    expect((await pauseChannel(false)).paused_at).toBeNull();
    expect(await setAsidePaused(store.db)).toBe(0);
    expect(await claimDue()).toEqual([id]);
  });

  it('is not claimed to be sent, whoever asks for it, and says by what it is paused', async () => {
    const id = await makeDue();
    await pauseChannel(true);
    const lease = { leaseToken: newId(), leaseMs: 1_000, alone: false, heldToo: true };
    const [claimed] = await claimDeliveries(store.db, { ids: [id], ...lease });
    expect(claimed?.paused).toBe(true);
    const { deliveries, pausedBy } = await getExplanation(store.db, {
      organizationId,
      id: claimed?.notification.id as NotificationId,
    });
    expect([pausedBy, deliveries.map((one) => one.pausedBy)]).toEqual([null, ['channel']]);
  });

  it('leaves what goes through other channels, and what other reasons set aside', async () => {
    const [paused, broken] = [await makeDue(), await makeDue()];
    await store.rows(`update deliveries set reason = 'circuit_open', scan_after = 'infinity' where id = $1`, [
      broken,
    ]);
    await pauseChannel(true);
    const other = await makeDue();
    await store.rows('update deliveries set channel_id = $2 where id = $1', [other, newId()]);
    expect(await setAsidePaused(store.db)).toBe(1);
    expect(await claimDue()).toEqual([other]);
    await pauseChannel(false);
    expect(await claimDue()).toEqual([paused]);
  });

  it('keeps the reason of what quiet time held, so that it may still become one message', async () => {
    const id = await makeDue();
    await store.rows(`update deliveries set reason = 'quiet_hours' where id = $1`, [id]);
    await pauseChannel(true);
    expect(await setAsidePaused(store.db)).toBe(1);
    expect(await store.rows('select reason from deliveries')).toEqual([{ reason: 'quiet_hours' }]);
    await pauseChannel(false);
    expect(await claimDue()).toEqual([id]);
  });

  it('is due when the channel is removed: then it is given up', async () => {
    const id = await makeDue();
    await pauseChannel(true);
    await setAsidePaused(store.db);
    await inOrganization(api, organizationId, (db) => deleteChannel(db, organizationId, channelId));
    expect(await claimDue()).toEqual([id]);
  });

  it('is not forgotten when it is set aside at the moment of the resume', async () => {
    const id = await makeDue();
    await pauseChannel(true);
    let resumed: Promise<unknown> | undefined;
    await store.db.transaction().execute(async (transaction) => {
      expect(await setAsidePaused(transaction)).toBe(1);
      resumed = pauseChannel(false);
      await pollUntil(async () => {
        const waiting = await store.rows(`select from pg_locks where not granted`);
        return waiting.length > 0;
      });
    });
    await resumed;
    expect(await claimDue()).toEqual([id]);
  });
});

describe('what a paused template keeps back', () => {
  it('enters no inbox before the template is resumed, and uses up no tries', async () => {
    const id = await makeTemplate();
    await pauseTemplate(id, true);
    const notificationId = await acceptByTemplate(id);
    expect((await loadDispatchBatch(store.db, [notificationId])).notifications).toEqual([]);
    expect(await claimWaiting()).toEqual([]);
    expect(await setAsidePaused(store.db)).toBe(1);
    await advanceDatabaseClock(store, 86_400_000);
    expect(await claimWaiting()).toEqual([]);
    expect(await store.rows('select dispatch_tries as tries from notifications')).toEqual([{ tries: 0 }]);
    expect(await loadOldestDueSeconds(store.db)).toBe(0);
    const { pausedBy } = await getExplanation(store.db, { organizationId, id: notificationId });
    expect(pausedBy).toBe('template');
    await pauseTemplate(id, false);
    expect(await claimWaiting()).toEqual([notificationId]);
    expect((await loadDispatchBatch(store.db, [notificationId])).notifications).toHaveLength(1);
  });

  it('holds deliveries too, and those of other templates go on', async () => {
    const id = await makeTemplate();
    const paused = await makeDue(id);
    const other = await makeDue(await makeTemplate());
    await pauseTemplate(id, true);
    expect(await setAsidePaused(store.db)).toBe(1);
    expect(await claimDue()).toEqual([other]);
    await pauseTemplate(id, false);
    expect(await claimDue()).toEqual([paused]);
  });

  it('leaves the same template of another organization, as those that came with Carillon have one id', async () => {
    const id = await makeTemplate();
    const others = await makeOrganization(store.db);
    await insertTemplate(store.db, { id, organizationId: others, key: 'same', name: 'Same' });
    const reader = await makeUser(store.db, others);
    await pauseTemplate(id, true);
    const kept = await acceptByTemplate(id);
    const [going] = await accept(store.db, others, [reader], { template: { id, version: 1 } });
    await advanceDatabaseClock(store, 16_000);
    expect(await setAsidePaused(store.db)).toBe(1);
    expect(await claimWaiting()).toEqual([going]);
    expect((await loadDispatchBatch(store.db, [kept, going as NotificationId])).notifications).toHaveLength(
      1,
    );
  });

  it('is decided when the template is deleted', async () => {
    const id = await makeTemplate();
    await pauseTemplate(id, true);
    const notificationId = await acceptByTemplate(id);
    await setAsidePaused(store.db);
    await inOrganization(api, organizationId, (db) => deleteTemplate(db, organizationId, { by: 'id', id }));
    expect(await claimWaiting()).toEqual([notificationId]);
    expect((await loadDispatchBatch(store.db, [notificationId])).notifications).toHaveLength(1);
  });
});

describe('captured messages', () => {
  it('are written down once for each delivery, and go with who was to be told', async () => {
    const id = await makeDue();
    const message = {
      id,
      address: 'a@example.org',
      settings: { from: 'b@example.org' },
      message: { title: 'T' },
    };
    await insertCaptured(store.db, [message, { ...message, id: newId() }]);
    await insertCaptured(store.db, [{ ...message, address: 'other@example.org' }]);
    const rows = await listCaptured(store.db, organizationId, { limit: 10 });
    expect(rows).toMatchObject([
      { ...message, kind: 'null', channel_id: channelId, channel_name: 'null', recipient_id: userId },
    ]);
    await deleteUser(store.db, organizationId, userId);
    await advanceDatabaseClock(store, 61_000);
    while ((await purgeDeletedUsers(store.db, 100)) > 0);
    expect(await listCaptured(store.db, organizationId, { limit: 10 })).toEqual([]);
  });
});
