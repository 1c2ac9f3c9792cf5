import { sql, type RawBuilder } from 'kysely';
import type { NotificationId, RuleListName } from '@carillon/core';

/** A run to be started with the placement of its notification. */
export interface StartingRun {
  id: NotificationId;
  list: RuleListName;
  urgent: boolean;
}

/**
 * For `also` of a placement, where `changed` returns the organization and the recipient: starts a run, due at once, for
 * each of these that was placed. Empty without any, so that the statement is the same as ever for users without rules.
 */
export function startRuns(runs: readonly StartingRun[]): RawBuilder<unknown> {
  if (runs.length === 0) return sql``;
  return sql`,
    started as (
      insert into rule_runs (notification_id, organization_id, user_id, list, urgent)
      select c.id, c.organization_id, c.recipient_id, r.list, r.urgent
      from json_to_recordset(${JSON.stringify(runs)}::json) as r(id uuid, list text, urgent boolean)
      join changed c on c.id = r.id
      on conflict do nothing)`;
}
