import type { TSchema } from 'typebox';
import {
  ChangesFrame,
  ClientFrame,
  ErrorFrame,
  HeartbeatFrame,
  ReadyFrame,
  ResyncFrame,
  ServerFrame,
} from '../frames.ts';
import { Problem } from '../problem.ts';
import { CancelManyResult } from '../v1/cancel.ts';
import { CapturedMessage } from '../v1/captured.ts';
import { CaughtMail, CaughtMailContent } from '../v1/caught-mails.ts';
import { Channel } from '../v1/channels.ts';
import { ContactPoint } from '../v1/contact-points.ts';
import { Action } from '../v1/content.ts';
import { DeadLetter, ReplayResult } from '../v1/dead-letters.ts';
import { Attempt, Delivery, DeliveryContent } from '../v1/deliveries.ts';
import { InboxChange, InboxCounts, InboxItem, InboxItemChange } from '../v1/inbox-item.ts';
import { BatchResult, NotificationAccepted, NotificationCreate } from '../v1/notification-create.ts';
import { CancelResult, Notification } from '../v1/notifications.ts';
import { HealthDetails, Liveness, Readiness } from '../v1/operation.ts';
import { Organization } from '../v1/organizations.ts';
import { Overview } from '../v1/overview.ts';
import { Paused } from '../v1/paused.ts';
import { Session } from '../v1/sessions.ts';
import { TemplatePreview, TemplateVersion } from '../v1/template-versions.ts';
import { Template, TemplatePart } from '../v1/templates.ts';
import { AccessToken, NewAccessToken } from '../v1/tokens.ts';
import { User, UserBulkWrite, UserChange, UserWrite } from '../v1/user.ts';
import { UserBulkResult } from '../v1/users.ts';

/** The shapes that have a name in the document; everything else stands where it is used. */
const named: Readonly<Record<string, TSchema>> = {
  Notification,
  NotificationCreate,
  NotificationAccepted,
  BatchResult,
  CancelResult,
  CancelManyResult,
  Action,
  InboxItem,
  InboxCounts,
  InboxItemChange,
  InboxChange,
  User,
  UserWrite,
  UserBulkWrite,
  UserChange,
  UserBulkResult,
  ContactPoint,
  AccessToken,
  NewAccessToken,
  Template,
  TemplateVersion,
  TemplatePreview,
  TemplatePart,
  Channel,
  Delivery,
  Attempt,
  DeliveryContent,
  DeadLetter,
  ReplayResult,
  CapturedMessage,
  CaughtMail,
  CaughtMailContent,
  Paused,
  Organization,
  Session,
  Overview,
  Liveness,
  Readiness,
  HealthDetails,
  Problem,
  ReadyFrame,
  ChangesFrame,
  HeartbeatFrame,
  ResyncFrame,
  ErrorFrame,
  ServerFrame,
  ClientFrame,
};

/** By content, not by identity: TypeBox copies a schema when it makes a field optional. */
const nameByContent = new Map(Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]));

/** A schema as plain JSON, with references in the place of what has a name. */
export function refer(schema: TSchema): unknown {
  return referValue(schema);
}

/** `components.schemas`: every named shape, referring to the others. */
export function schemaComponents(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, referFields(schema)]));
}

function referValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const name = nameByContent.get(JSON.stringify(value));
  return name === undefined ? referFields(value) : { $ref: `#/components/schemas/${name}` };
}

function referFields(value: object): unknown {
  if (Array.isArray(value)) return value.map(referValue);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, referValue(field)]));
}
