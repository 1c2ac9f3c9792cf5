import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import {
  accept,
  dispatch,
  fillInbox,
  makeChannel,
  makeOrganization,
  makeRequest,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { insertNotifications } from './accept.ts';
import { insertAccessToken } from './access-tokens.ts';
import { claimDeliveries, startAttempts } from './claims.ts';
import { changeInboxItems, loadInboxSummary } from './inbox.ts';
import { readInboxPage } from './inbox-pages.ts';
import { insertStreamTicket } from './stream-tickets.ts';
import { expireNotifications, purgeDeletedUsers, purgeTombstones, tombstoneDays } from './sweeps.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  await makeChannel(store.db, organizationId);
});
afterAll(() => store.stop());

const dayMs = 86_400_000;
const inAnHour = async () => {
  const [row] = await store.rows("select carillon_now() + interval '1 hour' as at");
  return row?.['at'] as Date;
};
const drain = async (purge: typeof purgeTombstones) => {
  let total = 0;
  for (let rows = 1; rows > 0; total += rows) rows = await purge(store.db, 2);
  return total;
};

describe('expiry', () => {
  it('takes items whose time is over out of the inbox, as a change, and ends what is pending', async () => {
    const userId = await makeUser(store.db, organizationId);
    const expiresAt = await inAnHour();
    const ids = await fillInbox(store.db, organizationId, userId, 3, { expiresAt });
    await fillInbox(store.db, organizationId, userId, 1);
    const mine = { user_id: userId, organization_id: organizationId };
    expect(await expireNotifications(store.db, 10)).toEqual([]);
    await advanceDatabaseClock(store, 3_600_001);
    expect(await expireNotifications(store.db, 2)).toEqual([{ ...mine, head: 3 }]);
    expect(await expireNotifications(store.db, 2)).toEqual([{ ...mine, head: 4 }]);
    expect(await expireNotifications(store.db, 2)).toEqual([]);
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ unread: 1, head: 4 });
    const rows = await store.rows(
      'select distinct state, reason from deliveries where notification_id = any($1)',
      [ids],
    );
    expect(rows).toEqual([{ state: 'expired', reason: 'notification_expired' }]);
  });

  it('suppresses what expired before its dispatch', async () => {
    const userId = await makeUser(store.db, organizationId);
    const [id] = await accept(store.db, organizationId, [userId], { expiresAt: await inAnHour() });
    await advanceDatabaseClock(store, 3_600_001);
    expect(await dispatch(store.db, [id as NotificationId])).toMatchObject([{ head: undefined }]);
    const reader = { organizationId, userId };
    const { items } = await readInboxPage(store.db, reader, { status: 'all', limit: 10 });
    expect(items).toEqual([]);
  });
});

describe('purging tombstones', () => {
  it('keeps them for thirty days, then removes rows and tells clients that were away longer', async () => {
    const userId = await makeUser(store.db, organizationId);
    const ids = await fillInbox(store.db, organizationId, userId, 5);
    await changeInboxItems(store.db, userId, ids.slice(0, 3), 'delete');
    await changeInboxItems(store.db, userId, ids.slice(3, 4), 'read');
    await advanceDatabaseClock(store, tombstoneDays * dayMs - 1_000);
    expect(await drain(purgeTombstones)).toBe(0);
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ resyncBelow: 0 });
    await advanceDatabaseClock(store, 2_000);
    expect(await drain(purgeTombstones)).toBe(3);
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ head: 3, resyncBelow: 2, unread: 1 });
    const left = await store.rows('select id from notifications where recipient_id = $1 order by id', [
      userId,
    ]);
    expect(left.map((row) => row['id'])).toEqual(ids.slice(3));
    const deliveries = await store.rows('select 1 from deliveries where notification_id = any($1)', [ids]);
    expect(deliveries).toHaveLength(2);
  });

  it('never lowers the mark, whatever the order in which tombstones go', async () => {
    const userId = await makeUser(store.db, organizationId);
    const [early, late] = await fillInbox(store.db, organizationId, userId, 2);
    await changeInboxItems(store.db, userId, [late as NotificationId], 'delete');
    await changeInboxItems(store.db, userId, [early as NotificationId], 'delete');
    await store.rows("update notifications set deleted_at = deleted_at - interval '1 day' where id = $1", [
      early,
    ]);
    await advanceDatabaseClock(store, (tombstoneDays + 1) * dayMs);
    await purgeTombstones(store.db, 1);
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ resyncBelow: 3 });
    await purgeTombstones(store.db, 1);
    expect(await loadInboxSummary(store.db, userId)).toMatchObject({ resyncBelow: 3, head: 3 });
  });
});

describe('purging a removed user', () => {
  const canary = 'canary-7f3a';

  async function tellEverything(userId: UserId): Promise<void> {
    const content = { title: canary, body: canary, data: { canary }, url: `https://${canary}.example` };
    const ids = await fillInbox(store.db, organizationId, userId, 5, content);
    await changeInboxItems(store.db, userId, ids.slice(0, 1), 'delete');
    await dispatch(
      store.db,
      await accept(store.db, organizationId, [userId], { ...content, kinds: ['null'] }),
    );
    const details = { refused: [`${canary}@example.com`] };
    const idempotency = {
      callerId: userId,
      route: 'POST /v1/notifications',
      key: canary,
      bodyHash: 'h',
      details,
    };
    await insertNotifications(store.db, [makeRequest(organizationId, [userId], { idempotency, content })]);
    const deliveries = await store.rows(
      "select id from deliveries where recipient_id = $1 and state = 'pending'",
      [userId],
    );
    const leaseToken = newId<string>();
    const claimed = await claimDeliveries(store.db, {
      ...{
        ids: deliveries.map((row) => row['id'] as never),
        leaseToken,
        leaseMs: 1_000,
        alone: false,
        heldToo: true,
      },
    });
    await startAttempts(
      store.db,
      claimed.map(({ id }) => ({ deliveryId: id, leaseToken, message: { text: canary } })),
    );
    await store.rows(
      `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason)
       select id, 1, organization_id, carillon_now(), 'retry', $2 from deliveries where id = any($1)`,
      [claimed.map(({ id }) => id), canary],
    );
    const token = { operator: false, name: canary, lookup: canary, hash: canary, scopes: [] };
    const tokenId = newId<never>();
    await insertAccessToken(store.db, {
      id: tokenId,
      organizationId,
      userId,
      ...token,
      expiresInSeconds: 60,
    });
    const credential = { tokenId, sessionId: undefined, credentialExpiresAt: undefined };
    const ticket = { hash: canary, organizationId, userId, ...credential };
    await insertStreamTicket(store.db, ticket, 60_000);
  }

  /** Tables in which the text stands, each with how often. */
  async function tablesWith(text: string): Promise<string[]> {
    const tables = await store.rows("select tablename from pg_tables where schemaname = 'public' order by 1");
    const found: string[] = [];
    for (const { tablename } of tables) {
      const rows = await store.rows(
        `select 1 from ${String(tablename)} t where t::text ilike '%' || $1 || '%'`,
        [text],
      );
      if (rows.length > 0) found.push(String(tablename));
    }
    return found;
  }

  it('leaves no row and no word of that user in any table, and touches nobody else', async () => {
    const other = await makeUser(store.db, organizationId, { name: 'other' });
    await fillInbox(store.db, organizationId, other, 3, { title: 'stays' });
    const userId = await makeUser(store.db, organizationId, {
      ...{
        externalId: canary,
        email: `${canary}@example.com`,
        username: canary,
        name: canary,
        zone: 'Asia/Tokyo',
      },
      profile: { canary },
    });
    await tellEverything(userId);
    expect(await tablesWith(canary)).toEqual([
      ...['access_tokens', 'attempts', 'contact_points', 'deliveries', 'idempotency_keys', 'notifications'],
      ...['stream_tickets', 'users'],
    ]);
    await store.db.transaction().execute((db) => deleteUser(db, organizationId, userId));
    expect(await tablesWith(canary)).toEqual(['attempts', 'deliveries', 'idempotency_keys', 'notifications']);
    expect(await drain(purgeDeletedUsers)).toBe(0);
    await advanceDatabaseClock(store, 60_001);
    expect(await drain(purgeDeletedUsers)).toBeGreaterThan(0);
    expect(await tablesWith(canary)).toEqual([]);
    expect(await tablesWith(userId)).toEqual([]);
    expect(await loadInboxSummary(store.db, other)).toMatchObject({ unread: 3 });
  });
});
