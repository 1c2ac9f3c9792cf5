import { askItems } from '../../../actions/item-queries.ts';
import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import type { RowChange } from '../../../live/row-feed.ts';
import { forbiddenCollection, forbiddenRow, invalidPayload, notificationsCollection } from '../errors.ts';
import { kindOf } from '../items.ts';
import { toNumber } from '../payload.ts';
import { isObject, type QuerySource } from '../query/query-text.ts';
import { readQuery } from '../query/read-query.ts';
import { shapeAggregate, shapeRows, type DirectusRow } from '../shape.ts';
import type { ClientMessage, ServerMessage, Uid } from './messages.ts';

const events = ['create', 'update', 'delete'] as const;

/** What a client asked to be told of. */
export interface Subscription {
  uid: Uid | undefined;
  /** Undefined for all. */
  event: (typeof events)[number] | undefined;
  /** The one row that is meant; undefined for all. */
  item: number | undefined;
  /** As it came; it was read once without an error. */
  query: QuerySource;
  /** Rows that the answer to the subscription told, which are not told again as new. */
  known: Set<number>;
}

export type SubscriptionDeps = Pick<ApiDeps, 'db' | 'clock'>;

/** Throws DirectusError for what may not be watched, and for a query that says nothing. */
export function readSubscription({ uid, fields }: ClientMessage, caller: UserCaller): Subscription {
  const { collection, event, item, query = {} } = fields;
  if (typeof collection !== 'string') throw invalidPayload('"collection" is required');
  if (collection !== notificationsCollection) throw forbiddenCollection(collection);
  const known = events.find((one) => one === event);
  if (event !== undefined && known === undefined)
    throw invalidPayload(`"event" must be one of [${events.join(', ')}]`);
  if (!isObject(query)) throw invalidPayload('"query" must be of type object');
  const number = toNumber(item);
  if (item !== undefined && number === undefined) throw forbiddenRow();
  readQuery(alone(query), kindOf(caller));
  return { uid, event: known, item: number, query, known: new Set() };
}

/** The answer to a subscription: what there is, except where only some events are asked for. */
export async function beginSubscription(
  deps: SubscriptionDeps,
  caller: UserCaller,
  subscription: Subscription,
): Promise<ServerMessage> {
  const { uid, event, item, query, known } = subscription;
  const init = { type: 'subscription', event: 'init' } as const;
  if (event !== undefined) return { ...init, uid };
  const numbers = item === undefined ? undefined : [item];
  const { items } = readQuery(alone(query), kindOf(caller), { numbers });
  const { rows, groups } = await askItems(deps, caller, items);
  for (const { number } of rows) known.add(number);
  if (items.aggregation !== undefined)
    return { ...init, data: shapeAggregate(items.aggregation, groups), uid };
  const data = shapeRows(items, rows);
  if (item === undefined) return { ...init, data, uid };
  if (data[0] === undefined) throw forbiddenRow();
  return { ...init, data: data[0], uid };
}

/** Rows of one message at most. */
const rowsPerMessage = 500;

/**
 * What changes say to a subscription: what was deleted, then each new row by itself, then what was changed. A row that
 * the query leaves out, or that is gone already, is not told.
 */
export async function tellSubscription(
  deps: SubscriptionDeps,
  caller: UserCaller,
  subscription: Subscription,
  changes: readonly RowChange[],
): Promise<ServerMessage[]> {
  const { uid, event, item, known } = subscription;
  const numbersOf = (kind: RowChange['kind']) =>
    changes.flatMap((one) =>
      one.kind === kind && (item === undefined || one.number === item) ? one.number : [],
    );
  const deleted = numbersOf('deleted');
  for (const number of deleted) known.delete(number);
  // Rows that wait for their inbox are listed before they are placed.
  const placed = numbersOf('placed').filter((number) => !known.delete(number));
  const wants = (one: Subscription['event']) => event === undefined || event === one;
  const created = wants('create') ? await readRows(deps, caller, subscription, placed) : [];
  const updated = wants('update') ? await readRows(deps, caller, subscription, numbersOf('changed')) : [];
  const message = (name: (typeof events)[number], data: unknown): ServerMessage => ({
    ...{ type: 'subscription', event: name, data, uid },
  });
  const whole = (rows: DirectusRow[]) => (item === undefined ? rows : rows[0]);
  return [
    ...(wants('delete') ? chunksOf(deleted).map((ids) => message('delete', idsOf(ids))) : []),
    ...created.map((row) => message('create', whole([row]))),
    ...chunksOf(updated).map((rows) => message('update', whole(rows))),
  ];
}

/** Directus tells the id of one row as the text of its path, those of several as the numbers of their body. */
function idsOf(numbers: readonly number[]): readonly (number | string)[] {
  return numbers.length === 1 ? numbers.map(String) : numbers;
}

/** Fields and conditions are the subscription's; how many and in which order says nothing about an event. */
async function readRows(
  deps: SubscriptionDeps,
  caller: UserCaller,
  { query }: Subscription,
  numbers: readonly number[],
): Promise<DirectusRow[]> {
  const source: QuerySource = {
    ...alone(query),
    ...{ limit: undefined, offset: undefined, page: undefined, sort: undefined },
    ...{ aggregate: undefined, groupBy: undefined },
  };
  const found: DirectusRow[] = [];
  for (const some of chunksOf(numbers)) {
    const options = { numbers: some, limitDefault: some.length, limitMax: some.length };
    const { items } = readQuery(source, kindOf(caller), options);
    const { rows } = await askItems(deps, caller, items);
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    found.push(
      ...shapeRows(
        items,
        some.flatMap((number) => byNumber.get(number) ?? []),
      ),
    );
  }
  return found;
}

/** Without what a message has no place for. */
function alone(query: QuerySource): QuerySource {
  return { ...query, meta: undefined, export: undefined };
}

function chunksOf<T>(all: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < all.length; start += rowsPerMessage)
    chunks.push(all.slice(start, start + rowsPerMessage));
  return chunks;
}
