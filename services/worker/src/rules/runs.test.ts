import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId } from '@carillon/core';
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
});
