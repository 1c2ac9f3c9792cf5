import { sql, type RawBuilder } from 'kysely';
import {
  heldReasons,
  type ChannelId,
  type ContactPointId,
  type DeliveryId,
  type ExternalKind,
  type HeldReason,
  type ReasonCode,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import {
  hasPausedTemplate,
  notificationColumns,
  plannedChannel,
  sentChannel,
  type LoadedChannel,
  type LoadedNotification,
} from './loaded-notification.ts';

/** What a send needs, whether its delivery was claimed or stored as begun. */
export interface SendableDelivery {
  id: DeliveryId;
  kind: ExternalKind;
  leaseToken: string;
  address: string | null;
  channel: LoadedChannel | null;
  /** All channels of its kind in the order in which they are tried. */
  channels: readonly LoadedChannel[];
  userExternalId: string | null;
  notification: LoadedNotification;
  /** Attempts made before it was last replayed: the schedule begins anew after them. */
  attemptsBeforeReplay: number;
}

/** A leased delivery with all that is needed to decide once more, render and send. */
export interface ClaimedDelivery extends SendableDelivery {
  /** The database's clock at the claim. */
  now: Date;
  attemptsMade: number;
  crashes: number;
  /** The message as rendered at the first try. */
  message: unknown;
  contactPointId: ContactPointId | null;
  addressBadReason: string | null;
  /** It was replayed although its notification had expired. */
  pastExpiry: boolean;
  /** Why it waited until now; undefined for what was not held. */
  heldFor: HeldReason | null;
  /** Whether it found no turn of its channel's rate before. */
  wasRateLimited: boolean;
  /** Whether its message tells of other deliveries too. */
  isDigest: boolean;
  /** The organization, this kind of it, its channel or its template is paused. */
  paused: boolean;
  userExists: boolean;
  /** Given for a step of rules: why the run was stopped, if it was, and what the step was decided with. */
  run: { stoppedFor: ReasonCode | null; code: ReasonCode | null } | null;
}

/** Whose the claimed rows are, and for how long. */
export interface Lease {
  leaseToken: string;
  leaseMs: number;
}

/** Sets of an update that leases a delivery. */
export function asLeased({ leaseToken, leaseMs }: Lease): RawBuilder<unknown> {
  return sql`state = 'sending', lease_token = ${leaseToken}::uuid, attempt_started_at = null,
    lease_until = carillon_now() + ${leaseMs} * interval '1 millisecond'`;
}

/** What an update of deliveries `d` returns as `claimed`. */
export const claimedColumns = sql`d.id, d.kind, d.organization_id, d.notification_id, d.recipient_id, d.lease_token,
  d.attempts_made, d.crashes, d.message, d.contact_point_id, d.channel_id, d.reason, d.digest_id,
  d.attempts_before_replay, d.past_expiry, d.step`;

/** Reads `claimed` with all that deciding and sending need. */
export const selectClaimed = sql`
    select d.id as "deliveryId", d.kind, d.lease_token as "leaseToken", carillon_now() as now,
      d.attempts_made as "attemptsMade", d.crashes, d.message, d.contact_point_id as "contactPointId",
      p.address, p.bad_reason as "addressBadReason",
      d.channel_id as "channelId",
      case when row_number() over (partition by d.organization_id, d.kind) = 1 then (
        select json_agg(json_build_object(${plannedChannel}, ${sentChannel}) order by c.position, c.id)
        from channels c where c.organization_id = d.organization_id and c.kind = d.kind) end as channels,
      case when d.reason = any(${[...heldReasons]}::text[]) then d.reason end as "heldFor",
      d.reason is not distinct from 'rate_limited' as "wasRateLimited",
      d.attempts_before_replay as "attemptsBeforeReplay", d.past_expiry as "pastExpiry",
      d.digest_id is not distinct from d.id as "isDigest",
      o.paused_at is not null or d.kind = any(o.paused_kinds) or ${hasPausedTemplate} as paused, u.id is not null as "userExists",
      u.external_id as "userExternalId",
      case when d.step > 0 then (
        select json_build_object('stoppedFor', case when r.state = 'stopped' then r.reason end, 'code', (
          select s.code from rule_steps s where s.notification_id = d.notification_id and s.sequence = d.step))
        from rule_runs r where r.notification_id = d.notification_id) end as run,
      ${notificationColumns}
    from claimed d
    join organizations o on o.id = d.organization_id
    join notifications n on n.id = d.notification_id
    left join users u on u.id = d.recipient_id and ${afterLookup(sql`u.deleted_at is null`)}
    left join contact_points p on p.id = d.contact_point_id`;

/** Channels of an organization and kind stand in its first row only. */
export function fromClaimedRows(rows: readonly ClaimedRow[]): ClaimedDelivery[] {
  const channels = new Map<string, LoadedChannel[]>();
  const setOf = ({ organizationId, kind }: ClaimedRow): string => `${organizationId} ${kind}`;
  for (const row of rows) if (row.channels !== null) channels.set(setOf(row), row.channels);
  return rows.map((row) => {
    const ofKind = channels.get(setOf(row)) ?? [];
    const channel = ofKind.find(({ id }) => id === row.channelId) ?? null;
    const paused = row.paused || channel?.paused === true;
    return { ...row, id: row.deliveryId, notification: row, channels: ofKind, channel, paused };
  });
}

/** The delivery and, beside it, its notification's columns. */
export type ClaimedRow = Omit<ClaimedDelivery, 'id' | 'notification' | 'channel' | 'channels'> &
  LoadedNotification & { deliveryId: DeliveryId; channelId: ChannelId; channels: LoadedChannel[] | null };
