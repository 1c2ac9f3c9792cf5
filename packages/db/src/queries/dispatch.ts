import { sql } from 'kysely';
import type {
  ChannelKind,
  DeliveryId,
  KindDecision,
  NotificationId,
  OrganizationId,
  PlanChannel,
  PlanContactPoint,
  PlannedDelivery,
  ReasonCode,
  UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { writeInboxChanges } from './inbox-changes.ts';

/** What planning needs of a notification that was not dispatched yet. */
export interface UndispatchedNotification {
  id: NotificationId;
  version: number;
  organizationId: OrganizationId;
  recipientId: UserId;
  urgent: boolean;
  kinds: ChannelKind[] | null;
  expiresAt: Date | null;
  userExists: boolean;
  contactPoints: PlanContactPoint[];
  requestId: string | null;
}

export interface DispatchBatch {
  /** The database's clock when the batch was read. */
  now: Date;
  notifications: UndispatchedNotification[];
  /** Channels by organization, those that are switched off too: a plan says so. */
  channels: Map<OrganizationId, PlanChannel[]>;
}

/**
 * Loads what is still to be dispatched of `ids`, with everything that planning needs, in one
 * statement. Paused organizations are left out: their rows stay for the resume.
 */
export async function loadDispatchBatch(
  db: Database,
  ids: readonly NotificationId[],
): Promise<DispatchBatch> {
  // The channels of an organization stand in its first row only.
  const { rows } = await sql<LoadedRow>`
    select n.id, n.version, n.organization_id, n.recipient_id, n.urgent, n.kinds, n.expires_at, n.request_id,
      u.id is not null as user_exists, carillon_now() as now,
      case when u.id is null then null else (
        select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'badReason', p.bad_reason) order by p.id)
        from contact_points p where p.user_id = u.id) end as contact_points,
      case when row_number() over (partition by n.organization_id) = 1 then (
        select json_agg(json_build_object('id', c.id, 'kind', c.kind, 'enabled', c.enabled, 'position', c.position)
          order by c.position, c.id)
        from channels c where c.organization_id = n.organization_id) end as channels
    from notifications n
    join organizations o on o.id = n.organization_id and o.paused_at is null
    left join users u on u.id = n.recipient_id and ${afterLookup(sql`u.deleted_at is null`)}
    where n.id = any(${ids}::uuid[])
      and ${afterLookup(sql`n.dispatched_at is null and n.deleted_at is null`)}
  `.execute(db);
  const channels = new Map<OrganizationId, PlanChannel[]>();
  for (const row of rows) if (row.channels !== null) channels.set(row.organization_id, row.channels);
  return { now: rows[0]?.now ?? new Date(0), notifications: rows.map(fromLoadedRow), channels };
}

interface LoadedRow {
  id: NotificationId;
  version: number;
  organization_id: OrganizationId;
  recipient_id: UserId;
  urgent: boolean;
  kinds: ChannelKind[] | null;
  expires_at: Date | null;
  request_id: string | null;
  user_exists: boolean;
  now: Date;
  contact_points: (Omit<PlanContactPoint, 'badReason'> & { badReason: string | null })[] | null;
  channels: PlanChannel[] | null;
}

function fromLoadedRow(row: LoadedRow): UndispatchedNotification {
  return {
    id: row.id,
    version: row.version,
    organizationId: row.organization_id,
    recipientId: row.recipient_id,
    urgent: row.urgent,
    kinds: row.kinds,
    expiresAt: row.expires_at,
    userExists: row.user_exists,
    contactPoints: (row.contact_points ?? []).map((p) => ({ ...p, badReason: p.badReason ?? undefined })),
    requestId: row.request_id,
  };
}

/** What was decided for one notification. */
export interface Placement {
  id: NotificationId;
  /** The version that was planned; another one means "plan again". */
  version: number;
  organizationId: OrganizationId;
  recipientId: UserId;
  placed: boolean;
  inboxReason: ReasonCode;
  decisions: KindDecision[];
  deliveries: (PlannedDelivery & { id: DeliveryId })[];
}

export interface Placed {
  id: NotificationId;
  recipientId: UserId;
  /** The recipient's new head; undefined when the row did not enter the inbox. */
  head: number | undefined;
}

/**
 * Writes what was decided for a batch: the row enters the inbox, its deliveries exist, it is no
 * longer due for dispatch, all in one transaction. Done twice it writes nothing; a row that
 * changed since it was planned is absent from the answer.
 *
 * Deliveries get ten seconds before the due-scan looks for them, because a job follows at once.
 */
export async function placeDispatch(db: Database, placements: readonly Placement[]): Promise<Placed[]> {
  const input = placements.map((one) => ({
    id: one.id,
    version: one.version,
    placed: one.placed,
    reason: one.inboxReason,
    decisions: one.decisions,
  }));
  const deliveries = placements.flatMap((one) =>
    one.deliveries.map((delivery) => ({
      id: delivery.id,
      notification_id: one.id,
      kind: delivery.kind,
      channel_id: delivery.channelId,
      contact_point_id: delivery.contactPointId,
    })),
  );
  const rows = await writeInboxChanges<{ id: NotificationId; recipient_id: UserId; head: number | null }>(
    db,
    placements.map((one) => one.recipientId),
    {
      changed: sql`
        update notifications n set
          dispatched_at = carillon_now(),
          decisions = i.decisions,
          inbox_reason = i.reason,
          inbox_at = case when i.placed then carillon_now() end,
          placed_sequence = case when i.placed then head.next end,
          changed_sequence = case when i.placed then head.next end,
          version = n.version + 1
        from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, version int, placed boolean,
          reason text, decisions jsonb), head
        where n.id = i.id and n.id = any(${placements.map((one) => one.id)}::uuid[])
          and n.recipient_id = head.user_id and n.version = i.version
          and ${afterLookup(sql`n.dispatched_at is null and n.deleted_at is null and n.cancelled_at is null`)}
        returning n.id, n.organization_id, n.recipient_id, i.placed as bumps, head.next`,
      also: sql`made as (
        insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id,
          contact_point_id, scan_after)
        select d.id, c.organization_id, d.notification_id, c.recipient_id, d.kind, d.channel_id,
          d.contact_point_id, carillon_now() + interval '10 seconds'
        from json_to_recordset(${JSON.stringify(deliveries)}::json) as d(id uuid, notification_id uuid, kind text,
          channel_id uuid, contact_point_id uuid)
        join changed c on c.id = d.notification_id
        on conflict do nothing)`,
      select: sql`
        select c.id, c.recipient_id, case when c.bumps then c.next end as head from changed c`,
    },
  );
  return rows.map((row) => ({ id: row.id, recipientId: row.recipient_id, head: row.head ?? undefined }));
}

/** What a page of the reconciler found. */
export interface Undispatched {
  id: NotificationId;
  urgent: boolean;
  tries: number;
}

/**
 * Claims notifications that wait for dispatch and whose hint is overdue, at most `perOrganization`
 * of each organization that is not paused. Organizations take turns, each with its oldest first, so
 * that a backlog of one does not hide another's.
 * Claimed rows come up again after fifteen seconds. The loose scan over
 * notifications_undispatched costs one probe per organization that has something waiting.
 */
export async function claimUndispatched(
  db: Database,
  limits: { perOrganization: number; organizationsMax: number },
): Promise<Undispatched[]> {
  const { rows } = await sql<Undispatched>`
    with recursive waiting as (
      (select organization_id from notifications where dispatched_at is null order by organization_id limit 1)
      union all
      select (select n.organization_id from notifications n
        where n.dispatched_at is null and n.organization_id > w.organization_id
        order by n.organization_id limit 1)
      from waiting w where w.organization_id is not null),
    ranked as (
      select picked.* from waiting w
      join organizations o on o.id = w.organization_id and o.paused_at is null
      cross join lateral (
        select first.id, first.hint_after, row_number() over (order by first.hint_after) as turn from (
          select n.id, n.hint_after from notifications n
          where n.organization_id = w.organization_id and n.dispatched_at is null
            and n.hint_after <= carillon_now()
          order by n.hint_after limit ${limits.perOrganization}) first) picked
      order by turn, hint_after limit ${limits.organizationsMax * limits.perOrganization}),
    due as (
      select n.id from notifications n join ranked on ranked.id = n.id
      where ${afterLookup(sql`n.dispatched_at is null and n.hint_after <= carillon_now()`)}
      for update of n skip locked)
    update notifications n
    set hint_after = carillon_now() + interval '15 seconds', dispatch_tries = n.dispatch_tries + 1
    from due where n.id = due.id
    returning n.id, n.urgent, n.dispatch_tries as tries
  `.execute(db);
  return rows;
}

/** Gives up dispatching: the row stays readable in the log with its reason, and is never placed. */
export async function abandonDispatch(
  db: Database,
  ids: readonly NotificationId[],
  reason: ReasonCode,
): Promise<void> {
  await sql`update notifications set dispatched_at = carillon_now(), inbox_reason = ${reason}, version = version + 1
    where id = any(${ids}::uuid[]) and dispatched_at is null`.execute(db);
}
