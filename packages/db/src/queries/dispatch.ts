import { sql } from 'kysely';
import type {
  Action,
  ChannelKind,
  DeliveryId,
  KindDecision,
  NotificationId,
  OrganizationId,
  PlanChannel,
  PlanContactPoint,
  PlannedDelivery,
  ReasonCode,
  RenderContext,
  RuleListName,
  UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { writeInboxChanges, type LockedUser } from './inbox-changes.ts';
import { categories, toCategories, type LoadedCategory, type Policies } from './policies.ts';
import { readerFields, readerOrganization, toReader, type ReaderFields } from './readers.ts';
import {
  notificationColumns,
  hasPausedTemplate,
  plannedChannel,
  sentChannel,
  type LoadedChannel,
  type LoadedNotification,
} from './loaded-notification.ts';
import { startRuns } from './rule-runs/start.ts';

/** What planning, rendering and sending need of a notification that was not dispatched yet. */
export interface UndispatchedNotification extends LoadedNotification {
  version: number;
  userExists: boolean;
  userExternalId: string | null;
  contactPoints: (PlanContactPoint & { address: string })[];
  /** Kinds whose deliveries wait in this organization. */
  pausedKinds: ChannelKind[];
  organizationZone: string;
  /** Of the recipient's policy as it is now. */
  policyVersion: number;
  /** Who reads what is rendered; null without a template. */
  reader: RenderContext | null;
}

export interface DispatchBatch {
  /** The database's clock when the batch was read. */
  now: Date;
  notifications: UndispatchedNotification[];
  /** Channels by organization, those that are switched off too: a plan says so. */
  channels: Map<OrganizationId, (PlanChannel & LoadedChannel)[]>;
  categories: Policies['categories'];
}

/**
 * Loads what is still to be dispatched of `ids`, with everything that planning needs, in one
 * statement. Paused organizations and templates are left out: their rows stay for the resume. So is what is scheduled for later,
 * whoever asks for it.
 */
export async function loadDispatchBatch(
  db: Database,
  ids: readonly NotificationId[],
): Promise<DispatchBatch> {
  // Channels, categories and what templates see of an organization stand in its first row only.
  const { rows } = await sql<LoadedRow>`
    select ${notificationColumns}, n.version, u.id is not null as "userExists",
      u.external_id as "userExternalId", o.paused_kinds as "pausedKinds", o.zone as "organizationZone",
      coalesce(s.policy_version, 0) as "policyVersion", carillon_now() as now,
      case when n.template_id is not null and u.id is not null then ${readerFields} end as "readerFields",
      case when u.id is null then null else (
        select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'address', p.address,
          'badReason', p.bad_reason) order by p.id)
        from contact_points p where p.user_id = u.id) end as "contactPoints",
      case when row_number() over (partition by n.organization_id) = 1 then (
        select json_agg(json_build_object(${plannedChannel}, ${sentChannel}) order by c.position, c.id)
        from channels c where c.organization_id = n.organization_id) end as channels,
      case when row_number() over (partition by n.organization_id) = 1 then (${categories}) end as categories,
      case when row_number() over (partition by n.organization_id) = 1 then ${readerOrganization} end as organization
    from notifications n
    join organizations o on o.id = n.organization_id and o.paused_at is null
    left join users u on u.id = n.recipient_id and ${afterLookup(sql`u.deleted_at is null`)}
    left join inbox_state s on s.user_id = n.recipient_id
    where n.id = any(${ids}::uuid[])
      and ${afterLookup(sql`n.dispatched_at is null and n.deleted_at is null`)}
      and ${afterLookup(sql`n.send_at is null or n.send_at <= carillon_now()`)}
      and not ${hasPausedTemplate}
  `.execute(db);
  const channels: DispatchBatch['channels'] = new Map();
  const categoriesOf: DispatchBatch['categories'] = new Map();
  const organizations = new Map<OrganizationId, RenderContext['organization']>();
  for (const row of rows) {
    if (row.organization !== null) organizations.set(row.organizationId, row.organization);
    if (row.channels !== null) channels.set(row.organizationId, row.channels);
    if (row.categories !== null) categoriesOf.set(row.organizationId, toCategories(row.categories));
  }
  const now = rows[0]?.now ?? new Date(0);
  const notifications = rows.map((row) => fromLoadedRow(row, organizations));
  return { now, notifications, channels, categories: categoriesOf };
}

type LoadedContactPoint = UndispatchedNotification['contactPoints'][number];
type LoadedRow = Omit<UndispatchedNotification, 'contactPoints' | 'reader'> & {
  readerFields: ReaderFields | null;
  now: Date;
  contactPoints: (Omit<LoadedContactPoint, 'badReason'> & { badReason: string | null })[] | null;
  channels: (PlanChannel & LoadedChannel)[] | null;
  categories: LoadedCategory[] | null;
  organization: RenderContext['organization'] | null;
};

function fromLoadedRow(
  row: LoadedRow,
  organizations: ReadonlyMap<OrganizationId, RenderContext['organization']>,
): UndispatchedNotification {
  const contactPoints = (row.contactPoints ?? []).map((p) => ({ ...p, badReason: p.badReason ?? undefined }));
  const { readerFields: fields } = row;
  const organization = organizations.get(row.organizationId);
  const reader = fields && organization ? toReader(row.recipientId, fields, organization) : null;
  return { ...row, contactPoints, reader };
}

/** Texts that were rendered from a template; they replace what the row was accepted with. */
export interface PlacedContent {
  title: string;
  body: string;
  actions: Action[];
  url: string | null;
  icon: string | null;
}

/** What was decided for one notification. */
export interface Placement {
  id: NotificationId;
  /** The version that was planned; another one means "plan again". */
  version: number;
  organizationId: OrganizationId;
  recipientId: UserId;
  /** Of the recipient's policy that the plan was made with; another one means "plan again". */
  policyVersion: number;
  placed: boolean;
  inboxReason: ReasonCode;
  decisions: KindDecision[];
  deliveries: PlacedDelivery[];
  /** Given when the recipient's rules tell of it, in the place of deliveries: which list, and whether it is urgent. */
  run?: { list: RuleListName; urgent: boolean } | undefined;
  /** Undefined for what was sent without a template. */
  content: PlacedContent | undefined;
}

export interface PlacedDelivery extends PlannedDelivery {
  id: DeliveryId;
  /** Whether its channel, or its kind in the organization, is paused: it waits for the resume. */
  isPaused: boolean;
  /** Whether nothing is sent to its target until a probe finds that it answers again. */
  isOpen?: boolean | undefined;
  /** Given when this worker sends it as soon as it is stored: its lease, and what the first attempt sends. */
  begun?: { leaseToken: string; message: unknown } | undefined;
}

export interface Placed {
  id: NotificationId;
  recipientId: UserId;
  /** The recipient's new head; undefined when the row did not enter the inbox. */
  head: number | undefined;
}

/**
 * Writes what was decided for a batch: the row enters the inbox, its deliveries exist, it is no
 * longer due for dispatch, all in one transaction. Done twice it writes nothing; a row that
 * changed since it was planned is absent from the answer.
 *
 * A delivery that is `begun` is stored as leased and with its first attempt open, the same as if it had been
 * claimed and started at once. The others get ten seconds before the due-scan looks for them, because a job
 * follows; those of a paused kind get none, because no job follows and the scan leaves them out until the resume.
 * Those for a target that does not answer are left to who probes it.
 */
export async function placeDispatch(
  db: Database,
  placements: readonly Placement[],
  leaseMs: number,
): Promise<Placed[]> {
  const deliveries = placements.flatMap((one) =>
    one.deliveries.map((delivery) => ({
      id: delivery.id,
      notification_id: one.id,
      kind: delivery.kind,
      channel_id: delivery.channelId,
      contact_point_id: delivery.contactPointId,
      until: delivery.held?.until,
      reason: delivery.held?.reason ?? waitsFor(delivery),
      token: delivery.begun?.leaseToken,
      message: delivery.begun?.message,
    })),
  );
  const runs = placements.flatMap(({ id, run }) => (run === undefined ? [] : [{ id, ...run }]));
  const rows = await writeInboxChanges<{ id: NotificationId; recipient_id: UserId; head: number | null }>(
    db,
    placements.map((one) => one.recipientId),
    {
      changed: (next, users) => sql`
        update notifications n set
          dispatched_at = carillon_now(),
          decisions = i.decisions,
          inbox_reason = i.reason,
          inbox_at = case when i.placed then carillon_now() end,
          placed_sequence = case when i.placed then i.next end,
          changed_sequence = case when i.placed then i.next end,
          title = coalesce(i.title, n.title),
          body = coalesce(i.body, n.body),
          actions = coalesce(i.actions, n.actions),
          url = case when i.title is null then n.url else i.url end,
          icon = case when i.title is null then n.icon else i.icon end,
          version = n.version + 1
        from json_to_recordset(${JSON.stringify(placements.map((one) => toPlacedRow(one, next, users)))}::json)
          as i(id uuid, version int, placed boolean, reason text, decisions jsonb, next bigint, title text, body text,
            actions jsonb, url text, icon text)
        where n.id = i.id and n.id = any(${placements.map((one) => one.id)}::uuid[])
          and n.version = i.version and i.next is not null
          and ${afterLookup(sql`n.dispatched_at is null and n.deleted_at is null and n.cancelled_at is null`)}
        returning n.id, n.organization_id, n.recipient_id, i.placed as bumps, i.next`,
      also: sql`made as (
        insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id,
          contact_point_id, not_before, scan_after, reason, state, lease_token, lease_until,
          attempt_started_at, attempts_made, message)
        select d.id, c.organization_id, d.notification_id, c.recipient_id, d.kind, d.channel_id,
          d.contact_point_id, coalesce(d.until, carillon_now()),
          coalesce(d.until, case d.reason when 'paused' then carillon_now() when 'circuit_open' then 'infinity'
            else carillon_now() + interval '10 seconds' end), d.reason,
          case when d.token is null then 'pending' else 'sending' end, d.token,
          case when d.token is not null then carillon_now() + ${leaseMs} * interval '1 millisecond' end,
          case when d.token is not null then carillon_now() end, case when d.token is null then 0 else 1 end,
          d.message
        from json_to_recordset(${JSON.stringify(deliveries)}::json) as d(id uuid, notification_id uuid, kind text,
          channel_id uuid, contact_point_id uuid, until timestamptz, reason text, token uuid, message jsonb)
        join changed c on c.id = d.notification_id
        on conflict do nothing)${startRuns(runs)}`,
      select: sql`
        select c.id, c.recipient_id, case when c.bumps then c.next end as head from changed c`,
    },
  );
  return rows.map((row) => ({ id: row.id, recipientId: row.recipient_id, head: row.head ?? undefined }));
}

/** What it waits for, whatever the hour. */
function waitsFor({ isPaused, isOpen }: PlacedDelivery): ReasonCode | undefined {
  if (isPaused) return 'paused';
  return isOpen === true ? 'circuit_open' : undefined;
}

function toPlacedRow(
  placement: Placement,
  next: ReadonlyMap<UserId, number>,
  users: ReadonlyMap<UserId, LockedUser>,
) {
  const isFresh = users.get(placement.recipientId)?.policy_version === placement.policyVersion;
  return {
    id: placement.id,
    version: placement.version,
    placed: placement.placed,
    reason: placement.inboxReason,
    decisions: placement.decisions,
    next: isFresh ? next.get(placement.recipientId) : undefined,
    ...placement.content,
  };
}

/** What a page of the reconciler found. */
export interface Undispatched {
  id: NotificationId;
  urgent: boolean;
  tries: number;
}

/**
 * Claims notifications that wait for dispatch and whose hint is overdue, at most `perOrganization`
 * of each organization that is not paused. Organizations take turns, each with its oldest first, so
 * that a backlog of one does not hide another's.
 * Claimed rows come up again after fifteen seconds. What waits for its template to be resumed is left to
 * `setAsidePaused`: claiming it would use up its tries. The loose scan over
 * notifications_undispatched costs one probe per organization that has something waiting.
 */
export async function claimUndispatched(
  db: Database,
  limits: { perOrganization: number; organizationsMax: number },
): Promise<Undispatched[]> {
  const { rows } = await sql<Undispatched>`
    with recursive waiting as (
      (select organization_id from notifications where dispatched_at is null order by organization_id limit 1)
      union all
      select (select n.organization_id from notifications n
        where n.dispatched_at is null and n.organization_id > w.organization_id
        order by n.organization_id limit 1)
      from waiting w where w.organization_id is not null),
    ranked as (
      select picked.* from waiting w
      join organizations o on o.id = w.organization_id and o.paused_at is null
      cross join lateral (
        select first.id, first.hint_after, row_number() over (order by first.hint_after) as turn from (
          select n.id, n.hint_after from notifications n
          where n.organization_id = w.organization_id and n.dispatched_at is null
            and n.hint_after <= carillon_now()
          order by n.hint_after limit ${limits.perOrganization}) first) picked
      order by turn, hint_after limit ${limits.organizationsMax * limits.perOrganization}),
    due as (
      select n.id from notifications n join ranked on ranked.id = n.id
      where ${afterLookup(sql`n.dispatched_at is null and n.hint_after <= carillon_now()`)} and not ${hasPausedTemplate}
      for update of n skip locked)
    update notifications n
    set hint_after = carillon_now() + interval '15 seconds', dispatch_tries = n.dispatch_tries + 1
    from due where n.id = due.id
    returning n.id, n.urgent, n.dispatch_tries as tries
  `.execute(db);
  return rows;
}

/** Gives up dispatching: the row stays readable in the log with its reason, and is never placed. */
export async function abandonDispatch(
  db: Database,
  ids: readonly NotificationId[],
  reason: ReasonCode,
): Promise<void> {
  await sql`update notifications set dispatched_at = carillon_now(), inbox_reason = ${reason}, version = version + 1
    where id = any(${ids}::uuid[]) and dispatched_at is null`.execute(db);
}
