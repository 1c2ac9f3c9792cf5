import { sql, type RawBuilder } from 'kysely';
import type { DeliveryId, ExternalKind, OrganizationId, ReasonCode, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { DeliveryRecord } from './deliveries.ts';

/** Deliveries that were given up, or of which nobody knows whether they arrived. */
export type DeadState = 'dead' | 'unknown';

export interface DeadLetterFilter {
  state?: DeadState | undefined;
  kind?: ExternalKind | undefined;
  reason?: ReasonCode | undefined;
  category?: string | undefined;
  templateIds?: readonly string[] | undefined;
  recipientId?: UserId | undefined;
  settledAfter?: Date | undefined;
  settledBefore?: Date | undefined;
}

/** Why a dead letter would not be sent although it is asked for. */
export type ReplayObstacle = 'expired' | 'deleted' | 'cancelled';

/** A dead letter with what an operator decides by. */
export type DeadLetterRecord = Omit<DeliveryRecord, 'state' | 'settled_at'> & {
  state: DeadState;
  settled_at: Date;
  category: string | null;
  template_id: string | null;
  /** Why it would not be sent again; null when nothing stands against it. */
  obstacle: ReplayObstacle | null;
  /** What the last try met. */
  last_reason: string | null;
  last_status_code: number | null;
};

export interface DeadLetterPage extends DeadLetterFilter {
  limit: number;
  /** Keyset over (settled_at, id): `next` are the older rows, `prev` the newer ones, nearest first. */
  edge?: { settledAt: Date; id: DeliveryId; direction: 'next' | 'prev' } | undefined;
}

/** What stands against sending a delivery `d` of the notification `n`. */
export const obstacle = sql`case
  when n.id is null or n.deleted_at is not null
    or not exists (select from users u where u.id = d.recipient_id and u.deleted_at is null) then 'deleted'
  when n.cancelled_at is not null then 'cancelled'
  when n.expired_at is not null or n.expires_at <= carillon_now() then 'expired' end`;

/** Settled last first. Uses deliveries_dead; what the filter leaves out is read past. */
export async function listDeadLetters(
  db: Database,
  organizationId: OrganizationId,
  page: DeadLetterPage,
): Promise<DeadLetterRecord[]> {
  const { edge } = page;
  const forwards = edge?.direction !== 'prev';
  const conditions = [isDead(organizationId), ...filterConditions(page)];
  if (edge !== undefined) {
    conditions.push(
      sql`(d.settled_at, d.id) ${forwards ? sql`<` : sql`>`} (${edge.settledAt}::timestamptz, ${edge.id}::uuid)`,
    );
  }
  const order = forwards ? sql`d.settled_at desc, d.id desc` : sql`d.settled_at, d.id`;
  const { rows } = await sql<DeadLetterRecord>`
    select d.id, d.organization_id, d.notification_id, d.recipient_id, d.step, d.kind, d.channel_id,
      d.contact_point_id, d.state, d.reason, d.not_before, d.attempts_made, d.crashes, d.provider_id, d.feedback,
      d.feedback_at, d.feedback_reason,
      d.created_at, d.settled_at, d.digest_id, n.category, n.template_id, ${obstacle} as obstacle,
      a.reason as last_reason, a.status_code as last_status_code
    from deliveries d
    left join notifications n on n.id = d.notification_id
    left join attempts a on a.delivery_id = d.id and a.number = d.attempts_made
    where ${sql.join(conditions, sql` and `)} order by ${order} limit ${page.limit}
  `.execute(db);
  return rows;
}

function isDead(organizationId: OrganizationId): RawBuilder<unknown> {
  return sql`d.organization_id = ${organizationId} and d.state in ('dead', 'unknown')`;
}

function filterConditions(filter: DeadLetterFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.state !== undefined) conditions.push(sql`d.state = ${filter.state}`);
  if (filter.kind !== undefined) conditions.push(sql`d.kind = ${filter.kind}`);
  if (filter.reason !== undefined) conditions.push(sql`d.reason = ${filter.reason}`);
  if (filter.category !== undefined) conditions.push(sql`n.category = ${filter.category}`);
  if (filter.templateIds !== undefined)
    conditions.push(sql`n.template_id = any(${filter.templateIds}::uuid[])`);
  if (filter.recipientId !== undefined) conditions.push(sql`d.recipient_id = ${filter.recipientId}`);
  if (filter.settledAfter !== undefined) conditions.push(sql`d.settled_at >= ${filter.settledAfter}`);
  if (filter.settledBefore !== undefined) conditions.push(sql`d.settled_at < ${filter.settledBefore}`);
  return conditions;
}

/** What is to be replayed, and how. */
export interface ReplayWish {
  selection: { ids: readonly DeliveryId[] } | { filter: DeadLetterFilter };
  /** `original` sends the kept message once more, `fresh` has it rendered again. */
  render: 'original' | 'fresh';
  includeExpired: boolean;
  includeUnknown: boolean;
}

/** How far a replay has come; it goes from what was settled first to what was settled last. */
export interface ReplayWalk {
  /** The database's clock when the replay began: what dies again after it is left alone. */
  until: Date;
  after: { settledAt: Date; id: DeliveryId } | undefined;
  limit: number;
}

export interface ReplayCounts {
  matched: number;
  replayed: number;
  skipped: { expired: number; deleted: number; cancelled: number; unknown: number };
}

export interface ReplayChunk {
  counts: ReplayCounts;
  /** Where to go on; undefined when everything was looked at. */
  after: ReplayWalk['after'];
}

/** The moment from which a replay looks back. */
export async function loadReplayStart(db: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select carillon_now() as now`.execute(db);
  return rows[0]?.now ?? new Date(0);
}

/**
 * Makes the next `limit` dead letters of the selection due again, in one statement: their attempts are
 * kept and counted onward, their schedule of retries begins anew. Two replays at once meet at the rows'
 * locks, and the second finds them pending and leaves them. Uses deliveries_dead, with ids the primary key.
 */
export async function replayDeadLetters(
  db: Database,
  organizationId: OrganizationId,
  wish: ReplayWish,
  walk: ReplayWalk,
): Promise<ReplayChunk> {
  return toChunk(
    walk,
    await sql<ReplayRow>`
      with matched as (${selectMatched(organizationId, wish, walk)} for update of d),
      replayed as (
        update deliveries d set ${replaying(wish.render)} from matched m
        where d.id = m.id and m.skip is null returning d.id)
      ${countMatched(sql`(select count(*) from replayed)`)}
    `.execute(db),
  );
}

/** What `replayDeadLetters` would do; changes nothing. */
export async function countReplayable(
  db: Database,
  organizationId: OrganizationId,
  wish: ReplayWish,
  walk: ReplayWalk,
): Promise<ReplayChunk> {
  return toChunk(
    walk,
    await sql<ReplayRow>`
      with matched as (${selectMatched(organizationId, wish, walk)})
      ${countMatched(sql`count(*) filter (where m.skip is null)`)}
    `.execute(db),
  );
}

type ReplayRow = { matched: number; replayed: number; last: { at: string; id: DeliveryId } | null } & {
  [Skip in keyof ReplayCounts['skipped']]: number;
};

function selectMatched(
  organizationId: OrganizationId,
  { selection, includeExpired, includeUnknown }: ReplayWish,
  walk: ReplayWalk,
): RawBuilder<unknown> {
  const conditions = [isDead(organizationId), sql`d.settled_at <= ${walk.until}::timestamptz`];
  if ('ids' in selection) conditions.push(sql`d.id = any(${selection.ids}::uuid[])`);
  else conditions.push(...filterConditions(selection.filter));
  if (walk.after !== undefined) {
    conditions.push(
      sql`(d.settled_at, d.id) > (${walk.after.settledAt}::timestamptz, ${walk.after.id}::uuid)`,
    );
  }
  return sql`
    select d.id, d.settled_at, case
      when d.state = 'unknown' and not ${includeUnknown} then 'unknown'
      when ${obstacle} = 'expired' and ${includeExpired} then null
      else ${obstacle} end as skip
    from deliveries d left join notifications n on n.id = d.notification_id
    where ${sql.join(conditions, sql` and `)}
    order by d.settled_at, d.id limit ${walk.limit}`;
}

/**
 * The SET list that makes a settled delivery due again. Who replays has decided about an expiry before.
 * A digest keeps its message: what it tells of cannot be gathered a second time.
 */
export function replaying(render: ReplayWish['render']): RawBuilder<unknown> {
  return sql`state = 'pending', reason = null, not_before = carillon_now(), scan_after = carillon_now(),
    settled_at = null, attempts_before_replay = d.attempts_made,
    past_expiry = exists (select from notifications n where n.id = d.notification_id
      and (n.expired_at is not null or n.expires_at <= carillon_now()))
    ${render === 'fresh' ? sql`, message = case when d.digest_id = d.id then d.message end` : sql``}`;
}

function countMatched(replayed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select count(*) as matched, ${replayed} as replayed,
      count(*) filter (where m.skip = 'expired') as expired, count(*) filter (where m.skip = 'deleted') as deleted,
      count(*) filter (where m.skip = 'cancelled') as cancelled,
      count(*) filter (where m.skip = 'unknown') as unknown,
      (select json_build_object('at', l.settled_at, 'id', l.id)
        from matched l order by l.settled_at desc, l.id desc limit 1) as last
    from matched m`;
}

function toChunk(walk: ReplayWalk, { rows }: { rows: ReplayRow[] }): ReplayChunk {
  const row = rows[0];
  if (row === undefined) throw new TypeError('an aggregate has one row');
  const { matched, replayed, expired, deleted, cancelled, unknown, last } = row;
  return {
    counts: { matched, replayed, skipped: { expired, deleted, cancelled, unknown } },
    after: last === null || matched < walk.limit ? undefined : { settledAt: new Date(last.at), id: last.id },
  };
}
