import type { GraphQLResolveInfo } from 'graphql';
import type { RowChange } from '../../../live/row-feed.ts';
import { keysByNumber, read } from '../items.ts';
import type { QuerySource } from '../query/query-text.ts';
import type { DirectusRow } from '../shape.ts';
import type { Arguments } from './arguments.ts';
import { createFeed, type Feed } from './feed.ts';
import type { OperationContext } from './resolve.ts';
import { relationKey, selectedFields, toQuery } from './selection.ts';

/** One event, as the root value by which a subscription's selection is executed. */
export interface Mutated {
  directus_notifications_mutated: Readonly<Record<string, unknown>>;
}

/** Directus' names of what became of a row. */
const events = { placed: 'create', changed: 'update', deleted: 'delete' } as const;

/** A subscription to `directus_notifications_mutated`. */
export interface Listener {
  context: OperationContext;
  /** The only event that is wanted; undefined for all. */
  event: unknown;
  /** What is wanted of a row, by its key in the event. */
  reads: { key: string; source: QuerySource }[];
  feed: Feed<Mutated>;
}

/** Is told by pushing what `mutatedBy` answers into its feed; `onEnd` says when there is nobody any more. */
export function createListener(
  args: Arguments,
  context: OperationContext,
  info: GraphQLResolveInfo,
  onEnd: (listener: Listener) => void,
): Listener {
  const reads = [...selectedFields(info, info.fieldNodes)].flatMap(([responseKey, nodes]) => {
    if (nodes[0]?.name.value !== 'data') return [];
    const source = toQuery({ ...info, fieldNodes: nodes }, context.collection);
    return [{ key: relationKey('data', responseKey), source }];
  });
  const listener: Listener = {
    ...{ context, event: args['event'] ?? undefined, reads },
    feed: createFeed(() => onEnd(listener)),
  };
  return listener;
}

/** Rows read in one statement. */
const rowsPerRead = 500;

/** What changes say to a listener, in their order. A row that is gone meanwhile is not told: its deletion will be. */
export async function mutatedBy(listener: Listener, changes: readonly RowChange[]): Promise<Mutated[]> {
  const wanted = changes.filter(
    ({ kind }) => listener.event === undefined || listener.event === events[kind],
  );
  const told: Mutated[] = [];
  for (let start = 0; start < wanted.length; start += rowsPerRead) {
    const some = wanted.slice(start, start + rowsPerRead);
    const rows = await readRows(
      listener,
      some.flatMap(({ kind, number }) => (kind === 'deleted' ? [] : number)),
    );
    for (const { number, kind } of some) {
      const data = kind === 'deleted' ? { data: null } : rows.get(number);
      if (data === undefined) continue;
      told.push({
        directus_notifications_mutated: { key: String(number), event: events[kind], ...data },
      });
    }
  }
  return told;
}

async function readRows(
  { context: { deps, caller }, reads }: Listener,
  numbers: readonly number[],
): Promise<Map<number, Record<string, DirectusRow>>> {
  const found = new Map<number, Record<string, DirectusRow>>();
  if (numbers.length === 0) return found;
  // Whoever wants nothing of a row is told of those that can be seen all the same.
  if (reads.length === 0)
    for (const { number } of await keysByNumber(deps, caller, numbers)) found.set(number, {});
  for (const { key, source } of reads) {
    const { fields } = source;
    const named = { ...source, fields: Array.isArray(fields) ? [...fields, 'id'] : 'id' };
    for (const row of await read(deps, caller, named, numbers)) {
      const number = Number(row['id']);
      found.set(number, { ...found.get(number), [key]: row });
    }
  }
  return found;
}
