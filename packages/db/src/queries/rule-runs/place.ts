import { sql, type RawBuilder } from 'kysely';
import type {
  Advance,
  DeliveryId,
  NotificationId,
  PlannedDelivery,
  RunPlace,
  RunStep,
  UserId,
} from '@carillon/core';
import { afterLookup } from '../../by-id.ts';
import type { Database } from '../../connect.ts';

/** What was decided for one run. */
export interface RunPlacement {
  id: NotificationId;
  /** The steps it had done when this was decided; another number means that somebody else took it on. */
  sequence: number;
  /** How far it was. */
  place: RunPlace;
  steps: PlacedStep[];
  next: Advance['next'];
}

export interface PlacedStep extends Omit<RunStep, 'deliveries'> {
  deliveries: (PlannedDelivery & {
    id: DeliveryId;
    /** Whether its channel, or its kind in the organization, is paused: it waits for the resume. */
    isPaused: boolean;
    /** Until when it waits for others that are told with it; undefined when it goes at once. */
    bundledUntil: Date | undefined;
  })[];
}

/**
 * Writes what runs did: how far they are, their steps, and the deliveries of these, in one statement; for the
 * transaction that holds the inboxes of their users. Each run only as long as it has done the steps that it
 * had when this was decided, so that nothing is done twice. Answers the runs that were written.
 *
 * `bundles` are written as `lockForSteps` will read them.
 *
 * Deliveries get ten seconds before the due-scan looks for them, because somebody is told of them after the commit.
 */
export async function placeSteps(
  db: Database,
  placements: readonly RunPlacement[],
  bundles: ReadonlyMap<UserId, Readonly<Record<string, string>>> = new Map(),
): Promise<Set<NotificationId>> {
  if (placements.length === 0) return new Set();
  const runs = placements.map(toRun);
  const steps = placements.flatMap(toSteps);
  const deliveries = placements.flatMap(toDeliveries);
  // Arrays and not JSON: reading records out of JSON took longer than writing the rows.
  const { rows } = await sql<{ id: NotificationId }>`
    with advanced as (
      update rule_runs r set sequence = i.after, state = i.state, reason = i.reason, rule_id = i.rule_id,
        cursor_position = i.cursor, round = i.round, paused_at = i.paused_at, fell_back = i.fell_back,
        next_at = coalesce(i.next_at, r.next_at),
        ended_at = case when i.state <> 'running' then carillon_now() end
      from unnest(${list(runs, 'id')}::uuid[], ${list(runs, 'before')}::int[], ${list(runs, 'after')}::int[],
          ${list(runs, 'state')}::text[], ${list(runs, 'reason')}::text[], ${list(runs, 'ruleId')}::uuid[],
          ${list(runs, 'cursor')}::int[], ${list(runs, 'round')}::int[], ${list(runs, 'pausedAt')}::timestamptz[],
          ${list(runs, 'fellBack')}::boolean[], ${list(runs, 'nextAt')}::timestamptz[])
        as i(id, before, after, state, reason, rule_id, cursor, round, paused_at, fell_back, next_at)
      where r.notification_id = i.id and r.notification_id = any(${list(runs, 'id')}::uuid[])
        and ${afterLookup(sql`r.state = 'running'`)} and r.sequence = i.before
      returning r.notification_id, r.organization_id, r.user_id),
    logged as (
      insert into rule_steps (notification_id, sequence, organization_id, rule_id, type, decision, code, until)
      select s.id, s.sequence, a.organization_id, s.rule_id, s.type, s.decision, s.code, s.until
      from unnest(${list(steps, 'id')}::uuid[], ${list(steps, 'sequence')}::int[], ${list(steps, 'ruleId')}::uuid[],
          ${list(steps, 'type')}::text[], ${list(steps, 'decision')}::text[], ${list(steps, 'code')}::text[],
          ${list(steps, 'until')}::timestamptz[])
        as s(id, sequence, rule_id, type, decision, code, until)
      join advanced a on a.notification_id = s.id),
    made as (
      insert into deliveries (id, organization_id, notification_id, recipient_id, step, kind, channel_id,
        contact_point_id, not_before, scan_after, reason)
      select d.id, a.organization_id, d.notification_id, a.user_id, d.step, d.kind, d.channel_id,
        d.contact_point_id, coalesce(d.until, carillon_now()),
        coalesce(d.until, carillon_now() + case when d.is_paused then interval '0' else interval '10 seconds' end),
        case when d.is_paused then 'paused' when d.until is not null then 'bundled' end
      from unnest(${list(deliveries, 'id')}::uuid[], ${list(deliveries, 'notificationId')}::uuid[],
          ${list(deliveries, 'step')}::int[], ${list(deliveries, 'kind')}::text[],
          ${list(deliveries, 'channelId')}::uuid[], ${list(deliveries, 'contactPointId')}::uuid[],
          ${list(deliveries, 'isPaused')}::boolean[], ${list(deliveries, 'bundledUntil')}::timestamptz[])
        as d(id, notification_id, step, kind, channel_id, contact_point_id, is_paused, until)
      join advanced a on a.notification_id = d.notification_id)${writeBundles(bundles)}
    select notification_id as id from advanced
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Nothing where no message of a kind that is bundled goes out. */
function writeBundles(bundles: ReadonlyMap<UserId, Readonly<Record<string, string>>>): RawBuilder<unknown> {
  if (bundles.size === 0) return sql``;
  const texts = [...bundles.values()].map((one) => JSON.stringify(one));
  return sql`,
    bundled as (
      update inbox_state s set bundles = b.bundles::jsonb
      from unnest(${[...bundles.keys()]}::uuid[], ${texts}::text[]) as b(user_id, bundles)
      where s.user_id = b.user_id)`;
}

/** One column of rows, for `unnest`; instants as texts, because arrays of them are not told apart. */
function list<Row, Key extends keyof Row>(rows: readonly Row[], key: Key): unknown[] {
  return rows.map((row) => {
    const value: unknown = row[key];
    return value instanceof Date ? value.toISOString() : (value ?? null);
  });
}

function toRun({ id, sequence, place, steps, next }: RunPlacement) {
  const isRunning = next.state === 'running';
  const { ruleId, cursor, round, pausedAt, fellBack } = isRunning ? next.place : place;
  return {
    id,
    before: sequence,
    after: sequence + steps.length,
    state: next.state,
    reason: isRunning ? undefined : next.reason,
    ruleId,
    cursor,
    round,
    pausedAt: isRunning ? pausedAt : undefined,
    fellBack,
    nextAt: isRunning ? next.at : undefined,
  };
}

function toSteps({ id, sequence, steps }: RunPlacement) {
  return steps.map(({ ruleId, type, decision, code, until }, index) => {
    return { id, sequence: sequence + 1 + index, ruleId, type, decision, code, until };
  });
}

function toDeliveries({ id: notificationId, sequence, steps }: RunPlacement) {
  return steps.flatMap((step, index) =>
    step.deliveries.map(({ id, kind, channelId, contactPointId, isPaused, bundledUntil }) => {
      return {
        id,
        notificationId,
        step: sequence + 1 + index,
        kind,
        channelId,
        contactPointId,
        isPaused,
        bundledUntil,
      };
    }),
  );
}
