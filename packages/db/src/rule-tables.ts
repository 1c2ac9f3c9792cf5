import type { ColumnType, Generated } from 'kysely';
import type { OrganizationId, RuleId, RuleType, UserId } from '@carillon/core';

/** One step of a user's default or important list. */
export interface RulesTable {
  id: RuleId;
  /** Follows from the id; for edges whose clients know no UUIDs. */
  short_id: ColumnType<string, never, never>;
  organization_id: OrganizationId;
  user_id: UserId;
  important: Generated<boolean>;
  /** An order number, not an index: holes are legal. */
  position: number;
  type: RuleType;
  /** Given for `wait` and for nothing else. */
  wait_seconds: number | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** What a user said of a list as a whole; no row where nothing was said. */
export interface RuleListsTable {
  user_id: UserId;
  important: boolean;
  organization_id: OrganizationId;
  /** How often the list is run again after its end. */
  repeat_times: Generated<number>;
  /** How long after its end; kept where it is not repeated. */
  repeat_every_seconds: number | null;
  updated_at: Generated<Date>;
}
