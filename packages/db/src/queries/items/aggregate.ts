import { sql, type RawBuilder } from 'kysely';
import { assertNever, type AggregateValue, type ItemAggregation, type ItemQuery } from '@carillon/core';
import type { Database } from '../../connect.ts';
import { columnOf } from './columns.ts';
import { from, relationsOf, wanted, type ItemScope } from './source.ts';
import type { ItemCell } from './list.ts';

/** Counts, sums and averages are text, as PostgreSQL writes them; the least and the greatest keep their type. */
export interface AggregateRow {
  groups: readonly ItemCell[];
  values: readonly ItemCell[];
}

interface Built {
  /** What the answer has. */
  shown: RawBuilder<unknown>;
  /** What rows are ordered by. */
  key: RawBuilder<unknown>;
}

/** One row for each group of what filter and search leave; by the groups unless the question says otherwise. */
export async function aggregateNotificationItems(
  db: Database,
  scope: ItemScope,
  query: ItemQuery,
  aggregation: ItemAggregation,
): Promise<AggregateRow[]> {
  if (query.limit === 0) return [];
  const groups = aggregation.groups.map(groupOf);
  const values = aggregation.values.map(valueOf);
  const all = [...groups, ...values];
  if (all.length === 0) return query.offset === 0 ? [{ groups: [], values: [] }] : [];
  const grouping = groups.length === 0 ? sql`` : sql`group by ${sql.join(groups.map(({ key }) => key))}`;
  const { rows } = await sql<Record<string, ItemCell>>`
    select ${sql.join(all.map(({ shown }, at) => sql`${shown} as ${sql.ref(`c${at}`)}`))}
    from ${from(scope, relationsOf({ filter: query.filter }))} where ${wanted(scope, query)}
    ${grouping} ${orderOf(aggregation, groups, values)}
    limit ${query.limit}::bigint offset ${query.offset}::bigint
  `.execute(db);
  return rows.map((row) => {
    const cells = all.map((_, at) => row[`c${at}`] ?? null);
    return { groups: cells.slice(0, groups.length), values: cells.slice(groups.length) };
  });
}

function groupOf({ field, part }: ItemAggregation['groups'][number]): Built {
  const { read } = columnOf({ of: 'item', field }, part);
  return { key: read, shown: part === undefined ? read : sql`(${read})::text` };
}

function valueOf({ fn, field }: AggregateValue): Built {
  const column = field === undefined ? undefined : columnOf({ of: 'item', field });
  const read = column?.read ?? sql`*`;
  const key = aggregated(fn, column?.type === 'uuid' ? sql`(${read})::text` : read);
  return { key, shown: fn === 'min' || fn === 'max' ? key : sql`(${key})::text` };
}

function aggregated(fn: AggregateValue['fn'], read: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (fn) {
    case 'count':
      return sql`count(${read})`;
    case 'count_distinct':
      return sql`count(distinct ${read})`;
    case 'sum':
      return sql`sum(${read})`;
    case 'sum_distinct':
      return sql`sum(distinct ${read})`;
    case 'avg':
      return sql`avg(${read})`;
    case 'avg_distinct':
      return sql`avg(distinct ${read})`;
    case 'min':
      return sql`min(${read})`;
    case 'max':
      return sql`max(${read})`;
    default:
      return assertNever(fn);
  }
}

function orderOf(
  { sort }: ItemAggregation,
  groups: readonly Built[],
  values: readonly Built[],
): RawBuilder<unknown> {
  const named = sort.flatMap(({ by, position, descending }) => {
    const key = (by === 'group' ? groups : values)[position]?.key;
    return key === undefined ? [] : [sql`${key} ${descending ? sql`desc` : sql`asc`}`];
  });
  const keys = [...named, ...groups.map(({ key }) => key)];
  return keys.length === 0 ? sql`` : sql`order by ${sql.join(keys)}`;
}
