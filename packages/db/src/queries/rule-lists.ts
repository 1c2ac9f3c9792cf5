import { sql } from 'kysely';
import {
  keepRules,
  verifiedRuleKinds,
  type ExternalKind,
  type OrganizationId,
  type RuleId,
  type RuleSurroundings,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import { raisePolicyVersion } from './held.ts';
import { lockRuleList, type RuleListKey, type RuleStep } from './rules.ts';

/** How often a list is run again after its end, and how long after. */
export interface RuleRepeat {
  times: number;
  everySeconds: number;
}

/** What a user said of both lists as a whole. */
export interface RuleRepeats {
  default: RuleRepeat | null;
  important: RuleRepeat | null;
}

type Owner = Omit<RuleListKey, 'important'>;

/** Null for a list that is not repeated. */
export async function loadRuleRepeats(db: Database, { organizationId, userId }: Owner): Promise<RuleRepeats> {
  const rows = await db
    .selectFrom('rule_lists')
    .select(['important', 'repeat_times', 'repeat_every_seconds'])
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .execute();
  const of = (important: boolean): RuleRepeat | null => {
    const row = rows.find((one) => one.important === important);
    if (row === undefined || row.repeat_times === 0 || row.repeat_every_seconds === null) return null;
    return { times: row.repeat_times, everySeconds: row.repeat_every_seconds };
  };
  return { default: of(false), important: of(true) };
}

/**
 * Makes a list what it should be: steps at 0, 1, 2 …; rules that do the same as before stay the same rules. For a
 * transaction. The ids are those of steps that are new.
 */
export async function replaceRules(
  db: Database,
  list: RuleListKey,
  wish: { steps: readonly (RuleStep & { id: RuleId })[]; repeat: RuleRepeat | null },
): Promise<void> {
  await lockRuleList(db, list);
  const { organizationId, userId, important } = list;
  const before = await db
    .selectFrom('rules')
    .select(['id', 'type', 'wait_seconds as waitSeconds'])
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .where('important', '=', important)
    .orderBy('position')
    .execute();
  const kept = keepRules(before, wish.steps);
  const rows = wish.steps.map((step, position) => ({ ...step, id: kept[position] ?? step.id, position }));
  await sql`
    delete from rules where user_id = ${userId} and important = ${important}
      and id <> all(${rows.map((row) => row.id)}::uuid[])
  `.execute(db);
  // Positions of the kept ones are compared after each statement: they make room before others come.
  await sql`
    update rules r set position = i.position, updated_at = carillon_now()
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(id uuid, position int)
    where r.id = i.id and r.user_id = ${userId} and r.position <> i.position
  `.execute(db);
  await sql`
    insert into rules (id, organization_id, user_id, important, position, type, wait_seconds)
    select i.id, ${organizationId}, ${userId}, ${important}, i.position, i.type, i."waitSeconds"
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(id uuid, position int, type text, "waitSeconds" int)
    where not i.id = any(${kept.flatMap((id) => id ?? [])}::uuid[])
  `.execute(db);
  await writeRepeat(db, list, wish.repeat);
  await raisePolicyVersion(db, [userId]);
}

async function writeRepeat(db: Database, list: RuleListKey, repeat: RuleRepeat | null): Promise<void> {
  const { organizationId, userId, important } = list;
  if (repeat === null) {
    await db
      .deleteFrom('rule_lists')
      .where('user_id', '=', userId)
      .where('important', '=', important)
      .execute();
    return;
  }
  const { times, everySeconds } = repeat;
  await sql`
    insert into rule_lists (user_id, important, organization_id, repeat_times, repeat_every_seconds)
    values (${userId}, ${important}, ${organizationId}, ${times}, ${everySeconds})
    on conflict (user_id, important) do update set repeat_times = excluded.repeat_times,
      repeat_every_seconds = excluded.repeat_every_seconds, updated_at = carillon_now()
  `.execute(db);
}

/** By what steps can reach a user at the moment: for warnings, not for planning. */
export async function loadRuleSurroundings(
  db: Database,
  { organizationId, userId }: { organizationId: OrganizationId; userId: UserId },
): Promise<RuleSurroundings> {
  const { rows } = await sql<{ channels: ExternalKind[] | null; addresses: ExternalKind[] | null }>`
    select
      (select json_agg(distinct c.kind) from channels c
        where c.organization_id = ${organizationId} and c.enabled) as channels,
      (select json_agg(distinct p.kind) from contact_points p
        where p.organization_id = ${organizationId} and p.user_id = ${userId} and p.bad_reason is null
          and (p.verified_at is not null or p.kind <> all(${[...verifiedRuleKinds]}::text[]))) as addresses
  `.execute(db);
  return { channels: new Set(rows[0]?.channels), addresses: new Set(rows[0]?.addresses) };
}
