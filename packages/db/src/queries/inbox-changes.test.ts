import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import {
  accept,
  dispatch,
  makeOrganization,
  makeUsers,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';
import { changeInboxItems, readAll, type InboxItem, type InboxVerb } from './inbox.ts';
import { loadInboxDeltas } from './live.ts';
import { cancelNotification } from './notifications.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

const writers = 8;
const stepsOfWriter = 25;
const verbs: InboxVerb[] = ['read', 'unread', 'seen', 'unseen', 'archive', 'unarchive', 'dismiss', 'delete'];

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a client keeps that asks again and again for what changed after its cursor. */
class Follower {
  readonly copy = new Map<NotificationId, InboxItem>();
  readonly announced = new Map<NotificationId, number>();
  readonly wrong: string[] = [];
  readonly userId: UserId;
  cursor = 0;

  constructor(userId: UserId) {
    this.userId = userId;
  }

  async poll(db: Database): Promise<void> {
    const [delta] = await loadInboxDeltas(db, [{ userId: this.userId, after: this.cursor }], {
      limit: 10_000,
      counts: true,
    });
    if (delta === undefined) throw new Error('the inbox is not there');
    if (delta.head < this.cursor) this.wrong.push(`head fell from ${this.cursor} to ${delta.head}`);
    for (const row of delta.rows) this.take(row, delta.head);
    if (delta.rows.length === 0 && delta.head !== this.cursor)
      this.wrong.push(`number ${delta.head} has no row`);
    this.cursor = delta.head;
    const shown = [...this.copy.values()].filter(isShown);
    if (delta.counts?.unread !== shown.filter((row) => row.read_at === null).length) {
      this.wrong.push(`at ${delta.head} the copy counts otherwise than the store`);
    }
  }

  private take(row: InboxItem, head: number): void {
    if (row.changed_sequence > head) this.wrong.push(`row of ${row.changed_sequence} above the head ${head}`);
    if (row.placed_sequence > this.cursor) {
      this.announced.set(row.id, (this.announced.get(row.id) ?? 0) + 1);
    } else if (!this.announced.has(row.id)) {
      this.wrong.push(`${row.id} changed and was never announced`);
    }
    this.copy.set(row.id, row);
  }
}

function isShown(row: InboxItem): boolean {
  const hidden = [row.archived_at, row.dismissed_at, row.snoozed_until, row.expired_at, row.deleted_at];
  return hidden.every((at) => at === null);
}

async function act(
  db: Database,
  organizationId: OrganizationId,
  users: readonly UserId[],
  random: () => number,
) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const userId = pick(users);
  const some = (await placedOf(db, userId)).filter(() => random() < 0.3);
  const dice = random();
  if (dice < 0.4) {
    const recipients = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(users));
    await dispatch(db, await accept(db, organizationId, recipients));
  } else if (dice < 0.85) {
    await changeInboxItems(db, userId, some, pick(verbs));
  } else if (dice < 0.93) {
    await readAll(organizationId, userId, Math.floor(random() * 40), (work) => inTransaction(db, work));
  } else if (some[0] !== undefined) {
    await cancelNotification(db, organizationId, some[0], random() < 0.5).catch((error: Error) => {
      if (error.name !== 'NotFoundError') throw error;
    });
  }
}

async function placedOf(db: Database, userId: UserId): Promise<NotificationId[]> {
  const rows = await db
    .selectFrom('notifications')
    .select('id')
    .where('recipient_id', '=', userId)
    .where('placed_sequence', 'is not', null)
    .orderBy('id', 'desc')
    .limit(20)
    .execute();
  return rows.map((row) => row.id);
}

describe('changes of inboxes by many at once', () => {
  const seeds = [1, Math.floor(Math.random() * 2 ** 31)];
  it.each(seeds)('reach a follower without a hole, each placed row once (seed %d)', async (seed) => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 4);
    const followers = users.map((userId) => new Follower(userId));
    let writing = true;
    const following = followers.map(async (follower) => {
      while (writing) await follower.poll(store.db);
      await follower.poll(store.db);
    });
    const work = Array.from({ length: writers }, async (_, writer) => {
      const random = randomOf(seed + writer * 7_919);
      for (let step = 0; step < stepsOfWriter; step += 1) await act(store.db, organizationId, users, random);
    });
    await Promise.all(work).finally(() => {
      writing = false;
    });
    await Promise.all(following);

    for (const follower of followers) {
      expect(follower.wrong).toEqual([]);
      const rows = await store.rows(
        `select id, changed_sequence::int, placed_sequence::int, read_at, archived_at, deleted_at, title
         from notifications where recipient_id = $1 and placed_sequence is not null order by id`,
        [follower.userId],
      );
      const copy = [...follower.copy.values()]
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, changed_sequence, placed_sequence, read_at, archived_at, deleted_at, title }) => {
          return { id, changed_sequence, placed_sequence, read_at, archived_at, deleted_at, title };
        });
      expect(copy).toEqual(rows);
      expect([...follower.announced.values()].filter((times) => times !== 1)).toEqual([]);
      const highest = Math.max(0, ...rows.map((row) => Number(row['changed_sequence'])));
      expect(highest).toBe(follower.cursor);
    }
    const [row] = await store.rows(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    );
    expect(row).toEqual({ deadlocks: 0 });
  });

  it('raise a head by one for each change that changed something, and by none for the others', async () => {
    const organizationId = await makeOrganization(store.db);
    const [userId, other] = (await makeUsers(store.db, organizationId, 2)) as [UserId, UserId];
    const ids = await accept(store.db, organizationId, [userId, userId, other]);
    const placed = await dispatch(store.db, ids);
    expect(placed.map((one) => one.head)).toEqual([1, 1, 1]);
    const heads: (number | undefined)[] = [];
    for (const verb of [
      'read',
      'read',
      'seen',
      'archive',
      'archive',
      'unarchive',
      'delete',
      'delete',
    ] as const) {
      heads.push((await changeInboxItems(store.db, userId, ids, verb)).head);
    }
    expect(heads).toEqual([2, undefined, undefined, 3, undefined, 4, 5, undefined]);
    const states = await store.rows(
      'select head::int from inbox_state where user_id = any($1) order by head',
      [[userId, other]],
    );
    expect(states.map((state) => state['head'])).toEqual([1, 5]);
  });
});
