import { sql } from 'kysely';
import {
  heldReasons,
  type AttemptOutcome,
  type ChannelId,
  type DeliveryId,
  type DeliveryState,
  type ExternalKind,
  type ReasonCode,
  type UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
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
import { judgeAddresses, type JudgedAddress } from './judged-addresses.ts';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';
import { hasHeldReason } from './held.ts';
import { lockInboxes } from './inbox-changes.ts';

/**
 * Leases what of `ids` is due: nobody else gets these rows until the lease ends. Claiming counts
 * nothing. A delivery that took a worker down before is claimed only with `alone`. Two claims of one
 * row meet at its lock: the second finds it leased and leaves it. Without `heldToo`, what waited for the end of a
 * quiet time is left for `claimHeldDeliveries`.
 */
export async function claimDeliveries(
  db: Database,
  claim: {
    ids: readonly DeliveryId[];
    /** What goes through these channels is left. */
    except?: readonly ChannelId[];
    alone: boolean;
    heldToo: boolean;
  } & Lease,
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedRow>`
    with claimed as (
      update deliveries d set ${asLeased(claim)}
      where d.id = any(${claim.ids}::uuid[])
        and ${afterLookup(sql`d.state = 'pending' and d.not_before <= carillon_now()`)}
        and (d.crashes > 0) = ${claim.alone} and d.channel_id <> all(${claim.except ?? []}::uuid[])
        and ${afterLookup(sql`${claim.heldToo} or d.reason is null or d.reason <> all(${[...heldReasons]}::text[])`)}
      returning ${claimedColumns})
    ${selectClaimed}
  `.execute(db);
  return fromClaimedRows(rows);
}

/** Rows that one user's quiet time has held at most in one claim; what is left makes the next. */
const heldPerClaim = 2_000;

/**
 * Leases deliveries that were held and are due: not these alone, but all that were held for the same users and kind,
 * so that one worker sees together what may become one message. The users' heads are locked meanwhile, in
 * order, so that two workers never share what belongs together.
 */
export async function claimHeldDeliveries(
  db: Database,
  claim: { ids: readonly DeliveryId[] } & Lease,
): Promise<ClaimedDelivery[]> {
  return inTransaction(db, async (transaction) => {
    const { rows: held } = await sql<{ user_id: UserId; kind: ExternalKind }>`
      select distinct d.recipient_id as user_id, d.kind from deliveries d where d.id = any(${claim.ids}::uuid[])
        and ${afterLookup(sql`d.state = 'pending' and d.crashes = 0`)}
        and ${afterLookup(sql`d.reason = any(${[...heldReasons]}::text[]) and d.not_before <= carillon_now()`)}
    `.execute(transaction);
    if (held.length === 0) return [];
    const users = [...new Set(held.map((one) => one.user_id))];
    const kinds = [...new Set(held.map((one) => one.kind))];
    await lockInboxes(transaction, users);
    // Uses deliveries_held.
    const { rows } = await sql<ClaimedRow>`
      with due as (
        select d.id from deliveries d
        where d.recipient_id = any(${users}::uuid[]) and d.kind = any(${kinds}::text[]) and d.state = 'pending'
          and ${hasHeldReason} and d.not_before <= carillon_now() and d.crashes = 0
        limit ${heldPerClaim}),
      claimed as (
        update deliveries d set ${asLeased(claim)}
        from due where d.id = due.id and d.state = 'pending'
        returning ${claimedColumns})
      ${selectClaimed}
    `.execute(transaction);
    return fromClaimedRows(rows);
  });
}

/** A delivery that enters its adapter now. */
export interface StartingAttempt {
  deliveryId: DeliveryId;
  leaseToken: string;
  /** Rendered for the first time: kept, so that each try sends the same. Undefined when it was kept before. */
  message: unknown;
  /** Given when it goes through another channel than the one it was assigned to. */
  channelId?: ChannelId | undefined;
}

/**
 * Opens an attempt for each delivery that still holds its lease, in one statement, just before the
 * sends. The answer holds what may be sent, with the attempt's number; what is absent lost its lease. What the message
 * of a started one tells of too is settled in the same transaction.
 */
export function startAttempts(
  db: Database,
  attempts: readonly StartingAttempt[],
  digests: readonly DigestStart[] = [],
): Promise<Map<DeliveryId, number>> {
  if (digests.length === 0) return openAttempts(db, attempts);
  return inTransaction(db, async (transaction) => {
    const numbers = await openAttempts(transaction, attempts);
    await settleMembers(
      transaction,
      digests.filter((one) => numbers.has(one.carrierId)),
    );
    return numbers;
  });
}

/** Deliveries that the message of another one tells of. */
export interface DigestStart {
  carrierId: DeliveryId;
  members: { id: DeliveryId; leaseToken: string }[];
}

async function settleMembers(db: Database, digests: readonly DigestStart[]): Promise<void> {
  const input = digests.flatMap(({ carrierId, members }) =>
    members.map(({ id, leaseToken }) => ({ id, token: leaseToken, carrier: carrierId })),
  );
  await sql`update deliveries set digest_id = id where id = any(${digests.map((one) => one.carrierId)}::uuid[])`.execute(
    db,
  );
  await sql`
    update deliveries d set state = 'digested', reason = 'digested', digest_id = i.carrier, lease_token = null,
      lease_until = null, settled_at = carillon_now()
    from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, carrier uuid)
    where d.id = i.id and d.id = any(${input.map((one) => one.id)}::uuid[]) and d.lease_token = i.token
      and ${afterLookup(sql`d.state = 'sending'`)}
  `.execute(db);
}

async function openAttempts(
  db: Database,
  attempts: readonly StartingAttempt[],
): Promise<Map<DeliveryId, number>> {
  const input = attempts.map((a) => ({
    ...{ id: a.deliveryId, token: a.leaseToken, message: a.message, channel: a.channelId },
  }));
  const { rows } = await sql<{ delivery_id: DeliveryId; number: number }>`
    update deliveries d set attempts_made = d.attempts_made + 1, attempt_started_at = carillon_now(),
      message = coalesce(d.message, i.message), channel_id = coalesce(i.channel, d.channel_id)
    from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, message jsonb, channel uuid)
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
  /** Given when another channel is tried next: the one of this attempt, and the next. */
  moved?: { from: ChannelId; to: ChannelId } | undefined;
  /** What the target said of the address that it was sent to. */
  address?: JudgedAddress | undefined;
}

/**
 * Records outcomes in one statement, each only with its own lease token: who lost the lease changes
 * nothing. What was said of their addresses is kept by the same statement. Answers the deliveries that were recorded.
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
    ...(one.moved !== undefined && { from_channel: one.moved.from, to_channel: one.moved.to }),
  }));
  const ids = outcomes.map((one) => one.deliveryId);
  const { rows } = await sql<{ id: DeliveryId }>`
    with recorded as (
      update deliveries d set state = ${stateUnlessTold}, reason = ${reasonUnlessTold}, lease_token = null, lease_until = null,
        not_before = case when i.state = 'pending'
          then carillon_now() + coalesce(i.delay_ms, 0) * interval '1 millisecond' else d.not_before end,
        scan_after = case when i.state <> 'pending' then d.scan_after
          when i.reason = 'circuit_open' then 'infinity'
          else carillon_now() + coalesce(i.delay_ms, 0) * interval '1 millisecond' end,
        settled_at = case when i.state = 'pending' then null else carillon_now() end,
        provider_id = coalesce(i.provider_id, d.provider_id), channel_id = coalesce(i.to_channel, d.channel_id)
      from json_to_recordset(${JSON.stringify(input)}::json) as i(id uuid, token uuid, state text, reason text,
        delay_ms double precision, number int, outcome text, detail text, status_code int, provider_id text,
        from_channel uuid, to_channel uuid)
      where d.id = i.id and d.id = any(${ids}::uuid[]) and d.lease_token = i.token
        and ${afterLookup(sql`d.state = 'sending'`)}
      returning d.id, d.organization_id, d.contact_point_id, d.attempt_started_at, i.number, i.outcome, i.detail, i.status_code,
        i.provider_id, coalesce(i.from_channel, d.channel_id) as through),
    closed as (
      insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code, provider_id,
        channel_id)
      select id, number, organization_id, coalesce(attempt_started_at, carillon_now()), outcome, detail, status_code,
        provider_id, through
      from recorded where number is not null on conflict do nothing)
      ${judgeAddresses(outcomes)}
    select id from recorded
  `.execute(db);
  return new Set(rows.map((row) => row.id));
}
