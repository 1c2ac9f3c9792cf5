import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId } from '@carillon/core';
import { changeInboxItems, setPaused } from '@carillon/db';
import { makeRuleWorld, type RuleWorld } from '../../test/rule-world.ts';

/** What keeps a run, or one of its messages, for later. */
describe('a run of rules', () => {
  let world: RuleWorld;
  beforeAll(async () => {
    world = await makeRuleWorld();
  });
  beforeEach(async () => {
    world.sent.length = 0;
    await world.rows.sql('truncate rule_runs, rule_steps, deliveries');
    await world.rows.sql('update inbox_state set bundles = null');
  });
  afterAll(() => world.stop());

  it('pauses in quiet hours before the next message, from which the next wait counts', async () => {
    await world.setRules([60, 'email', 120, 'webhook']);
    const id = await world.tell({ title: 'Quiet' });
    await world.quietFor(120);
    await world.pass(2);
    expect([world.sent, (await world.story(id)).at(-1)]).toEqual([[], 'hold notify_by_email quiet_hours']);
    await world.pass(123);
    expect(world.sent).toEqual(['email Quiet']);
    await world.pass(1);
    expect(world.sent).toEqual(['email Quiet']);
    await world.pass(1.1);
    expect(world.sent).toEqual(['email Quiet', 'webhook Quiet']);
    await world.quietFor(undefined);
  });

  it('never lets what is urgent wait for quiet hours', async () => {
    await world.quietFor(120);
    await world.setRules(['email', 60, 'webhook']);
    await world.tell({ title: 'Fire', urgent: true });
    await world.pass(1.1);
    expect(world.sent).toEqual(['email Fire', 'webhook Fire']);
    await world.quietFor(undefined);
  });

  it('looks at a paused run again when the quiet hours are changed', async () => {
    await world.quietFor(120);
    await world.setRules(['email']);
    await world.tell({ title: 'Quiet' });
    await world.sweep();
    expect(world.sent).toEqual([]);
    await world.quietFor(undefined);
    await world.sweep();
    expect(world.sent).toEqual(['email Quiet']);
  });

  it('waits while the organization is paused, and goes on when it is resumed', async () => {
    await world.setRules([60, 'email']);
    await world.tell({ title: 'Paused' });
    await setPaused(world.rows.connected.db, world.rows.organizationId, true);
    await world.pass(2);
    expect(world.sent).toEqual([]);
    await setPaused(world.rows.connected.db, world.rows.organizationId, false);
    await world.sweep();
    expect(world.sent).toEqual(['email Paused']);
  });

  it('leaves the messages of a paused kind waiting, and goes on', async () => {
    await world.rows.sql(`update organizations set paused_kinds = '{email}'`);
    await world.setRules(['email', 60, 'webhook']);
    const id = await world.tell({ title: 'Kind' });
    await world.pass(1.1);
    expect(world.sent).toEqual(['webhook Kind']);
    await world.rows.sql(`update organizations set paused_kinds = '{}'`);
    const rows = await world.rows.sql(
      `select kind, state, reason, step from deliveries where notification_id = $1 order by step`,
      [id],
    );
    expect(rows).toEqual([
      { kind: 'email', state: 'pending', reason: 'paused', step: 1 },
      { kind: 'webhook', state: 'sent', reason: null, step: 3 },
    ]);
  });

  it('tells a storm in one message after the first, without what was read, and machines of everything', async () => {
    await world.setRules(['email', 'webhook']);
    const ids: NotificationId[] = [];
    for (const title of ['One', 'Two', 'Three', 'Four']) ids.push(await world.tell({ title }));
    const mails = () => world.sent.filter((one) => one.startsWith('email'));
    expect([mails(), world.sent.length]).toEqual([['email One'], 5]);
    expect((await world.story(ids[1] as NotificationId))[1]).toBe('send notify_by_email bundled');
    const { connected, userId } = world.rows;
    await changeInboxItems(connected.db, userId, ids.slice(3), 'read');
    await world.pass(2.1);
    await untilSent('email', ids.slice(1, 3));
    expect(mails()).toEqual(['email One', 'email 2 notifications while you were away']);
  });

  it('sends a message that stayed alone as it is, and what is urgent beside it', async () => {
    await world.setRules(['email']);
    await world.tell({ title: 'One' });
    const second = await world.tell({ title: 'Two' });
    await world.tell({ title: 'Fire', urgent: true });
    expect(world.sent).toEqual(['email One', 'email Fire']);
    await world.pass(2.1);
    await untilSent('email', [second]);
    expect(world.sent).toEqual(['email One', 'email Fire', 'email Two']);
  });

  /** Offers what of these waited until now, as the due-scan does. */
  async function untilSent(kind: 'email', ids: readonly NotificationId[]): Promise<void> {
    const rows = await world.rows.sql(
      'select id from deliveries where notification_id = any($1) and kind = $2',
      [ids, kind],
    );
    await world.deps.runners[kind].offer(rows.map((row) => String(row['id']) as DeliveryId));
    await world.settled();
  }
});
