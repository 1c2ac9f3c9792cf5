import { sql } from 'kysely';
import {
  firstZone,
  NotFoundError,
  type AttemptOutcome,
  type ChannelId,
  type ChannelKind,
  type ContactPointId,
  type DeliveryId,
  type DeliveryState,
  type Explainable,
  type ExternalKind,
  type Feedback,
  type FeedbackRecord,
  type NotificationId,
  type OrganizationId,
  type PausedBy,
  type ReasonCode,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import { hasPausedTemplate } from './loaded-notification.ts';
import { loadRunRecord } from './rule-runs/explain.ts';

/** Whose view of a notification is asked for: the sender's, or that of one recipient. */
export interface ExplainQuestion {
  organizationId: OrganizationId;
  id: NotificationId;
  /** Given, only what is in this user's inbox is found. */
  recipientId?: UserId | undefined;
}

/** What was written down of one notification, with the clock and the zone to tell it by. */
export interface ExplainRecord extends Explainable {
  id: NotificationId;
  recipientId: UserId;
  /** The database's clock. */
  now: Date;
  /** The recipient's, else the organization's. */
  zone: string;
  deliveries: ExplainDelivery[];
}

export interface ExplainDelivery {
  id: DeliveryId;
  /** The step of the recipient's rules that made it; 0 where preferences alone decided. */
  step: number;
  kind: ExternalKind;
  channelId: ChannelId;
  contactPointId: ContactPointId | null;
  state: DeliveryState;
  reason: ReasonCode | null;
  notBefore: Date;
  attemptsMade: number;
  digestId: DeliveryId | null;
  createdAt: Date;
  settledAt: Date | null;
  /** What the provider told of it later. */
  told: FeedbackRecord | null;
  /** Whether its address is known not to work. */
  addressIsBad: boolean;
  pausedBy: PausedBy | null;
  attempts: ExplainAttempt[];
}

export interface ExplainAttempt {
  number: number;
  startedAt: Date;
  /** Null while it is under way. */
  endedAt: Date | null;
  outcome: AttemptOutcome | null;
  reason: string | null;
  statusCode: number | null;
  /** Null in rows of earlier versions. */
  channelId: ChannelId | null;
}

/** Deliveries of one notification that are told: one per address, and a user has 100 addresses at most. */
export const explainedDeliveriesMax = 300;
/** Tries of one delivery that are told, the last ones: there are more only after replays. */
export const explainedAttemptsMax = 50;

/**
 * Reads what was decided and done about one notification; run it in one snapshot, so that its parts fit.
 * Senders are shown deleted ones too, which have no content any more. Throws NotFoundError.
 */
export async function getExplanation(db: Database, question: ExplainQuestion): Promise<ExplainRecord> {
  const { pausedKinds, ...row } = await getRow(db, question);
  const deliveries = await listDeliveries(db, question);
  const attempts = await listAttempts(db, question, deliveries);
  const run = await loadRunRecord(db, question);
  return {
    ...row,
    zone: firstZone(row.zone),
    run,
    deliveries: deliveries.map((delivery) => ({
      ...delivery,
      pausedBy: row.pausedBy ?? (pausedKinds.includes(delivery.kind) ? 'kind' : delivery.pausedBy),
      attempts: attempts.get(delivery.id) ?? [],
    })),
  };
}

type ExplainRow = Omit<ExplainRecord, 'deliveries' | 'run'> & { pausedKinds: ChannelKind[] };

async function getRow(
  db: Database,
  { organizationId, id, recipientId }: ExplainQuestion,
): Promise<ExplainRow> {
  const isOwn = recipientId !== undefined;
  const { rows } = await sql<ExplainRow>`
    select n.id, n.recipient_id as "recipientId", n.decisions, n.inbox_reason as "inboxReason",
      n.created_at as "createdAt", n.send_at as "sendAt", n.dispatched_at as "dispatchedAt", n.inbox_at as "inboxAt",
      n.seen_at as "seenAt", n.read_at as "readAt", n.acknowledged_at as "acknowledgedAt",
      n.archived_at as "archivedAt", n.dismissed_at as "dismissedAt", n.snoozed_until as "snoozedUntil",
      n.cancelled_at as "cancelledAt", n.expired_at as "expiredAt", n.deleted_at as "deletedAt",
      case when o.paused_at is not null then 'organization' when ${hasPausedTemplate} then 'template' end as "pausedBy",
      o.paused_kinds as "pausedKinds", carillon_now() as now,
      coalesce(nullif(u.zone, ''), o.zone) as zone
    from notifications n
    join organizations o on o.id = n.organization_id
    left join users u on u.id = n.recipient_id and u.deleted_at is null
    where n.id = ${id} and n.organization_id = ${organizationId}
      and (not ${isOwn} or (n.recipient_id = ${recipientId ?? null}::uuid and n.inbox_at is not null
        and n.deleted_at is null))
  `.execute(db);
  const row = rows[0];
  if (row !== undefined) return row;
  if (isOwn) throw new NotFoundError('inbox.not_found', 'There is no such item in this inbox');
  throw new NotFoundError('notification.not_found', 'There is no such notification');
}

type DeliveryRow = Omit<ExplainDelivery, 'attempts' | 'told'> & {
  feedback: Feedback | null;
  feedbackAt: Date | null;
  feedbackReason: string | null;
};

/** In the order in which they were made. Uses deliveries_notification. */
async function listDeliveries(
  db: Database,
  { organizationId, id }: ExplainQuestion,
): Promise<Omit<ExplainDelivery, 'attempts'>[]> {
  const { rows } = await sql<DeliveryRow>`
    select d.id, d.step, d.kind, d.channel_id as "channelId", d.contact_point_id as "contactPointId", d.state, d.reason,
      d.not_before as "notBefore", d.attempts_made as "attemptsMade", d.digest_id as "digestId",
      d.created_at as "createdAt", d.settled_at as "settledAt", p.bad_reason is not null as "addressIsBad",
      d.feedback, d.feedback_at as "feedbackAt", d.feedback_reason as "feedbackReason",
      case when exists (select from channels c where c.id = d.channel_id and c.paused_at is not null)
        then 'channel' end as "pausedBy"
    from deliveries d
    left join contact_points p on p.id = d.contact_point_id
    where d.organization_id = ${organizationId} and d.notification_id = ${id}
    order by d.id limit ${explainedDeliveriesMax}
  `.execute(db);
  return rows.map(({ feedback, feedbackAt, feedbackReason, ...delivery }) => ({
    ...delivery,
    told:
      feedback === null || feedbackAt === null ? null : { feedback, at: feedbackAt, reason: feedbackReason },
  }));
}

/** By delivery; the one under way stands on it. By the primary keys of attempts and deliveries. */
async function listAttempts(
  db: Database,
  { organizationId }: ExplainQuestion,
  deliveries: readonly { id: DeliveryId }[],
): Promise<Map<DeliveryId, ExplainAttempt[]>> {
  const byDelivery = new Map<DeliveryId, ExplainAttempt[]>();
  if (deliveries.length === 0) return byDelivery;
  const { rows } = await sql<ExplainAttempt & { deliveryId: DeliveryId }>`
    select one.* from unnest(${deliveries.map((delivery) => delivery.id)}::uuid[]) as d(id)
    cross join lateral (
      select a.delivery_id as "deliveryId", a.number, a.started_at as "startedAt", a.ended_at as "endedAt",
        a.outcome, a.reason, a.status_code as "statusCode", a.channel_id as "channelId"
      from attempts a where a.delivery_id = d.id and a.organization_id = ${organizationId}
      union all
      select s.id, s.attempts_made, s.attempt_started_at, null, null, null, null, s.channel_id from deliveries s
      where s.id = d.id and s.organization_id = ${organizationId} and s.state = 'sending'
        and s.attempt_started_at is not null
      order by number desc limit ${explainedAttemptsMax}) one
    order by one."deliveryId", one.number
  `.execute(db);
  for (const { deliveryId, ...attempt } of rows) {
    const ofDelivery = byDelivery.get(deliveryId);
    if (ofDelivery === undefined) byDelivery.set(deliveryId, [attempt]);
    else ofDelivery.push(attempt);
  }
  return byDelivery;
}
