import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
});
