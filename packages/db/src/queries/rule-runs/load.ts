import { sql } from 'kysely';
import type {
  ChannelKind,
  NotificationId,
  OrganizationId,
  PlanChannel,
  PlanContactPoint,
  RuleId,
  RuleListName,
  RunDeliveries,
  RunPlace,
} from '@carillon/core';
import { afterLookup } from '../../by-id.ts';
import type { Database } from '../../connect.ts';
import { decidedColumns, plannedChannel, type DecidedNotification } from '../loaded-notification.ts';
import { categories, toCategories, type LoadedCategory, type Policies } from '../policies.ts';

/** A run whose next step is due, with what the step is decided by, besides the recipient's policy. */
export interface LoadedRun {
  notification: DecidedNotification;
  list: RuleListName;
  /** Steps that were done. */
  sequence: number;
  /** When its step was due. */
  nextAt: Date;
  place: RunPlace;
  deliveries: RunDeliveries;
  read: boolean;
  /** Dismissed or archived. */
  dismissed: boolean;
  acknowledged: boolean;
  cancelled: boolean;
  deleted: boolean;
  /** Undefined when the recipient was removed. */
  contactPoints: PlanContactPoint[] | undefined;
  pausedKinds: ChannelKind[];
  organizationZone: string;
}

export interface RunBatch {
  /** The database's clock. */
  now: Date;
  runs: LoadedRun[];
  /** Channels by organization, those that are switched off too. */
  channels: Map<OrganizationId, PlanChannel[]>;
  categories: Policies['categories'];
}

/** Loads what of `ids` is still due, in one statement. By primary keys, and deliveries_notification. */
export async function loadRuns(db: Database, ids: readonly NotificationId[]): Promise<RunBatch> {
  // Channels and categories of an organization stand in its first row only.
  const { rows } = await sql<LoadedRow>`
    select ${decidedColumns}, r.list, r.sequence, r.next_at as "nextAt", r.rule_id as "ruleId", r.cursor_position as cursor, r.round,
      r.paused_at as "pausedAt", r.fell_back as "fellBack", n.read_at is not null as read,
      n.dismissed_at is not null or n.archived_at is not null as dismissed,
      n.acknowledged_at is not null as acknowledged, n.cancelled_at is not null as cancelled,
      n.deleted_at is not null as deleted,
      made.open_since as "openSince", coalesce(made.reached, false) as reached, coalesce(made.mailed, false) as mailed,
      o.paused_kinds as "pausedKinds", o.zone as "organizationZone", carillon_now() as now,
      case when u.id is not null then (
        select coalesce(json_agg(json_build_object('id', p.id, 'kind', p.kind, 'badReason', p.bad_reason,
          'verified', p.verified_at is not null) order by p.id), '[]')
        from contact_points p where p.user_id = u.id) end as "contactPoints",
      case when row_number() over (partition by r.organization_id) = 1 then (
        select json_agg(json_build_object(${plannedChannel}) order by c.position, c.id)
        from channels c where c.organization_id = r.organization_id) end as channels,
      case when row_number() over (partition by r.organization_id) = 1 then (${categories}) end as categories
    from rule_runs r
    join notifications n on n.id = r.notification_id
    join organizations o on o.id = r.organization_id
    left join users u on u.id = r.user_id and ${afterLookup(sql`u.deleted_at is null`)}
    cross join lateral (
      select max(d.created_at) filter (where d.state in ('pending', 'sending')) as open_since,
        bool_or(d.state in ('sent', 'digested')) as reached, bool_or(d.kind = 'email') as mailed
      from deliveries d
      where d.organization_id = r.organization_id and d.notification_id = r.notification_id and d.step > 0) made
    where r.notification_id = any(${ids}::uuid[])
      and ${afterLookup(sql`r.state = 'running' and r.next_at <= carillon_now()`)}
  `.execute(db);
  const batch: RunBatch = {
    now: rows[0]?.now ?? new Date(0),
    runs: rows.map(toRun),
    ...{ channels: new Map(), categories: new Map() },
  };
  for (const { organizationId, channels, categories: keys } of rows) {
    if (channels !== null) batch.channels.set(organizationId, channels);
    if (keys !== null) batch.categories.set(organizationId, toCategories(keys));
  }
  return batch;
}

type LoadedContactPoint = Omit<PlanContactPoint, 'badReason'> & { badReason: string | null };

interface LoadedRow extends DecidedNotification {
  list: RuleListName;
  sequence: number;
  nextAt: Date;
  ruleId: RuleId | null;
  cursor: number | null;
  round: number;
  pausedAt: Date | null;
  fellBack: boolean;
  read: boolean;
  dismissed: boolean;
  acknowledged: boolean;
  cancelled: boolean;
  deleted: boolean;
  openSince: Date | null;
  reached: boolean;
  mailed: boolean;
  pausedKinds: ChannelKind[];
  organizationZone: string;
  now: Date;
  contactPoints: LoadedContactPoint[] | null;
  channels: PlanChannel[] | null;
  categories: LoadedCategory[] | null;
}

/** Written out: spreading a row of so many columns took longer than deciding about it. */
function toRun(row: LoadedRow): LoadedRun {
  return {
    notification: row,
    list: row.list,
    sequence: row.sequence,
    nextAt: row.nextAt,
    place: {
      ruleId: row.ruleId ?? undefined,
      cursor: row.cursor ?? undefined,
      round: row.round,
      pausedAt: row.pausedAt ?? undefined,
      fellBack: row.fellBack,
    },
    deliveries: { openSince: row.openSince ?? undefined, reached: row.reached, mailed: row.mailed },
    read: row.read,
    dismissed: row.dismissed,
    acknowledged: row.acknowledged,
    cancelled: row.cancelled,
    deleted: row.deleted,
    contactPoints: row.contactPoints?.map(toContactPoint),
    pausedKinds: row.pausedKinds,
    organizationZone: row.organizationZone,
  };
}

function toContactPoint({ id, kind, badReason, verified }: LoadedContactPoint): PlanContactPoint {
  return { id, kind, badReason: badReason ?? undefined, verified };
}
