import { sql } from 'kysely';
import type { ChannelId, DeliveryId, ExternalKind } from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';

/** How long after a failure the target of an open channel is asked again. */
export const probeEveryMs = 30_000;

/** Nothing but probes is sent through the channel from now on. True when it was closed until now. */
export async function openCircuit(db: Database, channelId: ChannelId): Promise<boolean> {
  const { rows } = await sql<{ id: ChannelId }>`
    update channels set opened_at = carillon_now(), probe_at = carillon_now() + ${probeEveryMs} * interval '1 millisecond'
    where id = ${channelId} and opened_at is null returning id
  `.execute(db);
  return rows.length > 0;
}

/** The channel works again; what waits for it is woken by the next `wakeWaiting`. True when it was open until now. */
export async function closeCircuit(db: Database, channelId: ChannelId): Promise<boolean> {
  const { rows } = await sql<{ id: ChannelId }>`
    update channels set opened_at = null, probe_at = null where id = ${channelId} and opened_at is not null returning id
  `.execute(db);
  return rows.length > 0;
}

/** Takes the probe of an open channel that is due: of all workers that ask, one is told true. */
export async function takeProbe(db: Database, channelId: ChannelId): Promise<boolean> {
  const { rows } = await sql<{ id: ChannelId }>`
    update channels set probe_at = carillon_now() + ${probeEveryMs} * interval '1 millisecond'
    where id = ${channelId} and probe_at <= carillon_now() returning id
  `.execute(db);
  return rows.length > 0;
}

/** How many channels of each kind are open. */
export async function countOpenCircuits(db: Database): Promise<{ kind: ExternalKind; count: number }[]> {
  const { rows } = await sql<{ kind: ExternalKind; count: number }>`
    select kind, count(*)::int as count from channels where opened_at is not null group by kind
  `.execute(db);
  return rows;
}

/** What waits for channels that did not work. */
export interface CircuitWork {
  channelId: ChannelId;
  /** Its deliveries need wait no longer: it works, is gone or switched off, or another of its kind works. */
  isOver: boolean;
  /** A probe is due, for which one of them is needed. */
  probeDue: boolean;
}

/** Asks in one statement, by a loose scan over deliveries_circuit, which is empty on a healthy system. */
export async function listCircuitWork(db: Database): Promise<CircuitWork[]> {
  const { rows } = await sql<CircuitWork>`
    with recursive waiting as (
      (select channel_id from deliveries where state = 'pending' and reason = 'circuit_open' order by channel_id limit 1)
      union all
      select (select d.channel_id from deliveries d
        where d.state = 'pending' and d.reason = 'circuit_open' and d.channel_id > w.channel_id
        order by d.channel_id limit 1)
      from waiting w where w.channel_id is not null),
    judged as (
      select w.channel_id,
        c.id is null or c.opened_at is null or not c.enabled or exists (
          select from channels s where s.organization_id = c.organization_id and s.kind = c.kind
            and s.enabled and s.opened_at is null and s.paused_at is null) as over,
        coalesce(c.probe_at <= carillon_now() and c.paused_at is null, false) as probe
      from waiting w left join channels c on c.id = w.channel_id where w.channel_id is not null)
    select channel_id as "channelId", over as "isOver", probe as "probeDue" from judged where over or probe
  `.execute(db);
  return rows;
}

/**
 * Makes due what waits for a channel, that which waits longest first, at most `limit`. Answers what is due now. The
 * due-scan finds it, a page at a time. Uses deliveries_circuit.
 */
export async function wakeWaiting(
  db: Database,
  channelId: ChannelId,
  limit: number,
): Promise<{ id: DeliveryId; kind: ExternalKind }[]> {
  const { rows } = await sql<{ id: DeliveryId; kind: ExternalKind }>`
    update deliveries d set reason = null, scan_after = carillon_now()
    where d.id = any(array(
        select d.id from deliveries d
        where d.channel_id = ${channelId} and d.state = 'pending' and d.reason = 'circuit_open'
        order by d.channel_id, d.not_before limit ${limit} for update skip locked))
      and ${afterLookup(sql`d.state = 'pending' and d.reason = 'circuit_open'`)}
    returning d.id, d.kind
  `.execute(db);
  return rows;
}
