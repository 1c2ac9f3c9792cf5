import type { ColumnType, Generated } from 'kysely';
import type {
  NotificationId,
  OrganizationId,
  ReasonCode,
  RuleId,
  RuleListName,
  RuleType,
  RunStep,
  UserId,
} from '@carillon/core';

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

/** How the rules of a recipient tell of one notification. */
export interface RuleRunsTable {
  notification_id: NotificationId;
  organization_id: OrganizationId;
  user_id: UserId;
  list: RuleListName;
  urgent: boolean;
  state: Generated<'running' | 'finished' | 'stopped'>;
  /** Why it was stopped, or ended without reaching anybody. */
  reason: ReasonCode | null;
  /** Steps that were done; guards against doing one twice. */
  sequence: Generated<number>;
  /** The rule executed last, and where it stood then. */
  rule_id: RuleId | null;
  cursor_position: number | null;
  /** Repetitions that were begun. */
  round: Generated<number>;
  /** Since when quiet time keeps it from its next step. */
  paused_at: Date | null;
  /** Whether the message at an end that reached nobody was tried. */
  fell_back: Generated<boolean>;
  next_at: Generated<Date>;
  started_at: Generated<Date>;
  ended_at: Date | null;
}

/** What a run did; deliveries of a step carry its number in `step`. */
export interface RuleStepsTable {
  notification_id: NotificationId;
  sequence: number;
  organization_id: OrganizationId;
  rule_id: RuleId | null;
  type: RunStep['type'];
  decision: RunStep['decision'];
  code: ReasonCode | null;
  until: Date | null;
  at: Generated<Date>;
}
