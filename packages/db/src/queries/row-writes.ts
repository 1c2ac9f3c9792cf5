import { sql, type RawBuilder } from 'kysely';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { afterDeletion, contentColumns } from './inbox.ts';
import { lockInboxes, writeInboxChanges, type InboxHead } from './inbox-changes.ts';
import { stopRuns } from './rule-runs/stop.ts';

/** A row to write, and whose inbox it is in. */
export interface RowTarget {
  id: NotificationId;
  recipientId: UserId;
}

/** What edges that serve rows may change of one; undefined leaves it. */
export interface RowPatch {
  /** Free text; `archived` and `archive` put the item away, `inbox` brings it back, anything else is only shown. */
  status?: string | null | undefined;
  senderId?: UserId | null | undefined;
  subject?: string | undefined;
  message?: string | undefined;
  collection?: string | null | undefined;
  item?: string | null | undefined;
  /** Shown in the place of when it entered the inbox; null shows that again. Never orders anything. */
  timestamp?: Date | null | undefined;
}

/** Rows that were changed, and where their inboxes stand now. */
export interface RowsWritten {
  ids: NotificationId[];
  heads: InboxHead[];
}

/**
 * Changes rows of many inboxes alike, in one transaction. What is deleted is left out. A row that is not in its
 * inbox yet changes too, but nobody is told. What is rendered for its deliveries from now on says the new texts.
 */
export async function patchRows(
  db: Database,
  organizationId: OrganizationId,
  targets: readonly RowTarget[],
  patch: RowPatch,
): Promise<RowsWritten> {
  const sets = assignments(patch);
  return writeRows(db, organizationId, targets, {
    set: (next) => sql`${sets},
      changed_sequence = case when n.inbox_at is null then n.changed_sequence else ${next} end`,
    bumps: sql`n.inbox_at is not null`,
    ...(isArchiving(patch) && { also: stopRuns('notification_dismissed') }),
  });
}

function isArchiving({ status }: RowPatch): boolean {
  return status === 'archived' || status === 'archive';
}

function assignments(patch: RowPatch): RawBuilder<unknown> {
  const columns: [keyof RowPatch, string][] = [
    ...([
      ['senderId', 'sender_id'],
      ['subject', 'title'],
      ['message', 'body'],
    ] as const),
    ...([
      ['collection', 'collection'],
      ['item', 'item'],
      ['timestamp', 'timestamp_override'],
    ] as const),
  ].map(([name, column]) => [name, column]);
  const parts = columns.flatMap(([name, column]) =>
    patch[name] === undefined ? [] : [sql`${sql.ref(column)} = ${patch[name]}`],
  );
  const { status } = patch;
  if (status !== undefined) parts.push(sql`status = ${status}`);
  if (isArchiving(patch)) {
    parts.push(sql`archived_at = coalesce(n.archived_at, carillon_now())`);
  }
  if (status === 'inbox') parts.push(sql`archived_at = null, dismissed_at = null`);
  return sql.join([...parts, sql`version = n.version + 1`]);
}

/** Leaves a tombstone of each row; what is pending for it is over. Those that are gone already are left out. */
export async function deleteRows(
  db: Database,
  organizationId: OrganizationId,
  targets: readonly RowTarget[],
): Promise<RowsWritten> {
  return writeRows(db, organizationId, targets, {
    set: (next) => sql`deleted_at = carillon_now(),
      dispatched_at = coalesce(n.dispatched_at, carillon_now()),
      changed_sequence = case when n.inbox_at is null then n.changed_sequence else ${next} end,
      ${contentColumns((column, empty) => sql`${column} = ${empty}`)}, version = n.version + 1`,
    bumps: sql`n.inbox_at is not null`,
    also: afterDeletion,
  });
}

async function writeRows(
  db: Database,
  organizationId: OrganizationId,
  targets: readonly RowTarget[],
  parts: {
    set: (next: RawBuilder<unknown>) => RawBuilder<unknown>;
    bumps: RawBuilder<unknown>;
    also?: RawBuilder<unknown>;
  },
): Promise<RowsWritten> {
  if (targets.length === 0) return { ids: [], heads: [] };
  const ids = targets.map((one) => one.id);
  const rows = await writeInboxChanges<{ ids: NotificationId[] | null; heads: InboxHead[] | null }>(
    db,
    targets.map((one) => one.recipientId),
    {
      changed: (next) => sql`
        update notifications n set ${parts.set(sql`i.next`)}
        from unnest(${ids}::uuid[], ${targets.map((one) => next.get(one.recipientId) ?? null)}::bigint[])
          as i(id, next)
        where n.id = any(${ids}::uuid[]) and n.id = i.id and n.organization_id = ${organizationId}
          and i.next is not null and n.deleted_at is null
        returning n.id, n.organization_id, n.recipient_id, ${parts.bumps} as bumps`,
      ...(parts.also !== undefined && { also: parts.also }),
      select: sql`select (select json_agg(id) from changed) as ids, (select json_agg(bumped) from bumped) as heads`,
    },
  );
  return { ids: rows[0]?.ids ?? [], heads: rows[0]?.heads ?? [] };
}

/**
 * Gives rows to another user: what their recipients had is deleted, and a new row of the same number and texts is
 * accepted for the other one, which is dispatched like any other. For a transaction. Answers the new rows too.
 */
export async function moveRows(
  db: Database,
  organizationId: OrganizationId,
  moves: readonly (RowTarget & { newId: NotificationId })[],
  to: UserId,
): Promise<RowsWritten & { moved: NotificationId[] }> {
  const ids = moves.map((one) => one.id);
  // The lock comes first, as everywhere: whoever changes these rows holds it too. They are read before they are blanked.
  await lockInboxes(
    db,
    moves.map((one) => one.recipientId),
  );
  const { rows: kept } = await sql<{ id: NotificationId; row: unknown }>`
    select n.id, to_jsonb(n) as row from notifications n
    where n.organization_id = ${organizationId} and n.id = any(${ids}::uuid[]) and n.deleted_at is null
    order by n.id
  `.execute(db);
  const written = await deleteRows(
    db,
    organizationId,
    moves.filter((one) => kept.some(({ id }) => id === one.id)),
  );
  const newIds = new Map(moves.map((one) => [one.id, one.newId]));
  const copies = kept.map(({ id, row }) => ({ new_id: newIds.get(id), row }));
  const { rows } = await sql<{ id: NotificationId }>`
    insert into notifications (id, organization_id, number, trigger_id, recipient_id, sender_id, template_id,
      template_version, category, title, body, icon, actions, targets, data, url, collection, item, environment, project,
      urgent, kinds, inbox_always, status, request_id, timestamp_override, expires_at)
    select i.new_id, o.organization_id, o.number, o.trigger_id, ${to}, o.sender_id, o.template_id,
      o.template_version, o.category, o.title, o.body, o.icon, o.actions, o.targets, o.data, o.url, o.collection, o.item,
      o.environment, o.project, o.urgent, o.kinds, o.inbox_always, o.status, o.request_id, o.timestamp_override,
      o.expires_at
    from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) as i(new_id uuid, row jsonb)
    cross join lateral jsonb_populate_record(null::notifications, i.row) o
    returning id
  `.execute(db);
  return { ...written, moved: rows.map((row) => row.id) };
}

/** Where rows stand: those of `ids` that are not deleted, in any order. */
export async function loadRowNumbers(
  db: Database,
  organizationId: OrganizationId,
  ids: readonly NotificationId[],
): Promise<Map<NotificationId, number>> {
  const { rows } = await sql<{ id: NotificationId; number: number }>`
    select id, number from notifications
    where id = any(${ids}::uuid[]) and organization_id = ${organizationId} and deleted_at is null
  `.execute(db);
  return new Map(rows.map((row) => [row.id, row.number]));
}
