import { isObject, type QuerySource } from '../query/query-text.ts';
import type { DirectusRow } from '../shape.ts';
import { aggregateFields } from './schema-text.ts';
import { selectedFields, selectedNames, type SelectionInfo } from './selection.ts';

const functions = new Set(Object.keys(aggregateFields));

/** What a selection of groups asks to be computed, as a query. */
export function aggregateSource(info: SelectionInfo, source: QuerySource): QuerySource {
  const aggregate: Record<string, string[]> = {};
  for (const nodes of selectedFields(info, info.fieldNodes).values()) {
    const name = nodes[0]?.name.value ?? '';
    // Rows first, so that a sort by `count` means them.
    if (name === 'countAll') aggregate['count'] = ['*', ...(aggregate['count'] ?? [])];
    if (functions.has(name)) aggregate[name] = [...(aggregate[name] ?? []), ...selectedNames(info, nodes)];
  }
  const asksForNothing = Object.values(aggregate).every((names) => names.length === 0);
  if (asksForNothing && source['groupBy'] === undefined) aggregate['count'] = ['*'];
  const { sort } = source;
  const named = Array.isArray(sort)
    ? sort.map((one) => (typeof one === 'string' ? toCount(one) : one))
    : sort;
  return { ...source, aggregate, ...(named !== undefined && { sort: named }) };
}

/** REST has one name for counts of rows and of fields. */
function toCount(name: string): string {
  return name.replace(/^(-?)countAll$/, '$1count');
}

/** Groups as GraphQL tells them: what was computed as numbers, what was grouped by in one object. */
export function toAggregated(rows: readonly DirectusRow[]): DirectusRow[] {
  return rows.map((row) => {
    const { count } = row;
    const computed = Object.entries(row).filter(([name]) => functions.has(name));
    const groups = Object.entries(row).filter(([name]) => !functions.has(name));
    return {
      ...Object.fromEntries(computed.map(([name, values]) => [name, toNumbers(values)])),
      countAll: toNumber(isObject(count) ? count['*'] : count),
      group: groups.length === 0 ? null : Object.fromEntries(groups),
    };
  });
}

function toNumbers(values: unknown): DirectusRow {
  const entries = isObject(values) ? Object.entries(values) : [];
  return Object.fromEntries(entries.map(([field, value]) => [field, toNumber(value)]));
}

function toNumber(value: unknown): number | null {
  return value == null ? null : Number(value);
}
