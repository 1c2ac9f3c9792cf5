import { sql } from 'kysely';
import type {
  Action,
  ChannelKind,
  ChannelRate,
  ChannelStanding,
  NotificationId,
  OrganizationId,
  UserId,
} from '@carillon/core';

/** What deciding about a notification, rendering and sending it need of its row. */
export interface LoadedNotification {
  id: NotificationId;
  organizationId: OrganizationId;
  recipientId: UserId;
  title: string;
  body: string;
  category: string;
  urgent: boolean;
  url: string | null;
  icon: string | null;
  actions: Action[];
  data: Record<string, unknown>;
  kinds: ChannelKind[] | null;
  environment: string;
  project: string;
  templateId: string | null;
  templateVersion: number | null;
  /** Sent by and to the same user with `send_at`: they asked for this very time. */
  isReminder: boolean;
  /** It is shown in the inbox whatever the preferences say. */
  inboxAlways: boolean;
  createdAt: Date;
  expiresAt: Date | null;
  cancelledAt: Date | null;
  deletedAt: Date | null;
  readAt: Date | null;
  dismissedAt: Date | null;
  acknowledgedAt: Date | null;
  requestId: string | null;
  traceparent: string | null;
}

/** What deciding about a notification needs of its row, and nothing of what it says. */
export type DecidedNotification = Pick<
  LoadedNotification,
  | ('id' | 'organizationId' | 'recipientId' | 'category' | 'urgent' | 'kinds' | 'environment' | 'project')
  | ('templateId' | 'templateVersion' | 'isReminder' | 'inboxAlways' | 'expiresAt')
>;

/** The columns of a DecidedNotification, for statements that call `notifications` `n`. */
export const decidedColumns = sql`n.id, n.organization_id as "organizationId", n.recipient_id as "recipientId",
  n.category, n.urgent, n.kinds, n.environment, n.project, n.template_id as "templateId",
  n.template_version as "templateVersion", n.inbox_always as "inboxAlways", n.expires_at as "expiresAt",
  n.send_at is not null and n.sender_id is not distinct from n.recipient_id as "isReminder"`;

/** The columns of a LoadedNotification, for statements that call `notifications` `n`. */
export const notificationColumns = sql`n.id, n.organization_id as "organizationId", n.recipient_id as "recipientId",
  n.title, n.body, n.category, n.urgent, n.url, n.icon, n.actions, n.data, n.kinds, n.created_at as "createdAt",
  n.send_at is not null and n.sender_id is not distinct from n.recipient_id as "isReminder",
  n.environment, n.project, n.template_id as "templateId", n.template_version as "templateVersion",
  n.inbox_always as "inboxAlways", n.expires_at as "expiresAt", n.cancelled_at as "cancelledAt",
  n.deleted_at as "deletedAt", n.read_at as "readAt", n.dismissed_at as "dismissedAt",
  n.acknowledged_at as "acknowledgedAt",
  n.request_id as "requestId", n.traceparent`;

/** A channel as sending needs it. */
export interface LoadedChannel extends ChannelStanding {
  settings: Record<string, unknown>;
  secrets: string | null;
  /** Null where the limit of its kind holds. */
  rate: ChannelRate | null;
}

/** What a plan needs of a channel, as JSON from a row that the statement calls `c`. */
export const plannedChannel = sql`'id', c.id, 'kind', c.kind, 'enabled', c.enabled, 'position', c.position,
  'open', c.opened_at is not null, 'probeDue', coalesce(c.probe_at <= carillon_now(), false),
  'paused', c.paused_at is not null`;

/** The settings of a row that the statement calls `c`; a mail channel has the sender of its organization where it names none. */
export const channelSettings = sql`case when c.kind = 'email' then coalesce((
  select jsonb_strip_nulls(jsonb_build_object('from', sender.mail_from, 'reply_to', sender.mail_reply_to)) || c.settings
  from organizations sender where sender.id = c.organization_id), c.settings) else c.settings end`;

/** What sending needs of it besides. */
export const sentChannel = sql`'settings', ${channelSettings}, 'secrets', c.secrets, 'rate', c.rate`;

/** Whether the template of a row that the statement calls `n` is paused. */
export const hasPausedTemplate = sql`(n.template_id is not null and exists (
  select from templates t where t.organization_id = n.organization_id and t.id = n.template_id
    and t.paused_at is not null))`;
