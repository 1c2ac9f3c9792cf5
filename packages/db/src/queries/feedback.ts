import { sql } from 'kysely';
import {
  feedbacks,
  type ChannelId,
  type ContactPointId,
  type DeliveryId,
  type ExternalKind,
  type Feedback,
  type NotificationId,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { judgeAddresses, type JudgedAddress } from './judged-addresses.ts';

/** What a vendor told of one delivery after it had taken it. */
export interface DeliveryFeedback {
  deliveryId: DeliveryId;
  feedback: Feedback;
  /** The vendor's words. */
  reason: string | undefined;
  /** The vendor's id of the message, kept where none was known. */
  providerId: string | undefined;
  /** What follows for the address. */
  address?: JudgedAddress | undefined;
}

/** Whose deliveries a channel's vendor may tell of. */
export interface FeedbackSource {
  organizationId: OrganizationId;
  kind: ExternalKind;
}

/**
 * Keeps what is stronger than what was told before, in one statement, and answers the deliveries that it changed: the same
 * told twice, or late, changes nothing, not even an address that was corrected since. A delivery of which nobody knew
 * whether it was sent was, for its vendor knows of it. Not more than one entry for a delivery.
 */
export async function recordFeedback(
  db: Database,
  { organizationId, kind }: FeedbackSource,
  told: readonly DeliveryFeedback[],
): Promise<DeliveryId[]> {
  if (told.length === 0) return [];
  const input = told.map(({ deliveryId, feedback, reason, providerId }) => ({
    ...{ id: deliveryId, feedback, reason, provider_id: providerId },
    strength: feedbacks.indexOf(feedback) + 1,
  }));
  const { rows } = await sql<{ id: DeliveryId }>`
    with locked as (
      select d.id from deliveries d where d.id = any(${told.map((one) => one.deliveryId)}::uuid[])
      order by d.id for update),
    recorded as (
      update deliveries d set feedback = i.feedback, feedback_at = carillon_now(), feedback_reason = left(i.reason, 500),
        provider_id = coalesce(d.provider_id, i.provider_id),
        state = case when d.state = 'unknown' then 'sent' else d.state end,
        reason = case when d.state = 'unknown' then null else d.reason end
      from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, feedback text, reason text, provider_id text,
        strength int), locked
      where d.id = i.id and d.id = locked.id
        and ${afterLookup(sql`d.organization_id = ${organizationId} and d.kind = ${kind}`)}
        and ${afterLookup(sql`coalesce(array_position(${[...feedbacks]}::text[], d.feedback), 0) < i.strength`)}
      returning d.id, d.contact_point_id)
      ${judgeAddresses(told)}
    select id from recorded
  `.execute(db);
  return rows.map((row) => row.id);
}

/**
 * For statements that set state and reason of deliveries `d` from `i`: a delivery that its vendor has told of was
 * sent, whether or not its worker lived to hear it.
 */
export const stateUnlessTold = sql`case when i.state = 'unknown' and d.feedback is not null then 'sent' else i.state end`;
export const reasonUnlessTold = sql`case when i.state = 'unknown' and d.feedback is not null then null else i.reason end`;

/** Somebody who was sent something, and what the message told of. */
export interface SentMessage {
  recipientId: UserId;
  contactPointId: ContactPointId | null;
  /** Where it went, as the address is now; null when that was removed. */
  address: string | null;
  notificationIds: NotificationId[];
}

/** Of the recipient's newest items so many are looked through for what a digest told of. */
const digestItemsMax = 2_000;

/** What the message of a delivery told whom; of a digest, all that it told of. Undefined for a delivery of others. */
export async function loadSentMessage(
  db: Database,
  { organizationId, kind }: FeedbackSource,
  deliveryId: DeliveryId,
): Promise<SentMessage | undefined> {
  // By the primary keys of deliveries and contact points, notifications_inbox and the key of deliveries.
  const { rows } = await sql<SentMessage>`
    select d.recipient_id as "recipientId", d.contact_point_id as "contactPointId", p.address,
      array(
        select d.notification_id
        union
        select m.notification_id from (
          select n.id from notifications n where d.digest_id = d.id and n.recipient_id = d.recipient_id
            and n.inbox_at is not null and n.deleted_at is null
          order by n.inbox_at desc, n.id desc limit ${digestItemsMax}) n
        join deliveries m on m.notification_id = n.id and m.kind = d.kind
          and ${afterLookup(sql`m.digest_id = d.id`)}) as "notificationIds"
    from deliveries d
    left join contact_points p on p.id = d.contact_point_id
    where d.id = ${deliveryId} and ${afterLookup(sql`d.organization_id = ${organizationId} and d.kind = ${kind}`)}
  `.execute(db);
  return rows[0];
}

/** A channel whose vendor calls back, whosever it is: the caller is known only by what its settings say. */
export interface CallbackChannel extends FeedbackSource {
  id: ChannelId;
  settings: Record<string, unknown>;
  /** Sealed. */
  secrets: string | null;
}

/** By id, switched on or not: what was sent before is still told of. Needs the role of the system. */
export async function loadCallbackChannel(db: Database, id: ChannelId): Promise<CallbackChannel | undefined> {
  return db
    .selectFrom('channels')
    .select(['id', 'organization_id as organizationId', 'kind', 'settings', 'secrets'])
    .where('id', '=', id)
    .executeTakeFirst();
}
