import { sql } from 'kysely';
import type { Advance, DeliveryId, NotificationId, PlannedDelivery, RunPlace, RunStep } from '@carillon/core';
import { afterLookup } from '../../by-id.ts';
import type { Database } from '../../connect.ts';

/** What was decided for one run. */
export interface RunPlacement {
  id: NotificationId;
  /** The steps it had done when this was decided; another number means that somebody else took it on. */
  sequence: number;
  steps: PlacedStep[];
  next: Advance['next'];
}

export interface PlacedStep extends Omit<RunStep, 'deliveries'> {
  deliveries: (PlannedDelivery & {
    id: DeliveryId;
    /** Whether its kind is paused in the organization: it waits for the resume. */
    isPaused: boolean;
  })[];
}

/**
 * Writes what runs did: how far they are, their steps, and the deliveries of these, in one statement; for the
 * transaction that holds the inboxes of their users. Each run only as long as it has done the steps that it
 * had when this was decided, so that nothing is done twice. Answers the runs that were written.
 *
 * Deliveries get ten seconds before the due-scan looks for them, because somebody is told of them after the commit.
 */
export async function placeSteps(
  db: Database,
  placements: readonly RunPlacement[],
): Promise<Set<NotificationId>> {
  if (placements.length === 0) return new Set();
  const { rows } = await sql<{ id: NotificationId }>`
    with advanced as (
      update rule_runs r set sequence = i.after, state = i.state, reason = i.reason,
        rule_id = case when i.state = 'running' then i.rule_id else r.rule_id end,
        cursor_position = case when i.state = 'running' then i.cursor else r.cursor_position end,
        round = coalesce(i.round, r.round), paused_at = i.paused_at, fell_back = coalesce(i.fell_back, r.fell_back),
        next_at = coalesce(i.next_at, r.next_at),
        ended_at = case when i.state <> 'running' then carillon_now() end
      from json_to_recordset(${JSON.stringify(placements.map(toRow))}::json) as i(id uuid, before int, after int,
        state text, reason text, rule_id uuid, cursor int, round int, paused_at timestamptz, fell_back boolean,
        next_at timestamptz)
      where r.notification_id = i.id and r.notification_id = any(${placements.map((one) => one.id)}::uuid[])
        and ${afterLookup(sql`r.state = 'running'`)} and r.sequence = i.before
      returning r.notification_id, r.organization_id, r.user_id),
    logged as (
      insert into rule_steps (notification_id, sequence, organization_id, rule_id, type, decision, code, until)
      select s.id, s.sequence, a.organization_id, s.rule_id, s.type, s.decision, s.code, s.until
      from json_to_recordset(${JSON.stringify(placements.flatMap(toStepRows))}::json) as s(id uuid, sequence int,
        rule_id uuid, type text, decision text, code text, until timestamptz)
      join advanced a on a.notification_id = s.id),
    made as (
      insert into deliveries (id, organization_id, notification_id, recipient_id, step, kind, channel_id,
        contact_point_id, scan_after, reason)
      select d.id, a.organization_id, d.notification_id, a.user_id, d.step, d.kind, d.channel_id,
        d.contact_point_id,
        carillon_now() + case when d.is_paused then interval '0' else interval '10 seconds' end,
        case when d.is_paused then 'paused' end
      from json_to_recordset(${JSON.stringify(placements.flatMap(toDeliveryRows))}::json) as d(id uuid,
        notification_id uuid, step int, kind text, channel_id uuid, contact_point_id uuid, is_paused boolean)
      join advanced a on a.notification_id = d.notification_id)
    select notification_id as id from advanced
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}

function toRow({ id, sequence, steps, next }: RunPlacement) {
  return {
    ...{ id, before: sequence, after: sequence + steps.length, state: next.state },
    ...(next.state === 'running' ? { next_at: next.at, ...toPlaceRow(next.place) } : { reason: next.reason }),
  };
}

function toPlaceRow({ ruleId, cursor, round, pausedAt, fellBack }: RunPlace) {
  return { rule_id: ruleId, cursor, round, paused_at: pausedAt, fell_back: fellBack };
}

function toStepRows({ id, sequence, steps }: RunPlacement) {
  return steps.map(({ ruleId, type, decision, code, until }, index) => ({
    ...{ id, sequence: sequence + 1 + index, rule_id: ruleId, type, decision, code, until },
  }));
}

function toDeliveryRows({ id, sequence, steps }: RunPlacement) {
  return steps.flatMap((step, index) =>
    step.deliveries.map((delivery) => ({
      ...{ id: delivery.id, notification_id: id, step: sequence + 1 + index, kind: delivery.kind },
      ...{ channel_id: delivery.channelId, contact_point_id: delivery.contactPointId },
      is_paused: delivery.isPaused,
    })),
  );
}
