import { sql } from 'kysely';
import type { OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../../connect.ts';

/**
 * Makes runs that quiet time pauses due at once, so that it is decided again how long: those of these users, or of
 * the whole organization. For the transaction of a write that changes quiet times. Uses rule_runs_paused.
 */
export async function resumePausedRuns(
  db: Database,
  organizationId: OrganizationId,
  userIds: readonly UserId[] | undefined,
): Promise<void> {
  const ofUsers = userIds === undefined ? sql`` : sql`and user_id = any(${[...userIds]}::uuid[])`;
  await sql`
    update rule_runs set next_at = carillon_now()
    where organization_id = ${organizationId} and state = 'running' and paused_at is not null
      and next_at > carillon_now() ${ofUsers}
  `.execute(db);
}
