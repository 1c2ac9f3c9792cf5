import { sql, type Selectable } from 'kysely';
import {
  NotFoundError,
  type AttemptOutcome,
  type ContactPointId,
  type DeliveryId,
  type DeliveryState,
  type ExternalKind,
  type NotificationId,
  type OrganizationId,
  type ReasonCode,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import type { AttemptsTable, DeliveriesTable } from '../schema.ts';
import { notificationColumns, type LoadedChannel, type LoadedNotification } from './loaded-notification.ts';

/** What a send needs, whether its delivery was claimed or stored as begun. */
export interface SendableDelivery {
  id: DeliveryId;
  kind: ExternalKind;
  leaseToken: string;
  address: string | null;
  channel: Omit<LoadedChannel, 'enabled'> | null;
  userExternalId: string | null;
  notification: LoadedNotification;
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
  channel: LoadedChannel | null;
  organizationPaused: boolean;
  userExists: boolean;
}

/**
 * Leases what of `ids` is due: nobody else gets these rows until the lease ends. Claiming counts
 * nothing. A delivery that took a worker down before is claimed only with `alone`. Two claims of one
 * row meet at its lock: the second finds it leased and leaves it.
 */
export async function claimDeliveries(
  db: Database,
  claim: { ids: readonly DeliveryId[]; leaseToken: string; leaseMs: number; alone: boolean },
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedRow>`
    with claimed as (
      update deliveries d set state = 'sending', lease_token = ${claim.leaseToken}::uuid, attempt_started_at = null,
        lease_until = carillon_now() + ${claim.leaseMs} * interval '1 millisecond'
      where d.id = any(${claim.ids}::uuid[])
        and ${afterLookup(sql`d.state = 'pending' and d.not_before <= carillon_now()`)}
        and (d.crashes > 0) = ${claim.alone}
      returning d.id, d.kind, d.organization_id, d.notification_id, d.recipient_id, d.lease_token, d.attempts_made,
        d.crashes, d.message, d.contact_point_id, d.channel_id)
    select d.id as "deliveryId", d.kind, d.lease_token as "leaseToken", carillon_now() as now,
      d.attempts_made as "attemptsMade", d.crashes, d.message, d.contact_point_id as "contactPointId",
      p.address, p.bad_reason as "addressBadReason",
      case when c.id is null then null else json_build_object('id', c.id, 'settings', c.settings,
        'secrets', c.secrets, 'enabled', c.enabled) end as channel,
      o.paused_at is not null as "organizationPaused", u.id is not null as "userExists",
      u.external_id as "userExternalId", ${notificationColumns}
    from claimed d
    join organizations o on o.id = d.organization_id
    join notifications n on n.id = d.notification_id
    left join users u on u.id = d.recipient_id and ${afterLookup(sql`u.deleted_at is null`)}
    left join contact_points p on p.id = d.contact_point_id
    left join channels c on c.id = d.channel_id
  `.execute(db);
  return rows.map((row) => ({ ...row, id: row.deliveryId, notification: row }));
}

/** The delivery and, beside it, its notification's columns. */
type ClaimedRow = Omit<ClaimedDelivery, 'id' | 'notification'> &
  LoadedNotification & { deliveryId: DeliveryId };

/** A delivery that enters its adapter now. */
export interface StartingAttempt {
  deliveryId: DeliveryId;
  leaseToken: string;
  /** Rendered for the first time: kept, so that each try sends the same. Undefined when it was kept before. */
  message: unknown;
}

/**
 * Opens an attempt for each delivery that still holds its lease, in one statement, just before the
 * sends. The answer holds what may be sent, with the attempt's number; what is absent lost its lease.
 */
export async function startAttempts(
  db: Database,
  attempts: readonly StartingAttempt[],
): Promise<Map<DeliveryId, number>> {
  const input = attempts.map((a) => ({ id: a.deliveryId, token: a.leaseToken, message: a.message }));
  const { rows } = await sql<{ delivery_id: DeliveryId; number: number }>`
    update deliveries d set attempts_made = d.attempts_made + 1, attempt_started_at = carillon_now(),
      message = coalesce(d.message, i.message)
    from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, message jsonb)
    where d.id = i.id and d.id = any(${attempts.map((a) => a.deliveryId)}::uuid[])
      and d.lease_token = i.token and ${afterLookup(sql`d.state = 'sending' and d.lease_until > carillon_now()`)}
    returning d.id as delivery_id, d.attempts_made as number
  `.execute(db);
  return new Map(rows.map((row) => [row.delivery_id, row.number]));
}

/** How a delivery goes on, with the attempt that led there if one was begun. */
export interface DeliveryOutcome {
  deliveryId: DeliveryId;
  leaseToken: string;
  state: Exclude<DeliveryState, 'sending'>;
  reason: ReasonCode | undefined;
  /** From the database's clock at recording; for `pending`. */
  delayMs: number | undefined;
  attempt:
    | {
        number: number;
        outcome: AttemptOutcome;
        reason: string | undefined;
        statusCode: number | undefined;
        providerId: string | undefined;
      }
    | undefined;
}

/**
 * Records outcomes in one statement, each only with its own lease token: who lost the lease changes
 * nothing. Answers the deliveries that were recorded.
 */
export async function recordOutcomes(
  db: Database,
  outcomes: readonly DeliveryOutcome[],
): Promise<Set<DeliveryId>> {
  const input = outcomes.map((one) => ({
    id: one.deliveryId,
    token: one.leaseToken,
    state: one.state,
    reason: one.reason,
    delay_ms: one.delayMs,
    number: one.attempt?.number,
    outcome: one.attempt?.outcome,
    detail: one.attempt?.reason,
    status_code: one.attempt?.statusCode,
    provider_id: one.attempt?.providerId,
  }));
  const ids = outcomes.map((one) => one.deliveryId);
  const { rows } = await sql<{ id: DeliveryId }>`
    with recorded as (
      update deliveries d set state = i.state, reason = i.reason, lease_token = null, lease_until = null,
        not_before = case when i.state = 'pending'
          then carillon_now() + coalesce(i.delay_ms, 0) * interval '1 millisecond' else d.not_before end,
        scan_after = case when i.state = 'pending'
          then carillon_now() + coalesce(i.delay_ms, 0) * interval '1 millisecond' else d.scan_after end,
        settled_at = case when i.state = 'pending' then null else carillon_now() end,
        provider_id = coalesce(i.provider_id, d.provider_id)
      from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, state text, reason text,
        delay_ms double precision, number int, outcome text, detail text, status_code int, provider_id text)
      where d.id = i.id and d.id = any(${ids}::uuid[]) and d.lease_token = i.token
        and ${afterLookup(sql`d.state = 'sending'`)}
      returning d.id, d.organization_id, d.attempt_started_at, i.number, i.outcome, i.detail, i.status_code,
        i.provider_id),
    closed as (
      insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code, provider_id)
      select id, number, organization_id, coalesce(attempt_started_at, carillon_now()), outcome, detail, status_code,
        provider_id
      from recorded where number is not null on conflict do nothing)
    select id from recorded
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}

export type DeliveryRecord = Omit<
  Selectable<DeliveriesTable>,
  | 'lease_token'
  | 'lease_until'
  | 'attempt_started_at'
  | 'scan_after'
  | 'message'
  | 'attempts_before_replay'
  | 'past_expiry'
>;

const shown = [
  ...(['id', 'organization_id', 'notification_id', 'recipient_id', 'step', 'kind', 'channel_id'] as const),
  ...([
    'contact_point_id',
    'state',
    'reason',
    'not_before',
    'attempts_made',
    'crashes',
    'provider_id',
  ] as const),
  ...(['feedback', 'created_at', 'settled_at', 'digest_id'] as const),
] as const;

export interface DeliveryPage {
  limit: number;
  /** Keyset over notification and id: `next` are the older rows, `prev` the newer ones, nearest first. */
  edge?: { notificationId: NotificationId; id: DeliveryId; direction: 'next' | 'prev' } | undefined;
  notificationId?: NotificationId | undefined;
  state?: DeliveryState | undefined;
  kind?: ExternalKind | undefined;
}

/** Those of the newest notifications first. Uses deliveries_notification. */
export async function listDeliveries(
  db: Database,
  organizationId: OrganizationId,
  page: DeliveryPage,
): Promise<DeliveryRecord[]> {
  let query = db.selectFrom('deliveries').select(shown).where('organization_id', '=', organizationId);
  if (page.notificationId !== undefined) query = query.where('notification_id', '=', page.notificationId);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  if (page.kind !== undefined) query = query.where('kind', '=', page.kind);
  const forwards = page.edge?.direction !== 'prev';
  const direction = forwards ? 'desc' : 'asc';
  if (page.edge !== undefined) {
    const { notificationId, id } = page.edge;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('notification_id', 'id'), forwards ? '<' : '>', tuple(notificationId, id)),
    );
  }
  return query.orderBy('notification_id', direction).orderBy('id', direction).limit(page.limit).execute();
}

export async function getDelivery(
  db: Database,
  organizationId: OrganizationId,
  id: DeliveryId,
): Promise<DeliveryRecord> {
  const row = await db
    .selectFrom('deliveries')
    .select(shown)
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('delivery.not_found', 'There is no such delivery');
  return row;
}

/** One try; `ended_at` and `outcome` are null while it is under way. */
export type AttemptRecord = Omit<
  Selectable<AttemptsTable>,
  'delivery_id' | 'organization_id' | 'ended_at' | 'outcome'
> & { ended_at: Date | null; outcome: AttemptOutcome | null };

/**
 * In the order they were made; a delivery has a dozen at most, unless it was replayed. The one that is under
 * way stands on the delivery itself.
 */
export async function listAttempts(
  db: Database,
  organizationId: OrganizationId,
  deliveryId: DeliveryId,
): Promise<AttemptRecord[]> {
  const { rows } = await sql<AttemptRecord>`
    select number, started_at, ended_at, outcome, reason, status_code, provider_id from attempts
    where delivery_id = ${deliveryId} and organization_id = ${organizationId}
    union all
    select attempts_made, attempt_started_at, null, null, null, null, null from deliveries
    where id = ${deliveryId} and organization_id = ${organizationId}
      and state = 'sending' and attempt_started_at is not null
    order by number limit 200
  `.execute(db);
  return rows;
}
