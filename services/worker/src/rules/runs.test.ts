import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId } from '@carillon/core';
import { changeInboxItems, setPaused } from '@carillon/db';
import { makeRuleWorld, type RuleWorld } from '../../test/rule-world.ts';

/** Real rows, the real engine and real runners; only the adapters are of the test. */
describe('runs of rules', () => {
  let world: RuleWorld;
  beforeAll(async () => {
    world = await makeRuleWorld();
  });
  beforeEach(async () => {
    world.sent.length = 0;
    world.answerWith({ outcome: 'sent' });
    await world.rows.sql('truncate rule_runs, rule_steps, deliveries');
    await world.rows.sql('update inbox_state set bundles = null');
    await world.setRules([]);
    await world.setRules([], { important: true });
  });
  afterAll(() => world.stop());

  it('tells step by step, and waits in between', async () => {
    await world.setRules(['webhook', 300, 'email', 60, 'slack']);
    const id = await world.tell({ title: 'Fire' });
    expect(world.sent).toEqual(['webhook Fire']);
    await world.pass(4.9);
    expect(world.sent).toEqual(['webhook Fire']);
    await world.pass(0.2);
    expect(world.sent).toEqual(['webhook Fire', 'email Fire']);
    await world.pass(1);
    await world.pass(1);
    expect(await world.story(id)).toEqual([
      'finished',
      ...['send notify_by_webhook', 'wait wait', 'send notify_by_email', 'wait wait'],
      'suppress notify_by_slack channel_unavailable',
    ]);
    const [row] = await world.rows.sql('select inbox_at, decisions from notifications where id = $1', [id]);
    expect(row?.['inbox_at']).not.toBeNull();
    expect(JSON.stringify(row?.['decisions'])).toContain('rules_decide');
  });

  it('leaves somebody without rules to their preferences', async () => {
    const id = await world.tell({ title: 'Plain' });
    expect(world.sent.toSorted()).toEqual(['email Plain', 'null ', 'webhook Plain'].toSorted());
    expect(await world.story(id)).toEqual([]);
  });

  it.each([
    { name: 'the important list of what is urgent', important: ['webhook'] as const, sent: 'webhook Fire' },
    { name: 'the default list where the important one is empty', important: [], sent: 'email Fire' },
  ])('takes $name', async ({ important, sent }) => {
    await world.setRules(['email']);
    await world.setRules(important, { important: true });
    await world.tell({ title: 'Fire', urgent: true });
    expect(world.sent).toEqual([sent]);
  });

  it('reads the rules anew at each step: one added, the one that was executed last deleted', async () => {
    await world.setRules(['webhook', 300]);
    const id = await world.tell({ title: 'Fire' });
    await world.rows.sql(`delete from rules where type = 'wait'`);
    await world.rows.sql(
      `insert into rules (id, organization_id, user_id, position, type)
       values (gen_random_uuid(), $1, $2, 5, 'notify_by_email')`,
      [world.rows.organizationId, world.rows.userId],
    );
    await world.rows.sql('update inbox_state set policy_version = policy_version + 1');
    await world.pass(4);
    // The wait that runs keeps its length.
    expect(world.sent).toEqual(['webhook Fire']);
    await world.pass(1.1);
    expect(world.sent).toEqual(['webhook Fire', 'email Fire']);
    expect((await world.story(id))[0]).toBe('running');
  });

  it('comes to its end when all rules are deleted', async () => {
    await world.setRules(['webhook', 300, 'email']);
    const id = await world.tell();
    await world.setRules([]);
    await world.pass(6);
    expect(await world.story(id)).toEqual(['finished', 'send notify_by_webhook', 'wait wait']);
  });

  it('begins anew as often as the list is to be repeated', async () => {
    await world.setRules(['email'], { repeat: { times: 2, everySeconds: 600 } });
    const id = await world.tell({ title: 'Again' });
    for (let round = 0; round < 4; round += 1) await world.pass(10.1);
    expect(world.sent).toEqual(['email Again', 'email Again', 'email Again']);
    expect((await world.story(id)).slice(0, 3)).toEqual(['finished', 'send notify_by_email', 'wait repeat']);
  });

  it('sends an e-mail at an end that reached nobody, and says so', async () => {
    await world.setRules(['slack', 60]);
    const id = await world.tell({ title: 'Fire' });
    await world.pass(1.1);
    expect(world.sent).toEqual(['email Fire']);
    await world.pass(1);
    expect(await world.story(id)).toEqual([
      'finished',
      ...['suppress notify_by_slack channel_unavailable', 'wait wait', 'send fallback'],
    ]);
  });

  it('goes on when a step fails for good, and tells that nobody was reached', async () => {
    world.answerWith({ outcome: 'reject', reason: 'no' });
    await world.setRules(['webhook', 60, 'email']);
    const id = await world.tell();
    await world.pass(1.1);
    await world.pass(1);
    expect(await world.story(id)).toEqual([
      'finished rules_unreached',
      ...['send notify_by_webhook', 'wait wait', 'send notify_by_email'],
    ]);
  });

  it('ends when its last message is through, not before', async () => {
    world.answerWith({ outcome: 'retry', reason: 'later' });
    await world.setRules(['webhook']);
    const id = await world.tell();
    expect((await world.story(id))[0]).toBe('running');
    await world.pass(0.2);
    expect((await world.story(id))[0]).toBe('running');
    world.answerWith({ outcome: 'sent' });
    const [delivery] = await world.rows.sql(
      `update deliveries set not_before = carillon_now() where notification_id = $1 returning id`,
      [id],
    );
    await world.deps.runners.webhook.offer([String(delivery?.['id']) as DeliveryId]);
    await world.pass(30);
    expect(await world.story(id)).toEqual(['finished', 'send notify_by_webhook']);
  });

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

  it('does each step once, however many workers take it on at the same time', async () => {
    await world.setRules([60, 'webhook', 60, 'webhook']);
    const ids = [await world.tell({ title: 'One' }), await world.tell({ title: 'Two' })];
    for (let step = 0; step < 3; step += 1) {
      await world.pass(0);
      await Promise.all([world.pass(1.1), world.sweep(), world.sweep()]);
    }
    expect(world.sent.toSorted()).toEqual(['webhook One', 'webhook One', 'webhook Two', 'webhook Two']);
    for (const id of ids) {
      expect(await world.story(id)).toEqual([
        'finished',
        ...['wait wait', 'send notify_by_webhook', 'wait wait', 'send notify_by_webhook'],
      ]);
    }
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
