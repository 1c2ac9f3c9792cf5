import { sql, type RawBuilder } from 'kysely';
import type { ItemQuery, ItemSort, NotificationId, SelectedField, UserId } from '@carillon/core';
import type { Database } from '../../connect.ts';
import { columnOf } from './columns.ts';
import { conditionOf } from './conditions.ts';
import { from, isOfOneRecipient, narrowing, relationsOf, visible, wanted, type ItemScope } from './source.ts';

/** A value as it is stored, or what is selected of a user in the order of the selection; null where there is none. */
export type ItemCell = string | number | Date | readonly unknown[] | null;

/** Cells in the order of the selection; parts of instants are text. */
export interface ItemRow {
  number: number;
  cells: readonly ItemCell[];
}

/** The rows that a question asks for, in its order. Runs in a transaction of the organization. */
export async function listNotificationItems(
  db: Database,
  scope: ItemScope,
  query: ItemQuery,
): Promise<ItemRow[]> {
  if (query.limit === 0) return [];
  const cells = query.selection.map((one) => cellOf(one, scope));
  const { rows } = await sql<Record<string, ItemCell> & { number: number }>`
    select ${sql.join([sql`n.number`, ...cells.map((cell, at) => sql`${cell} as ${sql.ref(`c${at}`)}`)])}
    from ${from(scope, relationsOf(query))} where ${wanted(scope, query)}
    order by ${orderOf(scope, query)} limit ${query.limit}::bigint offset ${query.offset}::bigint
  `.execute(db);
  return rows.map((row) => ({
    number: row.number,
    cells: query.selection.map((_, at) => row[`c${at}`] ?? null),
  }));
}

function cellOf(selected: SelectedField, scope: ItemScope): RawBuilder<unknown> {
  if (!('relation' in selected)) {
    const { read } = columnOf({ of: 'item', field: selected.field }, selected.part);
    return selected.part === undefined ? read : sql`(${read})::text`;
  }
  const { relation, fields, filter } = selected;
  const values = fields.map(({ field }) => columnOf({ of: relation, field }).read);
  const isThere = columnOf({ of: relation, field: 'id' }).read;
  const holds = filter === undefined ? sql`true` : sql`(${conditionOf(filter, scope)})`;
  return sql`case when ${isThere} is not null and ${holds} then json_build_array(${sql.join(values)}) end`;
}

function orderOf(scope: ItemScope, query: ItemQuery): RawBuilder<unknown> {
  const keys = query.sort.map(
    (key) => sql`${sortedBy(scope, query, key)} ${key.descending ? sql`desc` : sql`asc`}`,
  );
  const byNumber: ItemSort = { column: { of: 'item', field: 'number' }, descending: false };
  return sql.join([...keys, sortedBy(scope, query, byNumber)]);
}

/** As a sum the number is the key of notifications_of_recipient, and not of notifications_number. */
function sortedBy(scope: ItemScope, query: ItemQuery, { column, part }: ItemSort): RawBuilder<unknown> {
  const { read } = columnOf(column, part);
  const isNumber = column.of === 'item' && column.field === 'number';
  return isNumber && isOfOneRecipient(scope, query) ? sql`(${read} + 0)` : read;
}

export interface ItemCounts {
  total: number | undefined;
  filtered: number | undefined;
}

/** Only the counts that the question asks for, at one moment; undefined for the others. */
export async function countNotificationItems(
  db: Database,
  scope: ItemScope,
  query: ItemQuery,
): Promise<ItemCounts> {
  const { total, filtered } = query.counts;
  if (!total && !filtered) return { total: undefined, filtered: undefined };
  const relations = relationsOf({ filter: filtered ? query.filter : undefined });
  const condition = total ? visible(scope) : wanted(scope, query);
  const left =
    query.numbers === undefined
      ? narrowing(scope, query)
      : sql`n.number = any(${query.numbers}::bigint[]) and ${narrowing(scope, query)}`;
  const filteredCount = total && filtered ? sql`count(*) filter (where ${left})` : sql`count(*)`;
  const { rows } = await sql<{ total: number; filtered: number }>`
    select count(*) as total, ${filteredCount} as filtered from ${from(scope, relations)} where ${condition}
  `.execute(db);
  const row = rows[0];
  return { total: total ? row?.total : undefined, filtered: filtered ? row?.filtered : undefined };
}

/** What a write needs to know of a row. */
export interface ItemKey {
  id: NotificationId;
  number: number;
  recipientId: UserId;
}

/**
 * The rows that a question means, for a write to them: in its order, and no more than `max`, so that a caller who asks
 * for one more than allowed learns that there are more.
 */
export async function listNotificationKeys(
  db: Database,
  scope: ItemScope,
  query: ItemQuery,
  max: number,
): Promise<ItemKey[]> {
  const limit = Math.min(query.limit, max);
  const { rows } = await sql<ItemKey>`
    select n.id, n.number, n.recipient_id as "recipientId"
    from ${from(scope, relationsOf({ ...query, selection: [] }))} where ${wanted(scope, query)}
    order by ${orderOf(scope, query)} limit ${limit}::bigint offset ${query.offset}::bigint
  `.execute(db);
  return rows;
}
