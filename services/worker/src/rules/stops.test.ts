import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId } from '@carillon/core';
import {
  cancelNotification,
  changeInboxItems,
  claimDeliveries,
  deleteUser,
  expireNotifications,
  readAll,
  startAttempts,
  upsertPreferences,
  type InboxVerb,
} from '@carillon/db';
import { advanceDatabaseClock } from '@carillon/testkit';
import { makeRuleWorld, type RuleWorld } from '../../test/rule-world.ts';

/** What ends a run, and that nothing is sent after it. */
describe('a run of rules', () => {
  let world: RuleWorld;
  beforeAll(async () => {
    world = await makeRuleWorld();
    await world.setRules(['webhook', 300, 'email']);
  });
  beforeEach(() => {
    world.sent.length = 0;
    world.answerWith({ outcome: 'sent' });
  });
  afterAll(() => world.stop());

  const change = (id: NotificationId, verb: InboxVerb) =>
    changeInboxItems(world.rows.connected.db, world.rows.userId, [id], verb);
  async function readEverything(): Promise<void> {
    const { connected, organizationId, userId } = world.rows;
    await readAll(organizationId, userId, Number.MAX_SAFE_INTEGER, (work) => work(connected.db));
  }

  it.each<{ verb: InboxVerb; reason: string; urgent: boolean }>([
    ...(['read', 'acknowledge'] as const).map((verb) => ({
      verb,
      reason: 'notification_read',
      urgent: false,
    })),
    ...(['dismiss', 'archive'] as const).map((verb) => ({
      verb,
      reason: 'notification_dismissed',
      urgent: false,
    })),
    { verb: 'delete', reason: 'notification_deleted', urgent: false },
    { verb: 'read', reason: 'notification_read', urgent: true },
  ])('is over with the answer to $verb (urgent: $urgent)', async ({ verb, reason, urgent }) => {
    const id = await world.tell({ title: verb, urgent });
    await change(id, verb);
    expect((await world.story(id))[0]).toBe(`stopped ${reason}`);
    await world.pass(6);
    expect(world.sent).toEqual([`webhook ${verb}`]);
  });

  it.each<{ verb: InboxVerb }>([{ verb: 'seen' }, { verb: 'unread' }])(
    'goes on after $verb',
    async ({ verb }) => {
      const id = await world.tell({ title: verb });
      await change(id, verb);
      await world.pass(6);
      expect(world.sent).toEqual([`webhook ${verb}`, `email ${verb}`]);
    },
  );

  it('ends when everything is marked as read', async () => {
    const id = await world.tell({ title: 'All' });
    await readEverything();
    await world.pass(6);
    expect([await world.story(id), world.sent]).toEqual([
      expect.arrayContaining(['stopped notification_read']),
      ['webhook All'],
    ]);
  });

  it('goes on when everything is marked as read and it is urgent, until this very item is read', async () => {
    const id = await world.tell({ title: 'Fire', urgent: true });
    await readEverything();
    await world.pass(6);
    expect(world.sent).toEqual(['webhook Fire', 'email Fire']);
    await change(id, 'read');
    expect((await world.story(id))[0]).toBe('stopped notification_read');
  });

  it('ends when the sender cancels', async () => {
    const id = await world.tell({ title: 'Gone' });
    await cancelNotification(world.rows.connected.db, world.rows.organizationId, id, false);
    expect((await world.story(id))[0]).toBe('stopped notification_cancelled');
    await world.pass(6);
    expect(world.sent).toEqual(['webhook Gone']);
  });

  it.each([
    { name: 'by the sweep', sweeps: true },
    { name: 'at its next step, whatever the sweep did', sweeps: false },
  ])('ends when the notification expires, $name', async ({ sweeps }) => {
    const id = await world.tell({ title: 'Old' });
    await world.rows.sql(
      `update notifications set expires_at = carillon_now() + interval '1 minute' where id = $1`,
      [id],
    );
    await advanceDatabaseClock(world.rows.database, 61_000);
    if (sweeps) await expireNotifications(world.rows.connected.db, 10);
    await world.pass(6);
    expect((await world.story(id))[0]).toBe('stopped notification_expired');
    expect(world.sent).toEqual(['webhook Old']);
  });

  it('ends at its next step when its category was switched off', async () => {
    const id = await world.tell({ title: 'Off' });
    const { connected, organizationId, userId } = world.rows;
    const row = {
      category: 'general',
      environment: '',
      project: '',
      kind: '' as const,
      window: null,
      mode: null,
    };
    await connected.db
      .transaction()
      .execute((transaction) =>
        upsertPreferences(transaction, { organizationId, userId }, [
          { ...row, id: '00000000-0000-4000-8000-000000000001', enabled: false },
        ]),
      );
    await world.pass(6);
    expect([(await world.story(id))[0], world.sent]).toEqual(['stopped preference_off', ['webhook Off']]);
    await world.rows.sql('delete from preferences');
    await world.rows.sql('update inbox_state set policy_version = policy_version + 1');
  });

  it('takes back a message that waits for its next try', async () => {
    world.answerWith({ outcome: 'retry', reason: 'busy' });
    const id = await world.tell({ title: 'Busy' });
    await change(id, 'read');
    expect(await deliveriesOf(id)).toEqual(['webhook cancelled notification_read']);
  });

  it('takes back a message that a worker has claimed and not begun to send', async () => {
    world.answerWith({ outcome: 'retry', reason: 'busy' });
    const id = await world.tell({ title: 'Claimed' });
    const rows = await world.rows.sql(
      `update deliveries set not_before = carillon_now() where notification_id = $1 returning id`,
      [id],
    );
    const ids = rows.map((row) => String(row['id']) as DeliveryId);
    const { db } = world.deps;
    const lease = { leaseToken: world.deps.newId(), leaseMs: 60_000 };
    expect(await claimDeliveries(db, { ids, alone: false, heldToo: true, ...lease })).toHaveLength(1);
    await change(id, 'read');
    const starting = ids.map((deliveryId) => ({ deliveryId, leaseToken: lease.leaseToken, message: {} }));
    expect((await startAttempts(db, starting)).size).toBe(0);
    expect(await deliveriesOf(id)).toEqual(['webhook cancelled notification_read']);
  });

  it('sends nothing of a message that was made before the stop and claimed after it', async () => {
    const id = await world.tell({ title: 'Late' });
    await change(id, 'read');
    // As a message that is there although its run is over: replayed, say.
    await world.rows.sql(
      `update deliveries set state = 'pending', not_before = carillon_now(), settled_at = null, reason = null
       where notification_id = $1`,
      [id],
    );
    world.sent.length = 0;
    const rows = await world.rows.sql('select id from deliveries where notification_id = $1', [id]);
    await world.deps.runners.webhook.offer(rows.map((one) => String(one['id']) as DeliveryId));
    expect([world.sent, await deliveriesOf(id)]).toEqual([[], ['webhook cancelled notification_read']]);
  });

  it('ends with its user', async () => {
    const id = await world.tell({ title: 'Left' });
    const { connected, organizationId, userId } = world.rows;
    await connected.db
      .transaction()
      .execute((transaction) => deleteUser(transaction, organizationId, userId));
    expect((await world.story(id))[0]).toBe('stopped user_deleted');
    await world.pass(6);
    expect(world.sent).toEqual(['webhook Left']);
  });

  async function deliveriesOf(id: NotificationId): Promise<string[]> {
    const rows = await world.rows.sql(
      `select concat_ws(' ', kind, state, reason) as told from deliveries where notification_id = $1 order by step`,
      [id],
    );
    return rows.map((row) => String(row['told']));
  }
});
