import { sql } from 'kysely';
import type { AttemptOutcome, ChannelId, ExternalKind, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { channelSettings } from './loaded-notification.ts';

export interface NewChannelTest {
  id: string;
  organizationId: OrganizationId;
  channelId: ChannelId;
  requestedBy: UserId;
  /** Undefined for kinds that take no address. */
  address: string | undefined;
  /** After this no worker begins it, and one that has begun aborts. */
  withinMs: number;
}

/**
 * Asks for a test, unless `perMinuteMax` of this channel were asked for within a minute: then
 * `retryAfterMs` says when the next may be. The channel's row must be locked, so that callers at
 * once are counted one after the other. Tests older than an hour go.
 */
export async function insertChannelTest(
  db: Database,
  test: NewChannelTest,
  perMinuteMax: number,
): Promise<{ retryAfterMs: number | undefined }> {
  await sql`delete from channel_tests
    where channel_id = ${test.channelId} and created_at < carillon_now() - interval '1 hour'`.execute(db);
  const { rows } = await sql<{ retryAfterMs: number }>`
    select greatest(1, ceil(extract(epoch from created_at + interval '1 minute' - carillon_now()) * 1000))::int
      as "retryAfterMs"
    from channel_tests
    where channel_id = ${test.channelId} and created_at > carillon_now() - interval '1 minute'
    order by created_at desc offset ${perMinuteMax - 1} limit 1
  `.execute(db);
  const [tenth] = rows;
  if (tenth !== undefined) return { retryAfterMs: tenth.retryAfterMs };
  await sql`
    insert into channel_tests (id, organization_id, channel_id, requested_by, address, expires_at)
    values (${test.id}, ${test.organizationId}, ${test.channelId}, ${test.requestedBy}, ${test.address ?? null},
      carillon_now() + make_interval(secs => ${test.withinMs / 1000}))
  `.execute(db);
  return { retryAfterMs: undefined };
}

/** What became of a test. */
export interface ChannelTestOutcome {
  outcome: Exclude<AttemptOutcome, 'crashed'>;
  reason: string | null;
  statusCode: number | null;
}

/** Undefined as long as no worker has written down an outcome. */
export async function loadChannelTestOutcome(
  db: Database,
  organizationId: OrganizationId,
  id: string,
): Promise<ChannelTestOutcome | undefined> {
  const { rows } = await sql<ChannelTestOutcome>`
    select outcome, reason, status_code as "statusCode" from channel_tests
    where id = ${id} and organization_id = ${organizationId} and state = 'done'
  `.execute(db);
  return rows[0];
}

/** A test with what it takes to send it. */
export interface ClaimedChannelTest {
  id: string;
  organizationId: OrganizationId;
  requestedBy: UserId;
  requestedByExternalId: string | null;
  /** All null when the user was removed meanwhile. */
  requester: { email: string | null; name: string | null; username: string | null };
  address: string | null;
  createdAt: Date;
  remainingMs: number;
  channel: {
    id: ChannelId;
    kind: ExternalKind;
    name: string;
    settings: Record<string, unknown>;
    secrets: string | null;
  };
}

/**
 * Takes tests that nobody took and somebody still waits for; a test is taken once and never again,
 * so that a worker that dies with one leaves it unanswered. Uses channel_tests_pending.
 */
export async function claimChannelTests(db: Database, limit: number): Promise<ClaimedChannelTest[]> {
  const { rows } = await sql<ClaimedChannelTest>`
    with due as (
      select id from channel_tests where state = 'pending' and expires_at > carillon_now()
      order by created_at limit ${limit} for update skip locked),
    claimed as (
      update channel_tests t set state = 'sending' from due where t.id = due.id returning t.*)
    select t.id, t.organization_id as "organizationId", t.requested_by as "requestedBy",
      u.external_id as "requestedByExternalId",
      json_build_object('email', u.email, 'name', u.name, 'username', u.username) as requester, t.address, t.created_at as "createdAt",
      greatest(1, extract(epoch from t.expires_at - carillon_now()) * 1000)::int as "remainingMs",
      json_build_object('id', c.id, 'kind', c.kind, 'name', c.name, 'settings', ${channelSettings}, 'secrets', c.secrets)
        as channel
    from claimed t join channels c on c.id = t.channel_id left join users u on u.id = t.requested_by
  `.execute(db);
  return rows;
}

/** Writes down what a test ended as; the address is not kept. */
export async function recordChannelTest(
  db: Database,
  id: string,
  { outcome, reason, statusCode }: ChannelTestOutcome,
): Promise<void> {
  await sql`
    update channel_tests set state = 'done', outcome = ${outcome}, reason = ${reason}, status_code = ${statusCode},
      address = null
    where id = ${id} and state = 'sending'
  `.execute(db);
}
