import { sql } from 'kysely';
import type { NotificationId, UserId } from '@carillon/core';
import { afterLookup } from '../../by-id.ts';
import type { Database } from '../../connect.ts';

/** A run whose next step is due, and whose it is. */
export interface DueRun {
  id: NotificationId;
  userId: UserId;
}

/**
 * Runs whose next step is due, at most `perOrganization` of each organization that is not paused. Organizations take
 * turns, each with its oldest first. The loose scan over rule_runs_due costs one probe per organization that has
 * running ones; on a quiet system it is one probe.
 */
export async function listDueRuns(
  db: Database,
  limits: { perOrganization: number; max: number },
): Promise<DueRun[]> {
  const { rows } = await sql<DueRun>`
    with recursive waiting as (
      (select organization_id from rule_runs where state = 'running' order by organization_id limit 1)
      union all
      select (select r.organization_id from rule_runs r
        where r.state = 'running' and r.organization_id > w.organization_id order by r.organization_id limit 1)
      from waiting w where w.organization_id is not null)
    select picked.id, picked."userId" from waiting w
    join organizations o on o.id = w.organization_id and o.paused_at is null
    cross join lateral (
      select first.*, row_number() over (order by first.next_at) as turn from (
        select r.notification_id as id, r.user_id as "userId", r.next_at from rule_runs r
        where r.organization_id = w.organization_id and r.state = 'running' and r.next_at <= carillon_now()
        order by r.next_at limit ${Math.min(limits.perOrganization, limits.max)}) first) picked
    order by picked.turn, picked.next_at limit ${limits.max}
  `.execute(db);
  return rows;
}

/** Those of `ids` that have a run that is due. By rule_runs_pkey. */
export async function listDueRunsOf(db: Database, ids: readonly NotificationId[]): Promise<DueRun[]> {
  const { rows } = await sql<DueRun>`
    select r.notification_id as id, r.user_id as "userId" from rule_runs r
    where r.notification_id = any(${ids}::uuid[])
      and ${afterLookup(sql`r.state = 'running' and r.next_at <= carillon_now()`)}
  `.execute(db);
  return rows;
}

/** What of a locked inbox counts for steps. */
export interface LockedForSteps {
  /** Of the user's policy. */
  version: number;
  /** When rules told, or will tell, last: by what the caller calls a sort of messages. */
  bundles: Readonly<Record<string, string>> | null;
}

/**
 * Locks the inboxes of these users as every change of an inbox or a policy does, so that no step is decided on what is
 * being changed. Without `waits`, users that somebody holds at this moment are left out: another worker takes
 * their runs on, or they are found again.
 */
export async function lockForSteps(
  db: Database,
  userIds: readonly UserId[],
  { waits }: { waits: boolean },
): Promise<Map<UserId, LockedForSteps>> {
  const { rows } = await sql<LockedForSteps & { id: UserId }>`
    select user_id as id, policy_version as version, bundles from inbox_state where user_id = any(${[...new Set(userIds)]}::uuid[])
    order by user_id for update ${waits ? sql`` : sql`skip locked`}
  `.execute(db);
  return new Map(rows.map(({ id, version, bundles }) => [id, { version, bundles }]));
}
