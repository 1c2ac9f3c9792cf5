import { sql, type RawBuilder } from 'kysely';
import type { OrganizationId, ReasonCode, UserId } from '@carillon/core';
import { afterLookup } from '../../by-id.ts';
import type { Database } from '../../connect.ts';

/**
 * For `also`, where `changed` returns the id: the runs of the changed rows are stopped, for this reason,
 * and what their steps made and nobody began to send is over. That includes what was claimed a moment ago: its attempt
 * cannot be opened any more, so nothing is sent after the change was answered. `settlesPending` when the
 * statement settles what is pending by itself.
 *
 * By rule_runs_pkey; somebody without rules costs one probe of an index for each row.
 */
export function stopRuns(
  reason: ReasonCode,
  options: {
    settlesPending?: boolean;
    /** Of runs `r`: which of them go on. */
    spares?: RawBuilder<unknown>;
    /** Rows with an id, in the place of `changed`. */
    of?: RawBuilder<unknown>;
  } = {},
): RawBuilder<unknown> {
  const { settlesPending = false, spares = sql`false`, of = sql`changed` } = options;
  const isIdle = settlesPending
    ? sql`d.state = 'sending' and d.attempt_started_at is null`
    : sql`(d.state = 'pending' or d.state = 'sending' and d.attempt_started_at is null)`;
  return sql`stopped as (
    update rule_runs r set state = 'stopped', reason = ${reason}, ended_at = carillon_now()
    from ${of} t
    where r.notification_id = t.id and ${afterLookup(sql`r.state = 'running'`)} and not (${spares})
    returning r.notification_id, r.organization_id),
  spared as (
    update deliveries d set state = 'cancelled', reason = ${reason}, settled_at = carillon_now(), message = null,
      lease_token = null, lease_until = null
    from stopped
    where d.organization_id = stopped.organization_id and d.notification_id = stopped.notification_id
      and ${afterLookup(sql`d.step > 0 and d.digest_id is null and ${isIdle}`)})`;
}

/**
 * Stops every run of a user who is removed, in the transaction of the removal. Reads the running ones of the organization by
 * rule_runs_due: users are seldom removed, and an index by user would cost each step an entry.
 */
export async function stopRunsOfUser(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<void> {
  await sql`
    update rule_runs set state = 'stopped', reason = 'user_deleted', ended_at = carillon_now()
    where organization_id = ${organizationId} and user_id = ${userId} and state = 'running'
  `.execute(db);
}
