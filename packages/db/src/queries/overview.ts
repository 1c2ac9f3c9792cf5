import { sql } from 'kysely';
import { externalKinds, type ExternalKind, type OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { loadOldestDueSeconds } from './due.ts';

/** What is counted is counted up to here: a badge needs no more, and every question stays cheap. */
const overviewCountMax = 10_000;
/** The curves: this many pieces of this many seconds, the last of them now. */
const overviewPieces = { count: 30, seconds: 120 } as const;

/** Of one channel kind that the organization has channels of, or deliveries. */
export interface KindOverview {
  kind: ExternalKind;
  channels: number;
  enabled: number;
  paused: number;
  /** Channels whose target does not answer. */
  open: number;
  /** Whether the organization paused the kind. */
  is_paused: boolean;
  /** Deliveries that are due, that wait for their time, and that were given up. */
  due: number;
  held: number;
  dead: number;
  /** In the stretch of the curves. */
  sent: number;
  failed: number;
}

/** One piece of the curves, by its place from the oldest on. */
export interface OverviewPiece {
  accepted: number;
  sent: number;
  failed: number;
}

/** How an organization is doing at this moment; every count is of its own and at most `overviewCountMax`. */
export interface OverviewRecord {
  /** The database's clock. */
  at: Date;
  paused_at: Date | null;
  /** How long each piece is. */
  piece_seconds: number;
  pieces: OverviewPiece[];
  /** From when on deliveries are counted in full; later than the first piece where there were very many. */
  complete_since: Date;
  /** Notifications that should be in an inbox by now. */
  undispatched: number;
  /** Dead letters of the stretch of the curves. */
  dead_lately: number;
  oldest_due_seconds: number;
  kinds: KindOverview[];
}

/** Throws nothing of its own: an organization that is not there has nothing. */
export async function loadOverview(db: Database, organizationId: OrganizationId): Promise<OverviewRecord> {
  const now = await loadNow(db, organizationId);
  const accepted = await countAccepted(db, organizationId);
  const settled = await countSettled(db, organizationId);
  const kinds = await countByKind(db, organizationId);
  const pieces = Array.from({ length: overviewPieces.count }, (_, index) => {
    const of = settled.rows.filter(({ piece }) => piece === index);
    return { accepted: accepted[index] ?? 0, sent: sum(of, 'sent'), failed: sum(of, 'failed') };
  });
  return {
    ...now,
    ...{ pieces, piece_seconds: overviewPieces.seconds, complete_since: settled.completeSince },
    oldest_due_seconds: await loadOldestDueSeconds(db, organizationId),
    kinds: kinds.map((kind) => {
      const of = settled.rows.filter((row) => row.kind === kind.kind);
      return { ...kind, sent: sum(of, 'sent'), failed: sum(of, 'failed') };
    }),
  };
}

function sum<Name extends string>(rows: readonly Record<Name, number>[], name: Name): number {
  return rows.reduce((total, row) => total + row[name], 0);
}

const stretch = sql`${overviewPieces.count * overviewPieces.seconds} * interval '1 second'`;

async function loadNow(db: Database, organizationId: OrganizationId) {
  const { rows } = await sql<Pick<OverviewRecord, 'at' | 'paused_at' | 'undispatched' | 'dead_lately'>>`
    select carillon_now() as at, (select paused_at from organizations where id = ${organizationId}) as paused_at,
      (select count(*)::int from (select from notifications n
        where n.organization_id = ${organizationId} and n.dispatched_at is null
          and (n.send_at is null or n.send_at <= carillon_now()) limit ${overviewCountMax}) due) as undispatched,
      (select count(*)::int from (select from deliveries d
        where d.organization_id = ${organizationId} and d.state in ('dead', 'unknown')
          and d.settled_at >= carillon_now() - ${stretch} limit ${overviewCountMax}) dead) as dead_lately
  `.execute(db);
  return rows[0] ?? { at: new Date(0), paused_at: null, undispatched: 0, dead_lately: 0 };
}

/**
 * How many were accepted in each piece. Numbers of an organization rise without gaps, so that each piece is the
 * difference of two of them; where a piece begins is found by halving (some twenty probes of notifications_number
 * each), whether there are ten notifications or a hundred million.
 */
async function countAccepted(db: Database, organizationId: OrganizationId): Promise<number[]> {
  const own = sql`n.organization_id = ${organizationId} and n.deleted_at is null`;
  const { rows } = await sql<{ count: number }>`
    with recursive span as (
      select coalesce((select number from notifications n where ${own} order by number limit 1), 0) as low,
        coalesce((select number from notifications n where ${own} order by number desc limit 1), -1) + 1 as high),
    search as (
      select piece, carillon_now() - (${overviewPieces.count} - piece) * ${overviewPieces.seconds} * interval '1 second' as at,
        low, high
      from generate_series(0, ${overviewPieces.count - 1}) as piece cross join span
      union all
      select s.piece, s.at, case when found.is_later then s.low else found.number + 1 end,
        case when found.is_later then middle.number else s.high end
      from search s
      cross join lateral (select (s.low + s.high) / 2 as number) middle
      cross join lateral (
        select coalesce(max(first.number), 0) as number, coalesce(bool_and(first.created_at >= s.at), true) as is_later
        from (select n.number, n.created_at from notifications n
          where ${own} and n.number >= middle.number order by n.number limit 1) first) found
      where s.low < s.high)
    select greatest(0, coalesce(lead(s.low) over (order by s.piece), (select high from span)) - s.low)::int as count
    from search s where s.low >= s.high order by s.piece
  `.execute(db);
  return rows.map(({ count }) => count);
}

interface SettledRow {
  piece: number;
  kind: ExternalKind;
  sent: number;
  failed: number;
}

/**
 * What came to its end in each piece, of the newest deliveries of the last day: what quiet hours held overnight is among
 * them. Uses deliveries_notification, whose ids sort by time.
 */
async function countSettled(
  db: Database,
  organizationId: OrganizationId,
): Promise<{ rows: SettledRow[]; completeSince: Date }> {
  const { rows } = await sql<SettledRow & { complete_since: Date }>`
    with newest as materialized (
      select d.kind, d.state, d.settled_at, d.created_at from deliveries d
      where d.organization_id = ${organizationId} and d.notification_id >= (
        select (lpad(to_hex((extract(epoch from carillon_now() - interval '1 day') * 1000)::bigint), 12, '0')
          || repeat('0', 20))::uuid)
      order by d.notification_id desc limit ${overviewCountMax}),
    placed as (
      select kind, state, ${overviewPieces.count} - 1
        - floor(extract(epoch from carillon_now() - settled_at) / ${overviewPieces.seconds})::int as piece
      from newest where settled_at > carillon_now() - ${stretch}),
    complete as (
      select greatest(carillon_now() - ${stretch},
        case when count(*) = ${overviewCountMax} then min(created_at) end) as since from newest)
    select c.since as complete_since, p.piece, p.kind,
      count(*) filter (where p.state = 'sent')::int as sent,
      count(*) filter (where p.state in ('dead', 'unknown'))::int as failed
    from complete c left join placed p on true group by c.since, p.piece, p.kind
  `.execute(db);
  const completeSince = rows[0]?.complete_since ?? new Date(0);
  return { rows: rows.filter(({ kind }) => kind !== null), completeSince };
}

/** Uses deliveries_scan and deliveries_dead, each up to the limit. */
async function countByKind(
  db: Database,
  organizationId: OrganizationId,
): Promise<Omit<KindOverview, 'sent' | 'failed'>[]> {
  const upTo = (condition: ReturnType<typeof sql>) => sql`(select count(*)::int from (select from deliveries d
    where d.organization_id = ${organizationId} and d.kind = k.kind and ${condition} limit ${overviewCountMax}) counted)`;
  const { rows } = await sql<Omit<KindOverview, 'sent' | 'failed'>>`
    select * from (
      select k.kind, c.channels, c.enabled, c.paused, c.open,
        coalesce(k.kind = any(o.paused_kinds), false) as is_paused,
        ${upTo(sql`d.state = 'pending' and d.scan_after <= carillon_now() + interval '10 seconds'
          and d.not_before <= carillon_now()`)} as due,
        ${upTo(sql`d.state = 'pending' and d.scan_after > carillon_now() and d.not_before > carillon_now()`)} as held,
        ${upTo(sql`d.state in ('dead', 'unknown')`)} as dead
      from unnest(${[...externalKinds]}::text[]) with ordinality as k(kind, place)
      left join organizations o on o.id = ${organizationId}
      cross join lateral (
        select count(*)::int as channels, count(*) filter (where enabled)::int as enabled,
          count(*) filter (where paused_at is not null)::int as paused,
          count(*) filter (where opened_at is not null)::int as open
        from channels where organization_id = ${organizationId} and kind = k.kind) c
      order by k.place) all_kinds
    where channels > 0 or due > 0 or held > 0 or dead > 0
  `.execute(db);
  return rows;
}
