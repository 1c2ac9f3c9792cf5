import { sql, type RawBuilder } from 'kysely';
import type { NotificationId, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { inboxColumns, live, oneSummary, summaryOf, type InboxItem, type InboxSummary } from './inbox.ts';

/** `with_archived` is `all` and `archived` in one list. */
export type InboxStatus = 'all' | 'unread' | 'read' | 'archived' | 'with_archived';

export interface InboxPage {
  status: InboxStatus;
  limit: number;
  category?: string | undefined;
  environment?: string | undefined;
  project?: string | undefined;
  /** Items that name all of these. */
  targets?: readonly string[] | undefined;
  /** Items of any of these. */
  templateIds?: readonly string[] | undefined;
  /** Items older than this one of the same inbox; one that was never there is nobody's past. */
  before?: NotificationId | undefined;
  /** Keyset over (inbox_at, id): `next` are the items older than this one, `prev` the newer ones, nearest first. */
  edge?: { inboxAt: Date; id: NotificationId; direction: 'next' | 'prev' } | undefined;
}

/** Whose inbox is read. */
export interface InboxReader {
  organizationId: OrganizationId;
  userId: UserId;
}

/**
 * Puts up the wall between organizations (roles.ts) and reads behind it, in one statement that is a transaction by
 * itself: a reader's question is one message and one answer instead of four each. Where something were read before the
 * wall stands, no organization would be named, and nothing found.
 */
function behindWall({ organizationId, userId }: InboxReader): RawBuilder<unknown> {
  return sql`w as materialized (
    select set_config('carillon.organization_id', ${organizationId}, true), ${userId}::uuid as user_id)`;
}

/** The limit keeps the planner from joining this otherwise than row by row of `w`: what is here comes after it. */
const summaryBehindWall = sql`w cross join lateral (${summaryOf(sql`w.user_id`)} limit 1) one`;

/** Counts and head of one moment. Throws NotFoundError. Uses notifications_unread, index-only. */
export async function readInboxSummary(db: Database, reader: InboxReader): Promise<InboxSummary> {
  const { rows } = await sql<InboxSummary>`
    with ${behindWall(reader)} select one.* from ${summaryBehindWall}
  `.execute(db);
  return oneSummary(rows);
}

/**
 * A page, newest placed first, with the state of the same moment. Throws NotFoundError. Uses notifications_inbox; lists of what is
 * archived read notifications_changes of the recipient.
 */
export async function readInboxPage(
  db: Database,
  reader: InboxReader,
  page: InboxPage,
): Promise<{ summary: InboxSummary; items: InboxItem[] }> {
  const forwards = page.edge?.direction !== 'prev';
  const order = forwards ? sql`n.inbox_at desc, n.id desc` : sql`n.inbox_at, n.id`;
  // The one row of the summary can only be joined by a loop over the lateral side, which keeps its order.
  const { rows } = await sql<InboxSummary & (InboxItem | { id: null })>`
    with ${behindWall(reader)}, summary as materialized (
      select w.user_id, one.* from ${summaryBehindWall})
    select s.head, s."resyncBelow", s.unread, s.unseen, i.* from summary s
    left join lateral (
      select ${inboxColumns} from notifications n where ${sql.join(conditionsOf(page, forwards), sql` and `)}
      order by ${order} limit ${page.limit}) i on true
  `.execute(db);
  const { head, resyncBelow, unread, unseen } = oneSummary(rows);
  return { summary: { head, resyncBelow, unread, unseen }, items: rows.filter(isItem) };
}

/** An empty page is a state beside no item. */
function isItem<Row extends { id: unknown }>(row: Row): row is Extract<Row, InboxItem> {
  return row.id !== null;
}

/** Of items `n` of the reader `s`. */
function conditionsOf({ edge, ...page }: InboxPage, forwards: boolean): RawBuilder<unknown>[] {
  const conditions = [sql`n.recipient_id = s.user_id`, inStatus(page.status)];
  if (page.category !== undefined) conditions.push(sql`n.category = ${page.category}`);
  if (page.environment !== undefined) conditions.push(sql`n.environment = ${page.environment}`);
  if (page.project !== undefined) conditions.push(sql`n.project = ${page.project}`);
  if (page.targets !== undefined) conditions.push(sql`n.targets @> ${page.targets}::uuid[]`);
  if (page.templateIds !== undefined) conditions.push(sql`n.template_id = any(${page.templateIds}::uuid[])`);
  if (page.before !== undefined) {
    conditions.push(sql`(n.inbox_at, n.id) < (
      coalesce((select b.inbox_at from notifications b where b.id = ${page.before} and b.recipient_id = s.user_id),
        'infinity'), ${page.before}::uuid)`);
  }
  if (edge !== undefined) {
    conditions.push(
      sql`(n.inbox_at, n.id) ${forwards ? sql`<` : sql`>`} (${edge.inboxAt}::timestamptz, ${edge.id}::uuid)`,
    );
  }
  return conditions;
}

function inStatus(status: InboxStatus): RawBuilder<unknown> {
  switch (status) {
    case 'all':
      return live;
    case 'unread':
      return sql`${live} and n.read_at is null`;
    case 'read':
      return sql`${live} and n.read_at is not null`;
    case 'archived':
      return sql`n.placed_sequence is not null and n.deleted_at is null and n.expired_at is null
        and (n.archived_at is not null or n.dismissed_at is not null)`;
    case 'with_archived':
      return sql`n.inbox_at is not null and n.placed_sequence is not null and n.deleted_at is null
        and n.expired_at is null
        and (n.snoozed_until is null or n.archived_at is not null or n.dismissed_at is not null)`;
  }
}
