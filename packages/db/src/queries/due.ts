import { sql } from 'kysely';
import {
  externalKinds,
  heldReasons,
  type AttemptOutcome,
  type ChannelId,
  type DeliveryId,
  type DeliveryState,
  type ExternalKind,
  type OrganizationId,
  type ReasonCode,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import {
  asLeased,
  claimedColumns,
  fromClaimedRows,
  selectClaimed,
  type ClaimedDelivery,
  type ClaimedRow,
  type Lease,
} from './claimed-rows.ts';
import { reasonUnlessTold, stateUnlessTold } from './feedback.ts';

export interface DueDelivery {
  id: DeliveryId;
  kind: ExternalKind;
  crashes: number;
}

/** What a round of the due-scan would find. */
export interface DueWork {
  expiredLeases: boolean;
  kinds: ExternalKind[];
}

/** Where something is pending: a loose scan over deliveries_scan, one probe for each channel that something waits for. */
const waitingChannels = sql`waiting as (
      (select kind, organization_id, channel_id from deliveries where state = 'pending'
        order by kind, organization_id, channel_id limit 1)
      union all
      select next.* from waiting w cross join lateral (
        select d.kind, d.organization_id, d.channel_id from deliveries d
        where d.state = 'pending' and (d.kind, d.organization_id, d.channel_id) > (w.kind, w.organization_id, w.channel_id)
        order by d.kind, d.organization_id, d.channel_id limit 1) next)`;

/** Asks in one statement whether there is anything to do, which on a quiet system is all that is asked. */
export async function loadDueWork(db: Database): Promise<DueWork> {
  const { rows } = await sql<DueWork>`
    with recursive ${waitingChannels}
    select
      exists (select from deliveries where state = 'sending' and lease_until < carillon_now()) as "expiredLeases",
      array(select k.kind from unnest(${[...externalKinds]}::text[]) as k(kind) where exists (
        select from waiting w
        join organizations o on o.id = w.organization_id and o.paused_at is null and k.kind <> all(o.paused_kinds)
        cross join lateral (
          select from deliveries d
          where d.kind = w.kind and d.organization_id = w.organization_id and d.channel_id = w.channel_id
            and d.state = 'pending' and d.scan_after <= carillon_now() limit 1) one
        where w.kind = k.kind)) as kinds
  `.execute(db);
  return rows[0] ?? { expiredLeases: false, kinds: [] };
}

/** What a look at what is due took, and what it only found. */
export interface DueFound {
  claimed: ClaimedDelivery[];
  /** Those that took a worker down before, and those that were held and may become one message with others. */
  others: DueDelivery[];
}

/**
 * Leases deliveries of one kind that are due and that no job brought in time, at most `perOrganization` of
 * each organization. Organizations take turns, each with its oldest first, so that a backlog of one
 * does not hide another's. What cannot be claimed by itself is only named, and comes up again after ten seconds; so
 * is, without `heldToo`, what was held. Rows of a paused
 * organization, or of a kind that it paused, are never looked at, nor is what waits for its channel to be resumed, which
 * is left to `setAsidePaused`, or for a channel of `except`, for which nothing is wanted: the loose scan over
 * deliveries_scan costs one probe per channel that has something pending.
 */
export async function claimDueDeliveries(
  db: Database,
  kind: ExternalKind,
  claim: { perOrganization: number; max: number; except?: readonly ChannelId[]; heldToo: boolean } & Lease,
): Promise<DueFound> {
  const { rows } = await sql<ClaimedRow & { others: DueDelivery[] | null }>`
    with recursive waiting as (
      (select organization_id, channel_id from deliveries where state = 'pending' and kind = ${kind}
        order by organization_id, channel_id limit 1)
      union all
      select next.* from waiting w cross join lateral (
        select d.organization_id, d.channel_id from deliveries d
        where d.state = 'pending' and d.kind = ${kind}
          and (d.organization_id, d.channel_id) > (w.organization_id, w.channel_id)
        order by d.organization_id, d.channel_id limit 1) next),
    ranked as (
      select * from (
        select picked.*, row_number() over (partition by w.organization_id order by picked.scan_after) as turn
        from waiting w
        join organizations o on o.id = w.organization_id and o.paused_at is null and ${kind} <> all(o.paused_kinds)
        cross join lateral (
          select d.id, d.scan_after from deliveries d
          where d.kind = ${kind} and d.organization_id = w.organization_id and d.channel_id = w.channel_id
            and d.state = 'pending' and d.scan_after <= carillon_now()
          order by d.scan_after limit ${Math.min(claim.perOrganization, claim.max)}) picked
        where w.channel_id <> all(${claim.except ?? []}::uuid[])
          and not exists (select from channels c where c.id = w.channel_id and c.paused_at is not null)) one
      where turn <= ${claim.perOrganization} order by turn, scan_after limit ${claim.max}),
    due as (
      select d.id, d.crashes = 0 and d.not_before <= carillon_now()
        and (${claim.heldToo} or d.reason is null or d.reason <> all(${[...heldReasons]}::text[])) as is_ordinary
      from deliveries d join ranked on ranked.id = d.id
      where ${afterLookup(sql`d.state = 'pending' and d.scan_after <= carillon_now()`)}
      for update of d skip locked),
    claimed as (
      update deliveries d set ${asLeased(claim)}
      from due where d.id = due.id and due.is_ordinary
      returning ${claimedColumns}),
    others as (
      update deliveries d set scan_after = carillon_now() + interval '10 seconds'
      from due where d.id = due.id and not due.is_ordinary
      returning d.id, d.kind, d.crashes)
    select one.*, case when row_number() over () = 1 then named.others end as others
    from (select json_agg(json_build_object('id', id, 'kind', kind, 'crashes', crashes)) as others from others) named
    left join (${selectClaimed}) one on true
  `.execute(db);
  const claimed = fromClaimedRows(rows.filter((row) => row.deliveryId !== null));
  return { claimed, others: rows.find((row) => row.others !== null)?.others ?? [] };
}

export interface ExpiredLease {
  id: DeliveryId;
  kind: ExternalKind;
  crashes: number;
  leaseToken: string;
  organizationId: OrganizationId;
  attemptsMade: number;
  /** The attempt that was begun under this lease and never closed, if any. */
  openAttempt: number | null;
}

/** Leases that ran out. Uses deliveries_leases. The caller decides by policy what they become. */
export async function listExpiredLeases(db: Database, limit: number): Promise<ExpiredLease[]> {
  const { rows } = await sql<ExpiredLease>`
    select d.id, d.kind, d.crashes, d.lease_token as "leaseToken", d.organization_id as "organizationId",
      d.attempts_made as "attemptsMade",
      case when d.attempt_started_at is not null then d.attempts_made end as "openAttempt"
    from deliveries d
    where d.state = 'sending' and d.lease_until < carillon_now()
    order by d.lease_until limit ${limit}
  `.execute(db);
  return rows;
}

export interface LeaseEnd {
  id: DeliveryId;
  leaseToken: string;
  state: Exclude<DeliveryState, 'sending'>;
  reason: ReasonCode | undefined;
  /** How the open attempt is closed; undefined when none had begun: then nothing is counted. */
  attempt: { number: number; outcome: AttemptOutcome } | undefined;
}

/** Ends leases that ran out, each only while it still has this token and is still over. Answers the ids ended. */
export async function endLeases(db: Database, ends: readonly LeaseEnd[]): Promise<Set<DeliveryId>> {
  const input = ends.map((end) => ({
    id: end.id,
    token: end.leaseToken,
    state: end.state,
    reason: end.reason,
    number: end.attempt?.number,
    outcome: end.attempt?.outcome,
  }));
  const { rows } = await sql<{ id: DeliveryId }>`
    with ended as (
      update deliveries d set state = ${stateUnlessTold}, reason = ${reasonUnlessTold}, lease_token = null, lease_until = null,
        crashes = d.crashes + case when i.number is null then 0 else 1 end,
        scan_after = carillon_now(),
        settled_at = case when i.state = 'pending' then null else carillon_now() end
      from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, state text, reason text,
        number int, outcome text)
      where d.id = i.id and d.lease_token = i.token
        and ${afterLookup(sql`d.state = 'sending' and d.lease_until < carillon_now()`)}
      returning d.id, d.organization_id, d.channel_id, d.attempt_started_at, i.number, i.outcome),
    closed as (
      insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, channel_id)
      select id, number, organization_id, attempt_started_at, outcome,
        'the worker ended before the outcome was recorded', channel_id
      from ended where number is not null on conflict do nothing)
    select id from ended
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}

/**
 * How long the oldest due work has waited, in seconds, of one organization or of all; 0 when nothing is due. Due excludes what is
 * paused; a delivery that the due-scan looked at and nobody sent still counts. Costs a few index probes per organization and channel: for scrapes and health, not for a hot path.
 */
export async function loadOldestDueSeconds(db: Database, organizationId?: OrganizationId): Promise<number> {
  const wanted = organizationId === undefined ? sql`true` : sql`o.id = ${organizationId}`;
  const { rows } = await sql<{ seconds: number | null }>`
    with recursive ${waitingChannels}
    select extract(epoch from carillon_now() - min(due.since))::float8 as seconds
    from organizations o
    cross join lateral (
      (select coalesce(n.send_at, n.created_at) as since from notifications n
        where n.organization_id = o.id and n.dispatched_at is null
          and (n.send_at is null or n.send_at <= carillon_now())
          and n.hint_after <= carillon_now() + interval '15 seconds'
        order by n.hint_after limit 1)
      union all
      (select oldest.not_before from waiting w
        cross join lateral (select d.not_before from deliveries d
          where d.kind = w.kind and d.organization_id = o.id and d.channel_id = w.channel_id and d.state = 'pending'
            and d.scan_after <= carillon_now() + interval '10 seconds' and d.not_before <= carillon_now()
          order by d.scan_after limit 1) oldest
        where w.organization_id = o.id and w.kind <> all(o.paused_kinds))
      union all
      (select r.next_at from rule_runs r
        where r.organization_id = o.id and r.state = 'running' and r.next_at <= carillon_now()
        order by r.next_at limit 1)) due
    where o.paused_at is null and ${wanted}
  `.execute(db);
  return Math.max(0, rows[0]?.seconds ?? 0);
}
