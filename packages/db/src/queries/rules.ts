import { sql, type RawBuilder, type Selectable } from 'kysely';
import {
  ConflictError,
  InvalidError,
  NotFoundError,
  placeRule,
  ruleLimits,
  type OrganizationId,
  type PlacedRule,
  type RuleId,
  type RulePlaceWish,
  type RuleType,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { RulesTable } from '../rule-tables.ts';
import { raisePolicyVersion } from './held.ts';

/** A rule, with the short id of whose it is. */
export type RuleRecord = Selectable<RulesTable> & { user_short_id: string };

/** One of the two lists of a user. */
export interface RuleListKey {
  organizationId: OrganizationId;
  userId: UserId;
  important: boolean;
}

/** What a step does; `waitSeconds` for `wait` and for nothing else. */
export interface RuleStep {
  type: RuleType;
  waitSeconds: number | null;
}

/** How a path names a rule. */
export type RuleRef = { id: RuleId } | { shortId: string };

const columns = sql`r.*, (select u.short_id from users u where u.id = r.user_id) as user_short_id`;

/** Without a user those of everybody in the organization, without `important` those of both lists. */
export interface RulePage {
  userId?: UserId | undefined;
  important?: boolean | undefined;
  offset: number;
  limit: number;
}

/**
 * A page by (user, list, position), and how many there are in all. Of one user it uses rules_position, else
 * rules_organization.
 */
export async function listRules(
  db: Database,
  organizationId: OrganizationId,
  page: RulePage,
): Promise<{ rules: RuleRecord[]; total: number }> {
  const conditions = [sql`r.organization_id = ${organizationId}`];
  if (page.userId !== undefined) conditions.push(sql`r.user_id = ${page.userId}`);
  if (page.important !== undefined) conditions.push(sql`r.important = ${page.important}`);
  const where: RawBuilder<unknown> = sql.join(conditions, sql` and `);
  const counted = await sql<{ total: number }>`select count(*) as total from rules r where ${where}`.execute(
    db,
  );
  const { rows } = await sql<RuleRecord>`
    select ${columns} from rules r where ${where}
    order by r.user_id, r.important, r.position limit ${page.limit} offset ${page.offset}
  `.execute(db);
  return { rules: rows, total: counted.rows[0]?.total ?? 0 };
}

/** All rules of a user, the default list first, each in its order: the limits of lists are those of the answer. */
export async function listRulesOf(
  db: Database,
  { organizationId, userId }: Omit<RuleListKey, 'important'>,
): Promise<RuleRecord[]> {
  const page = { userId, offset: 0, limit: 2 * ruleLimits.stepsMax };
  return (await listRules(db, organizationId, page)).rules;
}

/** Throws NotFoundError for what is not there, and for what is of another organization. */
export async function getRule(
  db: Database,
  organizationId: OrganizationId,
  ref: RuleRef,
): Promise<RuleRecord> {
  const isIt = 'id' in ref ? sql`r.id = ${ref.id}` : sql`r.short_id = ${ref.shortId}`;
  const { rows } = await sql<RuleRecord>`
    select ${columns} from rules r where ${isIt} and r.organization_id = ${organizationId}
  `.execute(db);
  const rule = rows[0];
  if (rule === undefined) throw new NotFoundError('rule.not_found', 'There is no such rule');
  return rule;
}

/**
 * Takes a list for the rest of the transaction, so that who changes it sees what the one before wrote. Every function
 * below that writes takes it by itself; who reads before it writes takes it first.
 */
export async function lockRuleList(db: Database, { userId, important }: RuleListKey): Promise<void> {
  const key = `rules:${userId}:${String(important)}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(db);
}

/**
 * Adds a rule where it is wished; others make room. For a transaction. Throws ConflictError when the list is full, and
 * InvalidError when a position would be beyond the greatest there is.
 */
export async function insertRule(
  db: Database,
  list: RuleListKey,
  rule: RuleStep & { id: RuleId; place: RulePlaceWish },
): Promise<RuleRecord> {
  await lockRuleList(db, list);
  const rules = await listPlaces(db, list);
  if (rules.length >= ruleLimits.stepsMax) throw tooMany();
  const placed = place(rules, undefined, rule.place);
  await movePlaces(db, list, placed.others);
  await db
    .insertInto('rules')
    .values({
      ...{ id: rule.id, organization_id: list.organizationId, user_id: list.userId },
      ...{ important: list.important, position: placed.position },
      ...{ type: rule.type, wait_seconds: rule.waitSeconds },
    })
    .execute();
  await raisePolicyVersion(db, [list.userId]);
  return getRule(db, list.organizationId, { id: rule.id });
}

/** As `insertRule`, for a rule that is there; what is not named stays. Throws NotFoundError where it is gone. */
export async function updateRule(
  db: Database,
  list: RuleListKey,
  id: RuleId,
  fields: { step?: RuleStep | undefined; place?: RulePlaceWish | undefined },
): Promise<RuleRecord> {
  await lockRuleList(db, list);
  const rules = await listPlaces(db, list);
  if (!rules.some((rule) => rule.id === id))
    throw new NotFoundError('rule.not_found', 'There is no such rule');
  if (fields.place !== undefined) {
    const { position, others } = place(rules, id, fields.place);
    await movePlaces(db, list, [{ id, position }, ...others]);
  }
  if (fields.step !== undefined) {
    const { type, waitSeconds } = fields.step;
    await sql`
      update rules set type = ${type}, wait_seconds = ${waitSeconds}, updated_at = carillon_now()
      where id = ${id} and (type, wait_seconds) is distinct from (${type}, ${waitSeconds}::int)
    `.execute(db);
  }
  await raisePolicyVersion(db, [list.userId]);
  return getRule(db, list.organizationId, { id });
}

/** The others keep their positions. Throws NotFoundError where it is gone. */
export async function deleteRule(db: Database, list: RuleListKey, id: RuleId): Promise<void> {
  await lockRuleList(db, list);
  const result = await db
    .deleteFrom('rules')
    .where('id', '=', id)
    .where('user_id', '=', list.userId)
    .where('organization_id', '=', list.organizationId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw new NotFoundError('rule.not_found', 'There is no such rule');
  await raisePolicyVersion(db, [list.userId]);
}

/** Positions of a list; it cannot be longer than its limit. */
async function listPlaces(
  db: Database,
  { organizationId, userId, important }: RuleListKey,
): Promise<PlacedRule[]> {
  return db
    .selectFrom('rules')
    .select(['id', 'position'])
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .where('important', '=', important)
    .orderBy('position')
    .execute();
}

function place(rules: readonly PlacedRule[], id: RuleId | undefined, wish: RulePlaceWish) {
  const placed = placeRule(rules, id, wish);
  if (placed !== undefined) return placed;
  const detail = `must leave room for the others: no position may be above ${ruleLimits.positionMax}`;
  throw new InvalidError('rule.position_invalid', `/position: ${detail}`, {
    errors: [{ pointer: '/position', detail }],
  });
}

/** In one statement, after which positions are compared: on the way two rules may have the same. */
async function movePlaces(
  db: Database,
  { userId }: RuleListKey,
  places: readonly PlacedRule[],
): Promise<void> {
  if (places.length === 0) return;
  const ids = places.map((one) => one.id);
  await sql`
    update rules r set position = i.position, updated_at = carillon_now()
    from unnest(${ids}::uuid[], ${places.map((one) => one.position)}::int[]) as i(id, position)
    where r.id = i.id and r.user_id = ${userId} and r.position <> i.position
  `.execute(db);
}

function tooMany(): ConflictError {
  return new ConflictError('limit.reached', `A list may have ${ruleLimits.stepsMax} rules`);
}
