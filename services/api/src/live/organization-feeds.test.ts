import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import { connectDatabase, insertOrganization, upsertUser, type ConnectedDatabase } from '@carillon/db';
import { createNewId } from '@carillon/runtime';
import { createTestDatabase, pollUntil, runSql, silentLog, type TestDatabase } from '@carillon/testkit';
import { createOrganizationFeeds, type OrganizationFeeds } from './organization-feeds.ts';
import type { RowChange, RowListener } from './row-feed.ts';

const newId = createNewId();

/** Who writes down what it is told. */
interface Recorder extends RowListener {
  heard: RowChange[];
  losses: number;
}

function record(): Recorder {
  const recorder: Recorder = {
    ...{ heard: [], losses: 0 },
    told: (changes) => void recorder.heard.push(...changes),
    lost: () => void (recorder.losses += 1),
  };
  return recorder;
}

describe('the feed of an organization', () => {
  let database: TestDatabase;
  let connected: ConnectedDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    connected = connectDatabase({ url: database.url, log: silentLog });
  });
  afterAll(async () => {
    await connected.stop();
    await database.stop();
  });

  it('tells what hints tell of, each row once, and of no other organization', async () => {
    const { feeds, organizationId, userId } = await stage();
    const other = await stage();
    await place(organizationId, userId);
    const recorder = record();
    await feeds.watch(organizationId, recorder);
    const second = await place(organizationId, userId);
    const foreign = await place(other.organizationId, other.userId);
    feeds.onMoves([foreign.move, second.move]);
    feeds.onMoves([second.move]);
    // Else the change is read together with the row, which is rightly told once.
    await pollUntil(() => recorder.heard.length === 1);
    await change(second.id);
    feeds.onMoves([{ ...second.move, head: 3 }]);
    await pollUntil(() => recorder.heard.length === 2);
    expect(recorder.heard).toEqual([
      { number: second.number, kind: 'placed' },
      { number: second.number, kind: 'changed' },
    ]);
    await feeds.stop();
  });

  it('tells what no hint told of, when Redis is back and with the next hint of the same user', async () => {
    const { feeds, organizationId, userId } = await stage();
    const recorder = record();
    await feeds.watch(organizationId, recorder);
    const late = await makeUser(organizationId);
    const missed = [await place(organizationId, userId), await place(organizationId, late)];
    feeds.onReconnect();
    await pollUntil(() => recorder.heard.length === 2);
    const again = [await place(organizationId, userId), await place(organizationId, userId)];
    feeds.onMoves(again.slice(1).map((one) => one.move));
    await pollUntil(() => recorder.heard.length === 4);
    const numbers = recorder.heard.map((one) => one.number);
    expect(new Set(numbers.slice(0, 2))).toEqual(new Set(missed.map((one) => one.number)));
    expect(numbers.slice(2)).toEqual(again.map((one) => one.number));
    expect(recorder.heard.every((one) => one.kind === 'placed')).toBe(true);
    await feeds.stop();
  });

  it('keeps the hints that come before it knows where the inboxes stand', async () => {
    const { feeds, organizationId, userId } = await stage();
    const recorder = record();
    const watching = feeds.watch(organizationId, recorder);
    const before = await place(organizationId, userId);
    feeds.onMoves([before.move]);
    await watching;
    const after = await place(organizationId, userId);
    feeds.onMoves([after.move]);
    await pollUntil(() => recorder.heard.some((one) => one.number === after.number));
    expect(new Set(recorder.heard.map((one) => one.number)).size).toBe(recorder.heard.length);
    await feeds.stop();
  });

  it('is listened to only while somebody watches', async () => {
    const { feeds, organizationId, listening } = await stage();
    const [one, two] = [record(), record()];
    await Promise.all([feeds.watch(organizationId, one), feeds.watch(organizationId, two)]);
    expect(listening()).toEqual([organizationId]);
    feeds.leave(organizationId, one);
    expect(listening()).toEqual([organizationId]);
    feeds.leave(organizationId, two);
    feeds.leave(organizationId, two);
    expect(listening()).toEqual([]);
    await feeds.stop();
  });

  it('says that something was lost when it cannot be read, or is too much', async () => {
    const { feeds, organizationId, userId } = await stage();
    const recorder = record();
    await feeds.watch(organizationId, recorder);
    await runSql(
      database.url,
      `with bumped as (update inbox_state set head = head + 1 where user_id = $2 returning head)
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, inbox_at,
         placed_sequence, changed_sequence)
       select gen_random_uuid(), $1, n, $1, $2, 'x', carillon_now(), head, head
       from bumped, generate_series(1, 10001) n`,
      [organizationId, userId],
    );
    feeds.onMoves([{ userId, organizationId, head: 1 }]);
    await pollUntil(() => recorder.losses === 1);
    expect(recorder.heard).toEqual([]);
    await runSql(database.url, 'alter table notifications rename column number to away');
    try {
      feeds.onMoves([{ userId, organizationId, head: 2 }]);
      await pollUntil(() => recorder.losses === 2);
    } finally {
      await runSql(database.url, 'alter table notifications rename column away to number');
    }
    await feeds.stop();
  });

  async function stage(): Promise<{
    feeds: OrganizationFeeds;
    organizationId: OrganizationId;
    userId: UserId;
    listening(): OrganizationId[];
  }> {
    const organizationId = newId() as OrganizationId;
    const slug = `o-${organizationId.slice(-12)}`;
    await insertOrganization(connected.db, { id: organizationId, slug, name: slug, paused: false });
    const subscribed = new Set<OrganizationId>();
    const feeds = createOrganizationFeeds(
      { system: connected.db, log: silentLog },
      {
        subscribeOrganization: async (id) => void subscribed.add(id),
        unsubscribeOrganization: async (id) => void subscribed.delete(id),
      },
    );
    const userId = await makeUser(organizationId);
    return { feeds, organizationId, userId, listening: () => [...subscribed] };
  }

  async function makeUser(organizationId: OrganizationId): Promise<UserId> {
    const fields = { externalId: newId() };
    const { user } = await upsertUser(connected.db, { id: newId() as UserId, organizationId, fields });
    return user.id;
  }

  let placed = 20_000;

  /** An item that entered the inbox, and the hint of it. */
  async function place(organizationId: OrganizationId, userId: UserId) {
    const id = newId() as NotificationId;
    placed += 1;
    const rows = await runSql(
      database.url,
      `with bumped as (update inbox_state set head = head + 1 where user_id = $3 returning head)
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at,
         inbox_at, placed_sequence, changed_sequence)
       select $1, $2, $4, $1, $3, 'x', carillon_now(), carillon_now(), head, head from bumped
       returning placed_sequence::int as head`,
      [id, organizationId, userId, placed],
    );
    const head = Number(rows[0]?.['head']);
    return { id, number: placed, move: { userId, organizationId, head } };
  }

  async function change(id: NotificationId): Promise<void> {
    await runSql(
      database.url,
      `with bumped as (update inbox_state s set head = head + 1 from notifications n
         where n.id = $1 and s.user_id = n.recipient_id returning s.head)
       update notifications n set changed_sequence = bumped.head from bumped where n.id = $1`,
      [id],
    );
  }
});
