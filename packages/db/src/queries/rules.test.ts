import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  placeRule,
  ruleLimits,
  type OrganizationId,
  type PlacedRule,
  type RuleId,
  type RulePlaceWish,
  type UserId,
} from '@carillon/core';
import { makeOrganization, makeUser, newId, openTestStore, type TestStore } from '../../test/store.ts';
import type { Database } from '../connect.ts';
import { inOrganization, inTransaction } from '../transactions.ts';
import { listPeople } from './people.ts';
import { loadRuleRepeats, loadRuleSurroundings, replaceRules } from './rule-lists.ts';
import {
  deleteRule,
  getRule,
  insertRule,
  listRules,
  listRulesOf,
  updateRule,
  type RuleListKey,
  type RuleStep,
} from './rules.ts';
import { deleteUser, loadUser } from './users.ts';

let store: TestStore;
let api: Database;
let organizationId: OrganizationId;

beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api');
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

const mail: RuleStep = { type: 'notify_by_email', waitSeconds: null };
const wait = (waitSeconds: number): RuleStep => ({ type: 'wait', waitSeconds });
const end: RulePlaceWish = { to: 'end' };
const move = (position: number): RulePlaceWish => ({ to: 'move', position });

async function newList(important = false): Promise<RuleListKey> {
  return { organizationId, userId: await makeUser(store.db, organizationId), important };
}
/** As requests write: each in a transaction of its own, as the role of the API. */
const write = <T>(list: RuleListKey, work: (db: Database) => Promise<T>): Promise<T> =>
  inOrganization(api, list.organizationId, work);
const insert = (list: RuleListKey, place: RulePlaceWish = end, step = mail, id = newId<RuleId>()) =>
  write(list, (db) => insertRule(db, list, { id, place, ...step }));
const rulesOf = async (list: RuleListKey) =>
  (await listRulesOf(store.db, list)).filter((rule) => rule.important === list.important);
const policyVersion = async (userId: UserId) => {
  const [row] = await store.rows('select policy_version::int as v from inbox_state where user_id = $1', [
    userId,
  ]);
  return Number(row?.['v']);
};

describe('a list of rules', () => {
  it('keeps what was written, with short ids that clients without UUIDs can hold', async () => {
    const list = await newList(true);
    const made = await insert(list, move(3), wait(300));
    expect(made).toMatchObject({ position: 3, important: true, type: 'wait', wait_seconds: 300 });
    expect(made.short_id).toMatch(/^N[A-NP-Z1-9]{12}$/);
    expect(made.user_short_id).toMatch(/^U[A-NP-Z1-9]{12}$/);
    expect(await getRule(store.db, organizationId, { shortId: made.short_id })).toEqual(made);
    expect((await loadUser(store.db, organizationId, { shortId: made.user_short_id }))?.id).toBe(list.userId);
  });

  it('makes room, moves and leaves holes as the order says', async () => {
    const list = await newList();
    const [a, b] = [await insert(list), await insert(list)];
    const c = await insert(list, move(0));
    const placesOf = async () => (await rulesOf(list)).map((rule) => [rule.id, rule.position]);
    expect(await placesOf()).toEqual([
      [c.id, 0],
      [a.id, 1],
      [b.id, 2],
    ]);
    await write(list, (db) => updateRule(db, list, c.id, { place: { to: 'swap', position: 2 } }));
    expect(await placesOf()).toEqual([
      [b.id, 0],
      [a.id, 1],
      [c.id, 2],
    ]);
    await write(list, (db) => deleteRule(db, list, a.id));
    expect(await placesOf()).toEqual([
      [b.id, 0],
      [c.id, 2],
    ]);
    expect((await insert(list)).position).toBe(3);
  });

  it('changes what a rule does and nothing of the others', async () => {
    const list = await newList();
    const [first, second] = [await insert(list), await insert(list, end, wait(60))];
    const changed = await write(list, (db) => updateRule(db, list, first.id, { step: wait(86_400) }));
    expect(changed).toMatchObject({ position: 0, type: 'wait', wait_seconds: 86_400 });
    expect(await getRule(store.db, organizationId, { id: second.id })).toEqual(second);
  });

  it('ends at fifty rules, and at the greatest position', async () => {
    const list = await newList();
    const steps = Array.from({ length: ruleLimits.stepsMax }, () => ({ ...mail, id: newId<RuleId>() }));
    await write(list, (db) => replaceRules(db, list, { steps, repeat: null }));
    await expect(insert(list)).rejects.toMatchObject({ code: 'limit.reached' });
    const other = { ...list, important: true };
    await insert(other, move(ruleLimits.positionMax));
    await expect(insert(other)).rejects.toMatchObject({ code: 'rule.position_invalid' });
    expect(await rulesOf(other)).toHaveLength(1);
  });

  it('is written again as a whole: what does the same stays the same rule, the rest goes', async () => {
    const list = await newList();
    const steps = (...all: RuleStep[]) => all.map((step) => ({ ...step, id: newId<RuleId>() }));
    const set = (...all: RuleStep[]) =>
      write(list, (db) =>
        replaceRules(db, list, { steps: steps(...all), repeat: { times: 2, everySeconds: 60 } }),
      );
    await insert({ ...list, important: true });
    await set(mail, wait(60), mail);
    const before = await rulesOf(list);
    await set(mail, wait(60), mail);
    expect(await rulesOf(list)).toEqual(before);
    await set(wait(60), mail, wait(120));
    const ids = (await rulesOf(list)).map((rule) => rule.id);
    expect(ids.slice(0, 2)).toEqual([before[1]?.id, before[0]?.id]);
    expect((await rulesOf(list)).map((rule) => rule.position)).toEqual([0, 1, 2]);
    expect(await loadRuleRepeats(store.db, list)).toEqual({
      ...{ default: { times: 2, everySeconds: 60 }, important: null },
    });
    await write(list, (db) => replaceRules(db, list, { steps: [], repeat: null }));
    expect(await rulesOf(list)).toEqual([]);
    expect(await loadRuleRepeats(store.db, list)).toEqual({ default: null, important: null });
    expect(await rulesOf({ ...list, important: true })).toHaveLength(1);
  });

  it('raises the version of its user with each change, so that what is being planned is planned again', async () => {
    const list = await newList();
    const before = await policyVersion(list.userId);
    const rule = await insert(list);
    await write(list, (db) => updateRule(db, list, rule.id, { step: wait(60) }));
    await write(list, (db) => replaceRules(db, list, { steps: [], repeat: null }));
    expect(await policyVersion(list.userId)).toBe(before + 3);
  });

  it('goes with its user', async () => {
    const list = await newList();
    await insert(list);
    await write(list, (db) =>
      replaceRules(db, { ...list, important: true }, { steps: [], repeat: { times: 1, everySeconds: 60 } }),
    );
    await write(list, (db) => deleteUser(db, organizationId, list.userId));
    expect(await listRulesOf(store.db, list)).toEqual([]);
    expect(await store.rows('select 1 from rule_lists where user_id = $1', [list.userId])).toEqual([]);
  });

  it('cannot be seen or changed from another organization, even by its id', async () => {
    const list = await newList();
    const rule = await insert(list);
    const foreign = { ...list, organizationId: await makeOrganization(store.db) };
    await expect(getRule(store.db, foreign.organizationId, { id: rule.id })).rejects.toMatchObject({
      code: 'rule.not_found',
    });
    await expect(write(foreign, (db) => deleteRule(db, foreign, rule.id))).rejects.toMatchObject({
      code: 'rule.not_found',
    });
    const seen = await write(foreign, (db) => sql`select id from rules`.execute(db));
    expect(seen.rows).toEqual([]);
    expect(await rulesOf(list)).toHaveLength(1);
  });
});

describe('lists by page', () => {
  it('are in the order of user, list and position, with the number of all', async () => {
    const own = await makeOrganization(store.db);
    const users = [await makeUser(store.db, own), await makeUser(store.db, own)].toSorted();
    const all: RuleListKey[] = [...users, ...users].map((userId, index) => {
      return { organizationId: own, userId, important: index > 1 };
    });
    for (const list of all.toReversed())
      for (const position of [1, 0]) await insert(list, { to: 'swap', position });
    const whole = await listRules(store.db, own, { offset: 0, limit: 100 });
    const order = whole.rules.map((rule) => [rule.user_id, rule.important, rule.position]);
    expect(order).toEqual(
      users.flatMap((id) => [false, true].flatMap((important) => [0, 1].map((at) => [id, important, at]))),
    );
    expect(whole.total).toBe(8);
    const page = await listRules(store.db, own, { userId: users[1], important: true, offset: 1, limit: 5 });
    expect(page).toMatchObject({ total: 2, rules: [{ position: 1 }] });
    const people = await listPeople(store.db, own, { offset: 1, limit: 1 });
    expect(people).toMatchObject({ total: 2, people: [{ id: users[1], role: 'member' }] });
  });

  it('find a short id by an index, also under row-level security', async () => {
    const list = await newList();
    const { short_id: shortId, user_short_id: userShortId } = await insert(list);
    const plan = await inOrganization(api, organizationId, async (db) => {
      await sql`set local enable_seqscan = off`.execute(db);
      const of = async (statement: ReturnType<typeof sql>) =>
        (await sql<{ 'QUERY PLAN': string }>`explain ${statement}`.execute(db)).rows
          .map((row) => row['QUERY PLAN'])
          .join('\n');
      return [
        await of(sql`select 1 from users where organization_id = ${sql.lit(organizationId)}
          and short_id = ${sql.lit(userShortId)} and deleted_at is null`),
        await of(sql`select 1 from rules where short_id = ${sql.lit(shortId)}`),
      ];
    });
    expect(plan[0]).toMatch(/users_short_id[\s\S]*Index Cond:.*short_id = /);
    expect(plan[1]).toMatch(/rules_short_id_key[\s\S]*Index Cond: \(short_id = /);
  });

  it('tell by what a user can be reached: no channel that is off, no address that is bad', async () => {
    const own = await makeOrganization(store.db);
    const owner = { organizationId: own, userId: await makeUser(store.db, own, { email: 'a@example.com' }) };
    await store.rows(
      `insert into channels (id, organization_id, kind, name, enabled) values
        (gen_random_uuid(), $1, 'email', 'on', true), (gen_random_uuid(), $1, 'webhook', 'off', false)`,
      [own],
    );
    await store.rows(
      `insert into contact_points (id, organization_id, user_id, kind, address, bad_reason)
        values (gen_random_uuid(), $1, $2, 'webhook', 'https://example.com', 'gone')`,
      [own, owner.userId],
    );
    expect(await loadRuleSurroundings(store.db, owner)).toEqual({
      ...{ channels: new Set(['email']), addresses: new Set(['email']) },
    });
  });
});

/** What one request of several at the same time does to a list. */
type Change =
  | { does: 'insert'; id: RuleId; place: RulePlaceWish }
  | { does: 'update'; id: RuleId; place: RulePlaceWish }
  | { does: 'delete'; id: RuleId };

const ids = Array.from({ length: 12 }, () => newId<RuleId>());
const places: fc.Arbitrary<RulePlaceWish> = fc.oneof(
  fc.constant(end),
  fc.record({ to: fc.constantFrom('move' as const, 'swap' as const), position: fc.nat({ max: 8 }) }),
);
const changes: fc.Arbitrary<Change[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.record({
          does: fc.constant('update' as const),
          id: fc.constantFrom(...ids.slice(0, 4)),
          place: places,
        }),
        fc.record({ does: fc.constant('delete' as const), id: fc.constantFrom(...ids.slice(0, 4)) }),
      ),
      { maxLength: 5 },
    ),
    fc.array(places, { minLength: 1, maxLength: 5 }),
  )
  .map(([others, news]) => [
    ...others,
    ...news.map((place, index) => ({ does: 'insert' as const, id: ids[4 + index] ?? newId(), place })),
  ]);

describe('writes of one list at the same time', () => {
  /** The list as one order of the changes leaves it. */
  function apply(list: readonly PlacedRule[], change: Change): PlacedRule[] {
    const { id } = change;
    const isThere = list.some((rule) => rule.id === id);
    if (change.does !== 'insert' && !isThere) return [...list];
    const rest = list.filter((rule) => rule.id !== id);
    if (change.does === 'delete') return rest;
    const placed = placeRule(list, id, change.place);
    const moved = new Map(placed?.others.map((rule) => [rule.id, rule]));
    const position = placed?.position ?? -1;
    return [...rest.map((rule) => moved.get(rule.id) ?? rule), { id, position }];
  }

  async function run(list: RuleListKey, change: Change, order: Change[]): Promise<void> {
    await write(list, async (db) => {
      try {
        if (change.does === 'insert') await insertRule(db, list, { ...change, ...mail });
        else if (change.does === 'update') await updateRule(db, list, change.id, change);
        else await deleteRule(db, list, change.id);
      } catch (error) {
        // Somebody else removed it before; anything else fails the property.
        if (!(error instanceof Error && 'code' in error && error.code === 'rule.not_found')) throw error;
      }
      // Still under the lock of the list: nobody comes between this and the commit.
      order.push(change);
    });
  }

  it('leave the list that some order of them, one after the other, would leave', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const list = await newList();
        await store.rows('delete from rules where id = any($1)', [ids]);
        const first = ids.slice(0, 4).map((id) => ({ ...mail, id }));
        await write(list, (db) => replaceRules(db, list, { steps: first, repeat: null }));
        const order: Change[] = [];
        await Promise.all(all.map((change) => run(list, change, order)));
        const start = first.map(({ id }, position): PlacedRule => ({ id, position }));
        const expected = order.reduce(apply, start).toSorted((a, b) => a.position - b.position);
        const found = await rulesOf(list);
        expect(found.map(({ id, position }) => ({ id, position }))).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('that exchange rules with different positions put each where it wants to be', async () => {
    const targets = fc.uniqueArray(fc.nat({ max: 14 }), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(targets, fc.nat({ max: 4 }), async (wanted, present) => {
        const list = await newList();
        const steps = Array.from({ length: present }, () => ({ ...mail, id: newId<RuleId>() }));
        await write(list, (db) => replaceRules(db, list, { steps, repeat: null }));
        const made = await Promise.all(wanted.map((position) => insert(list, { to: 'swap', position })));
        const found = new Map((await rulesOf(list)).map((rule) => [rule.id, rule.position]));
        expect(made.map((rule) => found.get(rule.id))).toEqual(wanted);
        expect(new Set(found.values()).size).toBe(wanted.length + present);
      }),
      { numRuns: 8 },
    );
  });

  it('wait for the same list only: another one of the same user is free', async () => {
    const list = await newList();
    await inTransaction(store.db, async (db) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`rules:${list.userId}:false`}, 0))`.execute(
        db,
      );
      expect((await insert({ ...list, important: true })).position).toBe(0);
    });
  });
});
