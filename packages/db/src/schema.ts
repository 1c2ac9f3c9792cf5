import type { ColumnType, Generated } from 'kysely';
import type {
  AttemptOutcome,
  AccessTokenId,
  Action,
  ChannelId,
  ChannelKind,
  ChannelRate,
  ContactPointId,
  DeliveryId,
  DeliveryState,
  ExternalKind,
  Feedback,
  KindDecision,
  NotificationId,
  OrganizationId,
  ReasonCode,
  Role,
  SessionId,
  TokenScope,
  TriggerId,
  UserId,
} from '@carillon/core';

import type {
  CategoriesTable,
  PreferencesTable,
  QuietHoursTable,
  TemplatePartsTable,
  TemplatePreferencesTable,
  TemplatesTable,
  TemplateVersionsTable,
} from './policy-tables.ts';
import type { RuleListsTable, RuleRunsTable, RulesTable, RuleStepsTable } from './rule-tables.ts';

/** JSON goes in as text, so that arrays are not taken for PostgreSQL arrays, and comes out parsed. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonDefault<T> = ColumnType<T, string | undefined, string>;
export type JsonNull<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** The tables, column by column; instants are `Date`, sequences plain numbers. */
export interface Schema {
  settings: { key: string; value: Json<unknown> };
  organizations: OrganizationsTable;
  organization_numbers: { organization_id: OrganizationId; next_number: Generated<number> };
  users: UsersTable;
  inbox_state: {
    user_id: UserId;
    organization_id: OrganizationId;
    head: Generated<number>;
    resync_below: Generated<number>;
    /** Rises with each change of the user's preferences, windows, mute or zone. */
    policy_version: Generated<number>;
    /** When the user's rules told, or will tell, by a kind last; null where that is long ago. */
    bundles: JsonNull<Record<string, string>>;
  };
  contact_points: ContactPointsTable;
  access_tokens: AccessTokensTable;
  sessions: SessionsTable;
  stream_tickets: {
    hash: string;
    organization_id: OrganizationId;
    user_id: UserId;
    token_id: AccessTokenId | null;
    session_id: SessionId | null;
    credential_expires_at: Date | null;
    expires_at: Date;
  };
  idempotency_keys: IdempotencyKeysTable;
  channels: ChannelsTable;
  captured: CapturedTable;
  notifications: NotificationsTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  categories: CategoriesTable;
  preferences: PreferencesTable;
  template_preferences: TemplatePreferencesTable;
  quiet_hours: QuietHoursTable;
  templates: TemplatesTable;
  template_versions: TemplateVersionsTable;
  template_parts: TemplatePartsTable;
  rules: RulesTable;
  rule_lists: RuleListsTable;
  rule_runs: RuleRunsTable;
  rule_steps: RuleStepsTable;
}

export interface OrganizationsTable {
  id: OrganizationId;
  slug: string;
  name: string;
  zone: Generated<string>;
  locale: Generated<string>;
  paused_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  /** Kinds whose deliveries wait. */
  paused_kinds: Generated<ChannelKind[]>;
  /** The external kind of templates that go out by one alone and name none. */
  default_method: Generated<ExternalKind>;
  /** Sender of mails, and who gets answers, where a channel says nothing. */
  mail_from: string | null;
  mail_reply_to: string | null;
  /** Whether somebody ever paused or resumed it. */
  pause_chosen: Generated<boolean>;
}

export interface UsersTable {
  id: UserId;
  organization_id: OrganizationId;
  external_id: string | null;
  username: string | null;
  email: string | null;
  name: string | null;
  zone: string | null;
  locale: string | null;
  role: Generated<Role>;
  password_hash: string | null;
  profile: JsonDefault<Record<string, unknown>>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
  /** Follows from the id; for edges whose clients know no UUIDs. */
  short_id: ColumnType<string, never, never>;
}

export interface ContactPointsTable {
  id: ContactPointId;
  organization_id: OrganizationId;
  user_id: UserId;
  kind: ExternalKind;
  address: string;
  verified_at: Date | null;
  bad_reason: string | null;
  created_at: Generated<Date>;
}

export interface AccessTokensTable {
  id: AccessTokenId;
  organization_id: OrganizationId | null;
  user_id: UserId | null;
  operator: Generated<boolean>;
  name: Generated<string>;
  lookup: string;
  hash: string;
  scopes: Generated<TokenScope[]>;
  created_at: Generated<Date>;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

export interface SessionsTable {
  id: SessionId;
  organization_id: OrganizationId;
  user_id: UserId;
  /** Public part of its refresh tokens. */
  lookup: string;
  refresh_hash: string;
  /** The token before, good for two pages that renew at the same moment. */
  previous_hash: string | null;
  previous_until: Date | null;
  created_at: Generated<Date>;
  last_used_at: Generated<Date>;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface IdempotencyKeysTable {
  organization_id: OrganizationId;
  caller_id: string;
  route: string;
  key: string;
  body_hash: string;
  request_id: string;
  ids: Generated<string[]>;
  details: JsonNull<unknown>;
  created_at: Generated<Date>;
}

export interface ChannelsTable {
  id: ChannelId;
  organization_id: OrganizationId;
  kind: ExternalKind;
  name: string;
  enabled: Generated<boolean>;
  position: Generated<number>;
  settings: JsonDefault<Record<string, unknown>>;
  secrets: string | null;
  /** Null where the limit of its kind holds, if it has one. */
  rate: JsonNull<ChannelRate>;
  /** Since when nothing is sent to it but probes; null while it works. */
  opened_at: Date | null;
  /** When the next probe is due. */
  probe_at: Date | null;
  /** Since when its deliveries wait; null when it runs. */
  paused_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** What an installation on trial kept back, under the id of its delivery or of the test of a channel. */
export interface CapturedTable {
  id: string;
  organization_id: OrganizationId;
  kind: ExternalKind;
  channel_id: ChannelId;
  /** Null for tests of channels. */
  notification_id: NotificationId | null;
  /** Of a test: who asked for it. */
  recipient_id: UserId;
  address: string | null;
  settings: Json<Record<string, unknown>>;
  message: JsonNull<unknown>;
  captured_at: Generated<Date>;
}

export interface NotificationsTable {
  id: NotificationId;
  organization_id: OrganizationId;
  number: number;
  trigger_id: TriggerId;
  recipient_id: UserId;
  sender_id: UserId | null;
  template_id: string | null;
  template_version: number | null;
  category: Generated<string>;
  title: string;
  body: Generated<string>;
  icon: string | null;
  actions: JsonDefault<Action[]>;
  targets: Generated<string[]>;
  data: JsonDefault<Record<string, unknown>>;
  url: string | null;
  collection: string | null;
  item: string | null;
  environment: Generated<string>;
  project: Generated<string>;
  urgent: Generated<boolean>;
  kinds: ChannelKind[] | null;
  subject_key: string | null;
  collapse_key: string | null;
  inbox_always: Generated<boolean>;
  request_id: string | null;
  traceparent: string | null;
  send_at: Date | null;
  expires_at: Date | null;
  created_at: Generated<Date>;
  hint_after: Generated<Date>;
  dispatch_tries: Generated<number>;
  dispatched_at: Date | null;
  cancelled_at: Date | null;
  inbox_at: Date | null;
  inbox_reason: ReasonCode | null;
  decisions: JsonNull<KindDecision[]>;
  status: Generated<string | null>;
  archived_at: Date | null;
  read_at: Date | null;
  seen_at: Date | null;
  acknowledged_at: Date | null;
  dismissed_at: Date | null;
  snoozed_until: Date | null;
  expired_at: Date | null;
  deleted_at: Date | null;
  timestamp_override: Date | null;
  placed_sequence: number | null;
  changed_sequence: number | null;
  version: Generated<number>;
}

export interface DeliveriesTable {
  id: DeliveryId;
  organization_id: OrganizationId;
  notification_id: NotificationId;
  recipient_id: UserId;
  step: Generated<number>;
  kind: ExternalKind;
  channel_id: ChannelId;
  contact_point_id: ContactPointId | null;
  state: Generated<DeliveryState>;
  reason: ReasonCode | null;
  not_before: Generated<Date>;
  scan_after: Generated<Date>;
  lease_token: string | null;
  lease_until: Date | null;
  attempt_started_at: Date | null;
  attempts_made: Generated<number>;
  crashes: Generated<number>;
  message: JsonNull<unknown>;
  provider_id: string | null;
  /** What the provider told last, when and in which words. */
  feedback: Feedback | null;
  feedback_at: Date | null;
  feedback_reason: string | null;
  created_at: Generated<Date>;
  settled_at: Date | null;
  /** The delivery whose message told of this one too. */
  digest_id: DeliveryId | null;
  /** Attempts that were made before it was last replayed: the schedule of retries counts from there. */
  attempts_before_replay: Generated<number>;
  /** Whether who replayed it wants it sent although its notification has expired. */
  past_expiry: Generated<boolean>;
}

export interface AttemptsTable {
  delivery_id: DeliveryId;
  number: number;
  organization_id: OrganizationId;
  started_at: Date;
  ended_at: Generated<Date>;
  outcome: AttemptOutcome;
  reason: string | null;
  status_code: number | null;
  provider_id: string | null;
  /** Through which it went; null in rows of earlier versions. */
  channel_id: ChannelId | null;
}
