import { sql } from 'kysely';
import type { OrganizationId, UserId } from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { lockInboxes } from './inbox-changes.ts';
import { resumePausedRuns } from './rule-runs/resume.ts';

/** Rows of one statement: a hundred thousand at once would run into the limit of a statement's time. */
const rowsMax = 20_000;

/** Of deliveries `d`: written out, so that the planner knows the predicate of deliveries_held. */
export const hasHeldReason = sql`d.reason in ('quiet_hours', 'muted', 'digest', 'bundled')`;

/**
 * Makes everything that quiet time holds for these users due at once (all of the organization, or those
 * of one category or template, where no user is named), so that it is decided again: what is still quiet is held
 * again with its new end. For the transaction of a write that changes windows, zones, mutes, preferences,
 * categories or templates. Answers how many were held. Uses deliveries_held.
 *
 * What is being planned for these users at this moment is planned again: their number rises under the lock that a
 * placement takes too, and a placement with another number than its plan writes nothing.
 * Runs of rules that quiet time pauses are looked at again too.
 */
export async function releaseHeld(
  db: Database,
  held: {
    organizationId: OrganizationId;
    userIds?: readonly UserId[];
    category?: string;
    templateId?: string;
  },
): Promise<number> {
  if (held.userIds?.length === 0) return 0;
  const ofUsers =
    held.userIds === undefined ? sql`` : sql`and d.recipient_id = any(${[...held.userIds]}::uuid[])`;
  const ofCategory =
    held.category === undefined
      ? sql``
      : sql`and exists (select from notifications n where n.id = d.notification_id and n.category = ${held.category})`;
  const ofTemplate =
    held.templateId === undefined
      ? sql``
      : sql`and exists (select from notifications n where n.id = d.notification_id
          and n.template_id = ${held.templateId})`;
  if (held.userIds !== undefined) await raisePolicyVersion(db, held.userIds);
  await resumePausedRuns(db, held.organizationId, held.userIds);
  let released = 0;
  for (;;) {
    // One instant for the whole transaction: a row that was released is not found again. The order is that
    // of deliveries_held, so that without statistics it is not read by organization. What somebody else
    // changed meanwhile is looked at again by the outer conditions.
    const result = await sql`
      update deliveries d set not_before = carillon_now(), scan_after = carillon_now()
      where d.id = any(array(
        select d.id from deliveries d
        where d.organization_id = ${held.organizationId} and d.state = 'pending'
          and ${hasHeldReason} and d.not_before > carillon_now()
          ${ofUsers} ${ofCategory} ${ofTemplate}
        order by d.recipient_id, d.kind limit ${rowsMax}))
      and ${afterLookup(sql`d.state = 'pending' and ${hasHeldReason}`)}
    `.execute(db);
    const count = Number(result.numAffectedRows ?? 0n);
    released += count;
    if (count < rowsMax) return released;
  }
}

/** What is being planned for these users at this moment is planned again. For the transaction of a write that changes plans. */
export async function raisePolicyVersion(db: Database, userIds: readonly UserId[]): Promise<void> {
  await lockInboxes(db, userIds);
  await sql`update inbox_state set policy_version = policy_version + 1 where user_id = any(${userIds}::uuid[])`.execute(
    db,
  );
}
