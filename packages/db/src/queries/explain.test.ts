import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
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
import { inSnapshot } from '../transactions.ts';
import { claimDeliveries, recordOutcomes, startAttempts } from './claims.ts';
import { getExplanation, type ExplainQuestion } from './explain.ts';
import { changeInboxItems } from './inbox.ts';
import { loadPlanSurroundings } from './plan-surroundings.ts';

let store: TestStore;
let api: Database;
let organizationId: OrganizationId;
let userId: UserId;

beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api', 2);
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId, { zone: 'Europe/Berlin' });
  await makeChannel(store.db, organizationId);
});
afterAll(() => store.stop());

const explain = (question: Partial<ExplainQuestion> & { id: NotificationId }) =>
  inSnapshot(api, question.organizationId ?? organizationId, (db) =>
    getExplanation(db, { organizationId, ...question }),
  );

async function acceptOne(): Promise<NotificationId> {
  const [id] = await accept(store.db, organizationId, [userId]);
  return id as NotificationId;
}

/** Makes one try of every delivery of a notification; it is closed only when an outcome is given. */
async function tryOnce(id: NotificationId, outcome?: 'retry' | 'sent'): Promise<void> {
  const rows = await store.rows('select id from deliveries where notification_id = $1', [id]);
  const leaseToken = newId();
  const claim = { ids: rows.map((row) => row['id'] as DeliveryId), leaseToken, leaseMs: 20_000 };
  const claimed = await claimDeliveries(store.db, { ...claim, alone: false, heldToo: true });
  const numbers = await startAttempts(
    store.db,
    claimed.map((one) => ({ deliveryId: one.id, leaseToken, message: null })),
  );
  if (outcome === undefined) return;
  await recordOutcomes(
    store.db,
    claimed.map((one) => ({
      ...{ deliveryId: one.id, leaseToken, delayMs: 0 },
      ...{ state: outcome === 'sent' ? ('sent' as const) : ('pending' as const) },
      reason: outcome === 'sent' ? undefined : ('retry' as const),
      attempt: {
        ...{
          number: numbers.get(one.id) ?? 0,
          outcome,
          reason: 'busy',
          statusCode: 503,
          providerId: undefined,
        },
      },
    })),
  );
}

describe('what an explanation is read from', () => {
  it('is there before the dispatch, with what holds it up', async () => {
    const id = await acceptOne();
    await store.rows('update organizations set paused_at = carillon_now() where id = $1', [organizationId]);
    const record = await explain({ id });
    await store.rows('update organizations set paused_at = null where id = $1', [organizationId]);
    expect(record).toMatchObject({
      id,
      recipientId: userId,
      zone: 'Europe/Berlin',
      pausedBy: 'organization',
    });
    expect(record).toMatchObject({ decisions: null, dispatchedAt: null, deliveries: [] });
  });

  it('has each try of a delivery in order, the one under way too', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    await tryOnce(id, 'retry');
    await tryOnce(id);
    const { decisions, deliveries } = await explain({ id });
    expect(decisions).toEqual([
      { kind: 'inbox', decision: 'place', code: 'placed' },
      { kind: 'null', decision: 'send', code: 'deliver_now' },
    ]);
    expect(deliveries).toMatchObject([
      {
        ...{ kind: 'null', state: 'sending', attemptsMade: 2, pausedBy: null },
        attempts: [
          { number: 1, outcome: 'retry', statusCode: 503, reason: 'busy', endedAt: expect.any(Date) },
          { number: 2, outcome: null, endedAt: null, startedAt: expect.any(Date) },
        ],
      },
    ]);
  });

  it('says which deliveries wait for a paused kind', async () => {
    const id = await acceptOne();
    await dispatch(store.db, [id]);
    await store.rows(`update organizations set paused_kinds = array['null'] where id = $1`, [organizationId]);
    const { pausedBy, deliveries } = await explain({ id });
    await store.rows(`update organizations set paused_kinds = '{}' where id = $1`, [organizationId]);
    expect([pausedBy, deliveries.map((one) => one.pausedBy)]).toEqual([null, ['kind']]);
  });

  it('is for its recipient only what is in the own inbox', async () => {
    const waiting = await acceptOne();
    const placed = await acceptOne();
    await dispatch(store.db, [placed]);
    const other = await makeUser(store.db, organizationId);
    await expect(explain({ id: waiting, recipientId: userId })).rejects.toMatchObject({
      code: 'inbox.not_found',
    });
    await expect(explain({ id: placed, recipientId: other })).rejects.toMatchObject({
      code: 'inbox.not_found',
    });
    expect((await explain({ id: placed, recipientId: userId })).id).toBe(placed);
    await changeInboxItems(store.db, userId, [placed], 'delete');
    await expect(explain({ id: placed, recipientId: userId })).rejects.toMatchObject({
      code: 'inbox.not_found',
    });
    expect(await explain({ id: placed })).toMatchObject({ decisions: null, deletedAt: expect.any(Date) });
  });

  it('is found by its own organization only', async () => {
    const id = await acceptOne();
    const stranger = await makeOrganization(store.db);
    const asked = explain({ id, organizationId: stranger });
    await expect(asked).rejects.toMatchObject({ code: 'notification.not_found' });
  });
});

describe('a snapshot', () => {
  it('lets nothing be written', async () => {
    const write = inSnapshot(api, organizationId, (db) => changeInboxItems(db, userId, [newId()], 'read'));
    await expect(write).rejects.toMatchObject({ code: '25006' });
  });
});

describe('what a plan needs besides preferences', () => {
  it('is of one organization, without settings and secrets', async () => {
    const own = await makeOrganization(store.db);
    const person = await makeUser(store.db, own, { externalId: 'ada', zone: 'Asia/Kathmandu' });
    const channelId = await makeChannel(store.db, own, 'webhook');
    const found = await inSnapshot(api, own, (db) => loadPlanSurroundings(db, own, [person, userId]));
    expect(found).toMatchObject({ paused: false, pausedKinds: [] });
    const standing = { enabled: true, position: 0, open: false, probeDue: false, paused: false };
    expect(found.channels).toEqual([{ id: channelId, kind: 'webhook', ...standing }]);
    expect([...found.recipients]).toEqual([
      [person, { externalId: 'ada', zone: 'Asia/Kathmandu', contactPoints: [] }],
    ]);
  });
});
