import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId, RuleId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { explainQueries } from '../../../test/statements.ts';
import {
  accept,
  dispatch,
  fillInbox,
  makeOrganization,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../../test/store.ts';
import { inTransaction } from '../../transactions.ts';
import { loadOldestDueSeconds } from '../due.ts';
import { changeInboxItems } from '../inbox.ts';
import { setPaused } from '../organizations.ts';
import { replaceRules } from '../rule-lists.ts';
import { deleteUser } from '../users.ts';
import { listDueRuns, listDueRunsOf, lockForSteps } from './due.ts';
import { loadRuns } from './load.ts';
import { placeSteps, type RunPlacement } from './place.ts';

let store: TestStore;
let organizationId: OrganizationId;
let userId: UserId;
beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  await store.rows('truncate rule_runs, rule_steps, deliveries, notifications');
  organizationId = await makeOrganization(store.db);
  userId = await makeUser(store.db, organizationId);
});
afterAll(() => store.stop());

const due = (max = 100) => listDueRuns(store.db, { perOrganization: 100, max });

/** Runs that stand before their first step, due so many seconds from now. */
async function makeRuns(
  owner: { organizationId: OrganizationId; userId: UserId },
  count: number,
  inSeconds = 0,
): Promise<NotificationId[]> {
  const ids = await fillInbox(store.db, owner.organizationId, owner.userId, count);
  await store.rows(
    `insert into rule_runs (notification_id, organization_id, user_id, list, urgent, next_at)
     select id, $2, $3, 'default', false, carillon_now() + $4 * interval '1 second' from unnest($1::uuid[]) id`,
    [ids, owner.organizationId, owner.userId, inSeconds],
  );
  return ids;
}

function ended(id: NotificationId): RunPlacement {
  return {
    ...{ id, sequence: 0, steps: [], next: { state: 'finished', reason: undefined } },
    place: { ruleId: undefined, cursor: undefined, round: 0, pausedAt: undefined, fellBack: false },
  };
}

describe('the scan for runs', () => {
  it('finds what is due and nothing before its time', async () => {
    const [now] = await makeRuns({ organizationId, userId }, 1);
    const [later] = await makeRuns({ organizationId, userId }, 1, 60);
    expect(await due()).toEqual([{ id: now, userId }]);
    await advanceDatabaseClock(store, 59_000);
    expect(await due()).toHaveLength(1);
    await advanceDatabaseClock(store, 1_000);
    expect((await due()).map((one) => one.id)).toEqual([now, later]);
    expect(await listDueRunsOf(store.db, [later as NotificationId])).toEqual([{ id: later, userId }]);
  });

  it('lets organizations take turns, and leaves out one that is paused', async () => {
    const other = await makeOrganization(store.db);
    const otherUser = await makeUser(store.db, other);
    await makeRuns({ organizationId, userId }, 10);
    await makeRuns({ organizationId: other, userId: otherUser }, 2);
    expect((await due(4)).filter((one) => one.userId === otherUser)).toHaveLength(2);
    await setPaused(store.db, organizationId, true);
    expect(await due()).toHaveLength(2);
  });

  it('is late in the figure that operators watch', async () => {
    await makeRuns({ organizationId, userId }, 1);
    await advanceDatabaseClock(store, 90_000);
    expect(await loadOldestDueSeconds(store.db)).toBeGreaterThanOrEqual(90);
  });

  it('leaves out users whom somebody holds, unless it is asked to wait', async () => {
    const other = await makeUser(store.db, organizationId);
    await inTransaction(store.db, async (holder) => {
      await lockForSteps(holder, [userId], { waits: true });
      const second = store.connect('carillon_system', 2);
      const locked = await inTransaction(second, (db) => lockForSteps(db, [userId, other], { waits: false }));
      expect([...locked.keys()]).toEqual([other]);
    });
  });

  it('writes a step for the run as it was read, and not twice', async () => {
    const [id] = await makeRuns({ organizationId, userId }, 1);
    const placement = ended(id as NotificationId);
    expect(await placeSteps(store.db, [{ ...placement, sequence: 1 }])).toEqual(new Set());
    expect(await placeSteps(store.db, [placement])).toEqual(new Set([id]));
    expect(await placeSteps(store.db, [placement])).toEqual(new Set());
    expect(await due()).toEqual([]);
  });

  it('reads what a step is decided by: what was done with the item, and what came of the steps before', async () => {
    const [id] = await makeRuns({ organizationId, userId }, 1);
    await store.rows(
      `insert into deliveries (id, organization_id, notification_id, recipient_id, step, kind, channel_id, state)
       values (gen_random_uuid(), $1, $2, $3, 1, 'email', $1, 'sent'),
         (gen_random_uuid(), $1, $2, $3, 2, 'webhook', $1, 'pending'),
         (gen_random_uuid(), $1, $2, $3, 0, 'null', $1, 'sent')`,
      [organizationId, id, userId],
    );
    await store.rows('update notifications set read_at = carillon_now() where id = $1', [id]);
    const { runs } = await loadRuns(store.db, [id as NotificationId]);
    expect(runs).toMatchObject([
      { sequence: 0, read: true, dismissed: false, acknowledged: false, contactPoints: [] },
    ]);
    expect(runs[0]?.deliveries).toEqual({ openSince: expect.any(Date), reached: true, mailed: true });
  });

  it('is read by its indexes', async () => {
    const ids = await makeRuns({ organizationId, userId }, 3);
    const plans = await explainQueries(store, async (db) => {
      await listDueRuns(db, { perOrganization: 100, max: 100 });
      await listDueRunsOf(db, ids);
      await loadRuns(db, ids);
      await placeSteps(db, ids.map(ended));
      await changeInboxItems(db, userId, ids, 'read');
    });
    expect(plans).toMatch(/rule_runs_due/);
    expect(plans).toMatch(/rule_runs_pkey/);
  });
});

describe('runs', () => {
  it('are not begun for somebody without rules, and begun once for somebody with them', async () => {
    const [plain] = await accept(store.db, organizationId, [userId]);
    await dispatch(store.db, [plain as NotificationId]);
    expect(await due()).toEqual([]);
    const steps = [{ id: newId<RuleId>(), type: 'notify_by_email' as const, waitSeconds: null }];
    await inTransaction(store.db, (db) =>
      replaceRules(db, { organizationId, userId, important: false }, { steps, repeat: null }),
    );
    const ids = await accept(store.db, organizationId, [userId, userId]);
    await dispatch(store.db, ids);
    await dispatch(store.db, ids);
    expect((await due()).map((one) => one.id).toSorted()).toEqual(ids.toSorted());
  });

  it('are stopped for a user who is removed, and for nobody else', async () => {
    const other = await makeUser(store.db, organizationId);
    const [gone] = await makeRuns({ organizationId, userId }, 1);
    const [kept] = await makeRuns({ organizationId, userId: other }, 1);
    await inTransaction(store.db, (db) => deleteUser(db, organizationId, userId));
    const rows = await store.rows('select notification_id as id, state, reason from rule_runs');
    expect(rows).toContainEqual({ id: gone, state: 'stopped', reason: 'user_deleted' });
    expect(rows).toContainEqual({ id: kept, state: 'running', reason: null });
  });
});
