import { sql, type RawBuilder } from 'kysely';
import type { NotificationId, OrganizationId, TriggerId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { blankMessages, contentColumns, settlePending } from './inbox.ts';
import { stopRuns } from './rule-runs/stop.ts';
import { writeInboxChanges, type InboxHead } from './inbox-changes.ts';

/** Which notifications of an organization are meant: those to which all that is named applies. */
export interface CancelSelection {
  triggerId?: TriggerId | undefined;
  templateIds?: readonly string[] | undefined;
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
  category?: string | undefined;
}

/** Numbers of notifications: from the first to before the end. */
export interface NumberRange {
  from: number;
  end: number;
}

/**
 * How far numbers and times of acceptance may be out of step: a number is taken inside the transaction
 * whose start is the time, and the clock of the program that made a trigger's id is another one.
 */
const skewMs = 60 * 60 * 1000;

/**
 * The numbers between which the selection's notifications stand, found by halving along
 * notifications_number: about as many probes as the highest number has bits. There is no index by trigger, template
 * or time, because each would cost every notification two entries (docs/decisions/0014); what is asked
 * for is then looked for by walking this range.
 */
export async function findCancelRange(
  db: Database,
  organizationId: OrganizationId,
  selection: CancelSelection,
): Promise<NumberRange> {
  const { rows } = await sql<{ end: number }>`
    select next_number as end from organization_numbers where organization_id = ${organizationId}`.execute(
    db,
  );
  const end = rows[0]?.end ?? 1;
  const since = selection.createdAfter ?? timeOfId(selection.triggerId);
  const { createdBefore } = selection;
  return {
    from: since === undefined ? 1 : await firstNumberSince(db, organizationId, end, shifted(since, -skewMs)),
    end:
      createdBefore === undefined
        ? end
        : await firstNumberSince(db, organizationId, end, shifted(createdBefore, skewMs)),
  };
}

/** The first number whose notification was accepted at `since` or later; `end` when there is none. */
async function firstNumberSince(
  db: Database,
  organizationId: OrganizationId,
  end: number,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ low: number }>`
    with recursive halving (low, high) as (
      select 1::bigint, ${end}::bigint
      union all
      select case when probe.created_at < ${since} then probe.number + 1 else h.low end,
        case when probe.created_at < ${since} then h.high else (h.low + h.high) / 2 end
      from halving h
      left join lateral (
        select n.number, n.created_at from notifications n
        where n.organization_id = ${organizationId} and n.deleted_at is null
          and n.number >= (h.low + h.high) / 2 and n.number < h.high
        order by n.number limit 1) probe on true
      where h.low < h.high)
    select max(low) as low from halving
  `.execute(db);
  return rows[0]?.low ?? 1;
}

/** The first 48 bits of a version 7 id are milliseconds since 1970 (RFC 9562, section 5.7); others tell no time. */
function timeOfId(id: string | undefined): Date | undefined {
  if (id?.[14] !== '7') return undefined;
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

function shifted(instant: Date, byMs: number): Date {
  return new Date(instant.getTime() + byMs);
}

export interface CancelCandidate {
  id: NotificationId;
  recipientId: UserId;
}

/** What one step of the walk came to. */
export interface CancelStretch {
  found: CancelCandidate[];
  /** Where the walk goes on; undefined at its end. */
  next: number | undefined;
}

/**
 * One stretch of the walk: looks at the next `looked` rows of the range in the order of their numbers and
 * answers those that are selected. Uses notifications_number.
 */
export async function walkCancelRange(
  db: Database,
  organizationId: OrganizationId,
  walk: { selection: CancelSelection; range: NumberRange; looked: number },
): Promise<CancelStretch> {
  const { range, looked } = walk;
  const { rows } = await sql<{ last: number | null; count: number; found: CancelCandidate[] | null }>`
    select max(number) as last, count(*) as count,
      json_agg(json_build_object('id', n.id, 'recipientId', n.recipient_id) order by n.number)
        filter (where ${isSelected(walk.selection)}) as found
    from (
      select id, number, recipient_id, trigger_id, template_id, category, created_at from notifications
      where organization_id = ${organizationId} and deleted_at is null
        and number >= ${range.from} and number < ${range.end}
      order by number limit ${looked}) n
  `.execute(db);
  const page = rows[0];
  const isLast = page?.last == null || page.count < looked;
  return { found: page?.found ?? [], next: isLast ? undefined : (page.last ?? 0) + 1 };
}

function isSelected(selection: CancelSelection): RawBuilder<boolean> {
  const { triggerId, templateIds, createdAfter, createdBefore, category } = selection;
  const conditions = [sql`true`];
  if (triggerId !== undefined) conditions.push(sql`n.trigger_id = ${triggerId}`);
  if (templateIds !== undefined) conditions.push(sql`n.template_id = any(${templateIds}::uuid[])`);
  if (createdAfter !== undefined) conditions.push(sql`n.created_at >= ${createdAfter}`);
  if (createdBefore !== undefined) conditions.push(sql`n.created_at < ${createdBefore}`);
  if (category !== undefined) conditions.push(sql`n.category = ${category}`);
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/** What a cancellation met, in placements and deliveries. */
export interface CancelCounts {
  cancelled: number;
  inFlight: number;
  sent: number;
}

/** What cancelling these would meet; changes nothing. Uses deliveries_notification. */
export async function countCancellable(
  db: Database,
  organizationId: OrganizationId,
  candidates: readonly CancelCandidate[],
): Promise<CancelCounts> {
  const ids = candidates.map((one) => one.id);
  const { rows } = await sql<CancelCounts>`
    select (select count(*) from notifications where id = any(${ids}::uuid[])
          and (case when dispatched_at is null and deleted_at is null then true end))
        + count(*) filter (where d.state = 'pending') as cancelled,
      count(*) filter (where d.state = 'sending') as "inFlight", count(*) filter (where d.state = 'sent') as sent
    from deliveries d where d.organization_id = ${organizationId} and d.notification_id = any(${ids}::uuid[])
  `.execute(db);
  return rows[0] ?? { cancelled: 0, inFlight: 0, sent: 0 };
}

/**
 * Cancels these in one transaction, as `cancelNotification` does one. What was cancelled before is not
 * touched again, so that a repeat changes nothing.
 */
export async function cancelNotifications(
  db: Database,
  organizationId: OrganizationId,
  candidates: readonly CancelCandidate[],
  withdraw: boolean,
): Promise<CancelCounts & { heads: InboxHead[] }> {
  const ids = candidates.map((one) => one.id);
  const leaves = sql`(${withdraw} and n.inbox_at is not null)`;
  const rows = await writeInboxChanges<CancelCounts & { heads: InboxHead[] | null }>(
    db,
    candidates.map((one) => one.recipientId),
    {
      changed: (next) => sql`
        update notifications n set ${cancelling(leaves, sql`i.next`)}
        from unnest(${ids}::uuid[], ${candidates.map((one) => next.get(one.recipientId) ?? null)}::bigint[])
          as i(id, next)
        where n.id = any(${ids}::uuid[]) and n.id = i.id and n.organization_id = ${organizationId}
          and i.next is not null and n.deleted_at is null and (n.cancelled_at is null or ${leaves})
        returning n.id, n.organization_id, n.recipient_id, ${leaves} as bumps,
          n.inbox_reason is not distinct from 'notification_cancelled' as in_time`,
      also: afterCancellation,
      select: sql`
        select (select count(*) from changed where in_time) + (select count(*) from settled) as cancelled,
          count(*) filter (where d.state = 'sending') as "inFlight",
          count(*) filter (where d.state = 'sent') as sent,
          (select json_agg(bumped) from bumped) as heads
        from deliveries d
        where d.organization_id = ${organizationId} and d.notification_id = any(${ids}::uuid[])`,
    },
  );
  const row = rows[0];
  if (row === undefined) return { cancelled: 0, inFlight: 0, sent: 0, heads: [] };
  return { ...row, heads: row.heads ?? [] };
}

/** For `also` of a cancellation: nothing is pending any more, and no rule runs. */
export const afterCancellation: RawBuilder<unknown> = sql`${settlePending('notification_cancelled')}, ${blankMessages},
  ${stopRuns('notification_cancelled', { settlesPending: true })}`;

/**
 * The SET list of a cancellation. `leaves` says whether the row leaves the inbox too, `next` is its
 * recipient's next number.
 */
export function cancelling(leaves: RawBuilder<unknown>, next: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    cancelled_at = coalesce(n.cancelled_at, carillon_now()),
    dispatched_at = coalesce(n.dispatched_at, carillon_now()),
    inbox_reason = case when n.dispatched_at is null then 'notification_cancelled' else n.inbox_reason end,
    deleted_at = case when ${leaves} then carillon_now() end,
    changed_sequence = case when ${leaves} then ${next} else n.changed_sequence end,
    ${contentColumns((column, empty) => sql`${column} = case when ${leaves} then ${empty} else n.${column} end`)},
    version = n.version + 1`;
}
