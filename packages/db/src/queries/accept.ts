import { sql, type QueryResult, type RawBuilder } from 'kysely';
import type {
  AcceptedNotification,
  NotificationContent,
  NotificationId,
  OrganizationId,
  RecipientRef,
  RowFields,
  TriggerId,
  UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';
import { constraintOf, sqlState } from '../unavailable.ts';

/** A recipient to look up, with the caller's own number for it. */
export interface RecipientQuery {
  ordinal: number;
  organizationId: OrganizationId;
  ref: Exclude<RecipientRef, { by: 'inline' }>;
}

/**
 * Finds users by id, external id or e-mail for many requests in one statement. What is unknown,
 * deleted or of another organization is absent from the answer.
 */
export async function resolveRecipients(
  db: Database,
  queries: readonly RecipientQuery[],
): Promise<Map<number, UserId>> {
  if (queries.length === 0) return new Map();
  const rows = queries.map(({ ordinal, organizationId, ref }) => ({
    n: ordinal,
    o: organizationId,
    by: ref.by,
    v: ref.by === 'id' ? ref.id : ref.by === 'external_id' ? ref.externalId : ref.email,
  }));
  // Each branch is an index look-up per row: users_pkey, users_external_id, users_email.
  const result = await sql<{ n: number; id: UserId }>`
    with input as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(n int, o uuid, by text, v text))
    select i.n, u.id from input i join users u on u.id = case when i.by = 'id' then i.v::uuid end
      and u.organization_id = i.o and ${afterLookup(sql`u.deleted_at is null`)}
    union all
    select i.n, u.id from input i join users u on i.by = 'external_id' and u.organization_id = i.o
      and u.external_id = i.v and u.external_id is not null and u.deleted_at is null
    union all
    select i.n, u.id from input i join users u on i.by = 'email' and u.organization_id = i.o
      and lower(u.email) = lower(i.v) and u.email is not null and u.deleted_at is null
  `.execute(db);
  return new Map(result.rows.map((row) => [row.n, row.id]));
}

/** A trigger whose recipients are known; `notifications[i]` becomes one row. */
export interface ResolvedTrigger {
  id: TriggerId;
  content: NotificationContent;
  notifications: AcceptedNotification[];
}

/** One request of a flush: all of its rows enter, or none. */
export interface AcceptRequest {
  /** Made once per request and kept when the flush is tried again. */
  id: string;
  organizationId: OrganizationId;
  idempotency: AcceptIdempotency | undefined;
  triggers: ResolvedTrigger[];
  /** `hinted`: a job follows, so the reconciler waits three seconds; `bulk`: none does. */
  lane: 'hinted' | 'bulk';
  /** The id that the request's log lines carry, and W3C trace context. */
  requestId: string;
  traceparent: string | undefined;
}

export interface AcceptIdempotency {
  callerId: string;
  route: string;
  key: string;
  bodyHash: string;
  /** What rows cannot tell when the answer is made again: refusals and merged recipients. */
  details: unknown;
}

/**
 * Accepts all requests of a flush in one statement: idempotency keys, one number per organization and
 * row, the rows. Answers the ids of the requests whose key was already there: nothing of them was
 * written. Running it twice with the same ids writes nothing twice.
 */
export async function insertNotifications(
  db: Database,
  requests: readonly AcceptRequest[],
): Promise<{ alreadyKeyed: Set<string> }> {
  const keys = requests.filter((request) => request.idempotency !== undefined).map(toKeyRow);
  const contents = requests.flatMap((request) => request.triggers.map((t) => toContentRow(request, t)));
  const rows = requests.flatMap((request) =>
    request.triggers.flatMap((trigger) =>
      trigger.notifications.map((one) => ({
        id: one.id,
        recipient_id: one.recipientId,
        trigger_id: trigger.id,
      })),
    ),
  );
  const result = await executeAlone(db, insertStatement(keys, contents, rows));
  const entered = new Set(result.rows.map((row) => row.request_id));
  const alreadyKeyed = keys.map((key) => key.request_id).filter((id) => !entered.has(id));
  return { alreadyKeyed: new Set(alreadyKeyed) };
}

/** Serialisation failure and deadlock. */
const conflicts: ReadonlySet<string | undefined> = new Set(['40001', '40P01']);

/** One statement is a transaction by itself; BEGIN and COMMIT around it are only paid after a conflict. */
async function executeAlone<Row>(db: Database, statement: RawBuilder<Row>): Promise<QueryResult<Row>> {
  try {
    return await statement.execute(db);
  } catch (cause) {
    if (db.isTransaction || !conflicts.has(sqlState(cause))) throw cause;
    return inTransaction(db, (run) => statement.execute(run));
  }
}

/** Whether a write failed because a notification of the organization has the number that was asked for. */
export function isNumberTaken(cause: unknown): boolean {
  return sqlState(cause) === '23505' && constraintOf(cause) === 'notifications_number';
}

/** How long a job has before the reconciler looks. */
const hintedMs = 3_000;

type KeyRow = ReturnType<typeof toKeyRow>;
type ContentRow = ReturnType<typeof toContentRow>;

/**
 * Keys go in sorted, and number counters are locked sorted, so that two flushes never wait for each
 * other in a circle.
 */
function insertStatement(
  keys: readonly KeyRow[],
  contents: readonly ContentRow[],
  rows: readonly { id: NotificationId; recipient_id: UserId; trigger_id: TriggerId }[],
) {
  return sql<{ request_id: string }>`
    with keyed as (
      insert into idempotency_keys (organization_id, caller_id, route, key, body_hash, request_id, ids, details)
      select organization_id, caller_id, route, key, body_hash, request_id, ids, details
      from json_to_recordset(${JSON.stringify(keys)}::json) as k(organization_id uuid, caller_id uuid, route text,
        key text, body_hash text, request_id uuid, ids uuid[], details jsonb)
      order by organization_id, caller_id, route, key
      on conflict do nothing
      returning request_id),
    content as (
      select * from json_to_recordset(${JSON.stringify(contents)}::json) as c(trigger_id uuid, request_id uuid,
        keyed boolean, organization_id uuid, sender_id uuid, template_id uuid, template_version int, category text, title text, body text, icon text,
        actions jsonb, targets uuid[], data jsonb, url text, environment text, project text, urgent boolean,
        kinds text[], send_at timestamptz, expires_at timestamptz, public_request_id text, traceparent text, hint_ms int, more jsonb)
      where keyed is null or request_id in (select request_id from keyed)),
    entering as (
      select r.id, r.recipient_id, c.*,
        row_number() over (partition by c.organization_id order by r.id) as ordinal
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, recipient_id uuid, trigger_id uuid)
      join content c using (trigger_id)),
    needed as (
      select organization_id, count(*) as rows, max((more ->> 'number')::bigint) as highest from entering group by 1),
    locked as (
      select o.organization_id, o.next_number as first, needed.rows, needed.highest from organization_numbers o join needed using (organization_id)
      order by o.organization_id for update of o),
    numbered as (
      update organization_numbers o
      set next_number = greatest(locked.first + locked.rows, coalesce(locked.highest, 0) + 1) from locked
      where o.organization_id = locked.organization_id
      returning o.organization_id, locked.first - 1 as base),
    entered as (
      insert into notifications (id, organization_id, number, trigger_id, recipient_id, sender_id, template_id,
        template_version, category, title, body, icon, actions, targets, data, url, environment, project, urgent,
        kinds, send_at, expires_at, request_id, traceparent, hint_after, collection, item, status, inbox_always)
      select e.id, e.organization_id, coalesce((e.more ->> 'number')::bigint, n.base + e.ordinal), e.trigger_id, e.recipient_id, e.sender_id, e.template_id,
        e.template_version, e.category, e.title, e.body, e.icon, coalesce(e.actions, '[]'), coalesce(e.targets, '{}'), coalesce(e.data, '{}'), e.url,
        coalesce(e.environment, ''), coalesce(e.project, ''), coalesce(e.urgent, false), e.kinds,
        e.send_at, e.expires_at, e.public_request_id, e.traceparent,
        coalesce(e.send_at, carillon_now() + e.hint_ms * interval '1 millisecond'),
        e.more ->> 'collection', e.more ->> 'item',
        case when e.more ? 'status' then e.more ->> 'status' else 'inbox' end,
        coalesce((e.more ->> 'inbox_always')::boolean, false)
      from entering e join numbered n using (organization_id)
      on conflict (id) do nothing)
    select request_id from keyed
  `;
}

function toKeyRow(request: AcceptRequest) {
  const key = request.idempotency;
  return {
    organization_id: request.organizationId,
    caller_id: key?.callerId,
    route: key?.route,
    key: key?.key,
    body_hash: key?.bodyHash,
    request_id: request.id,
    ids: request.triggers.flatMap((trigger) => trigger.notifications.map((one) => one.id)),
    details: key?.details,
  };
}

/** What is empty or false is left out: reading JSON is half of what the statement costs. */
function toContentRow(request: AcceptRequest, trigger: ResolvedTrigger) {
  const { content } = trigger;
  return {
    trigger_id: trigger.id,
    request_id: request.id,
    keyed: request.idempotency === undefined ? undefined : true,
    organization_id: request.organizationId,
    sender_id: content.senderId,
    template_id: content.template?.id,
    template_version: content.template?.version,
    category: content.category,
    title: content.title,
    body: content.body,
    icon: content.icon,
    actions: content.actions.length === 0 ? undefined : content.actions,
    targets: content.targets.length === 0 ? undefined : content.targets,
    data: Object.keys(content.data).length === 0 ? undefined : content.data,
    url: content.url,
    environment: content.environment || undefined,
    project: content.project || undefined,
    urgent: content.urgent || undefined,
    kinds: content.kinds,
    send_at: content.sendAt,
    expires_at: content.expiresAt,
    public_request_id: request.requestId,
    traceparent: request.traceparent,
    hint_ms: request.lane === 'hinted' ? hintedMs : 0,
    more: content.row === undefined ? undefined : toMore(content.row),
  };
}

function toMore({ collection, item, status, number, inboxAlways }: RowFields) {
  return { collection, item, status, number, inbox_always: inboxAlways };
}
