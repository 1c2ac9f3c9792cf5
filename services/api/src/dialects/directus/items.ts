import { ConflictError, type CarillonError, type ItemQuery, type NotificationId } from '@carillon/core';
import type { ItemKey } from '@carillon/db/items';
import { askItems, findItems, numbersOf } from '../../actions/item-queries.ts';
import {
  changeRows,
  createRows,
  needPeople,
  removeRows,
  type Refused,
  type RowChange,
} from '../../actions/rows.ts';
import type { RowReader } from '../../actions/row-reader.ts';
import type { ApiDeps } from '../../deps.ts';
import { administers, type UserCaller } from '../../http/caller.ts';
import type { RequestContext } from '../../http/request-context.ts';
import {
  DirectusError,
  forbiddenCollection,
  invalidForeignKey,
  invalidPayload,
  notUnique,
} from './errors.ts';
import { asFields, toDraft } from './payload.ts';
import type { CallerKind } from './query/collections.ts';
import type { QuerySource } from './query/query-text.ts';
import { readQuery, rowsMax, type ReadQuery } from './query/read-query.ts';
import { shapeAggregate, shapeRows, type DirectusRow } from './shape.ts';

/** Rows of one write at most. */
export const writeMax = 10_000;

/** Admins are Directus' administrators, everybody else, and their limited tokens, a user of its app. */
export function kindOf(caller: UserCaller): Exclude<CallerKind, 'none'> {
  return administers(caller) ? 'admin' : 'member';
}

/** Creating and deleting is for administrators. Throws DirectusError. */
export function needAdmin(caller: UserCaller): void {
  if (kindOf(caller) !== 'admin') throw forbiddenCollection();
}

export interface ListAnswer {
  data: DirectusRow[];
  meta: Record<string, number> | undefined;
}

/** What a query finds. */
export async function list(
  deps: ApiDeps,
  caller: UserCaller,
  { items }: Pick<ReadQuery, 'items'>,
): Promise<ListAnswer> {
  const { rows, groups, counts } = await askItems(deps, caller, items);
  const { aggregation } = items;
  const data = aggregation === undefined ? shapeRows(items, rows) : shapeAggregate(aggregation, groups);
  const meta = {
    ...(counts.total !== undefined && { total_count: counts.total }),
    ...(counts.filtered !== undefined && { filter_count: counts.filtered }),
  };
  return { data, meta: Object.keys(meta).length === 0 ? undefined : meta };
}

/** The rows of these ids, whichever there are, as the query shapes them. In the order of `numbers` where asked for. */
export async function read(
  deps: ApiDeps,
  caller: UserCaller,
  source: QuerySource,
  numbers: readonly number[],
  order: 'by_id' | 'as_given' = 'by_id',
): Promise<DirectusRow[]> {
  const limit = Math.max(numbers.length, 1);
  const options = { numbers, limitDefault: limit, limitMax: Math.max(limit, rowsMax) };
  const { items } = readQuery(rowsOf(source), kindOf(caller), options);
  const { rows } = await askItems(deps, caller, items);
  if (order === 'by_id') return shapeRows(items, rows);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return shapeRows(
    items,
    numbers.flatMap((number) => byNumber.get(number) ?? []),
  );
}

/** What is told of rows that are known beforehand is neither counted nor grouped. */
function rowsOf(source: QuerySource): QuerySource {
  return { ...source, meta: undefined, aggregate: undefined, groupBy: undefined };
}

/**
 * Before a write, whose answer is shaped by the query: throws DirectusError for one that cannot be read, so that
 * nothing is written. Fields that are not there do not hold a write up.
 */
export function checkAnswer(caller: UserCaller, source: QuerySource): void {
  try {
    readQuery(rowsOf(source), kindOf(caller));
  } catch (error) {
    if (!(error instanceof DirectusError && error.status === 403)) throw error;
  }
}

/** Accepts a row for each of these bodies, all or none; answers their numbers. Throws DirectusError. */
export async function create(
  deps: ApiDeps,
  caller: UserCaller,
  bodies: readonly unknown[],
  context: RequestContext,
): Promise<number[]> {
  return numbersOf(deps, caller, await accept(deps, caller, bodies, context));
}

/** As `create`; what it answers tells the rows as the query shapes them, in the order of the bodies. */
export async function createAndRead(
  deps: ApiDeps,
  reader: RowReader,
  caller: UserCaller,
  { bodies, context, source }: { bodies: readonly unknown[]; context: RequestContext; source: QuerySource },
): Promise<() => Promise<DirectusRow[]>> {
  const ids = await accept(deps, caller, bodies, context);
  return async () => {
    const limit = Math.max(ids.length, 1);
    const options = { limitDefault: limit, limitMax: Math.max(limit, rowsMax) };
    const { items } = readQuery(rowsOf(source), kindOf(caller), options);
    return shapeRows(items, await reader.read(caller, items, ids));
  };
}

async function accept(
  deps: ApiDeps,
  caller: UserCaller,
  bodies: readonly unknown[],
  context: RequestContext,
): Promise<NotificationId[]> {
  if (bodies.length > createMax)
    throw invalidPayload(`"value" must contain less than or equal to ${createMax} items`);
  const drafts = bodies.map((body) => toDraft(asFields(body)));
  const made = await createRows(deps, caller, drafts, { context, edge: 'directus' }).catch(
    (error: unknown) => {
      const taken = error instanceof ConflictError && error.code === 'notification.number_taken';
      const number = drafts.map((draft) => draft.content.row?.number).find((one) => one !== undefined);
      if (taken && number !== undefined) throw notUnique(number);
      throw error;
    },
  );
  if ('refused' in made) throw toForeignKey(made.refused, bodies);
  return made.ids;
}

/** As many as one flush takes. */
const createMax = 1_000;

/** Recipients and senders are all that can be unknown. */
function toForeignKey(refused: readonly Refused[], bodies: readonly unknown[]): CarillonError {
  const [first] = refused;
  const field = first?.result.code === 'sender.unknown' ? 'sender' : 'recipient';
  const value = asFields(bodies[first?.index ?? 0])[field];
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  return invalidForeignKey(field, String(id));
}

/** Everything that a query means, for a write. Throws DirectusError when there is too much of it. */
export async function keysByQuery(
  deps: ApiDeps,
  caller: UserCaller,
  source: QuerySource,
): Promise<ItemKey[]> {
  const options = { limitDefault: writeMax + 1, limitMax: writeMax + 1 };
  const { items } = readQuery(source, kindOf(caller), options);
  const keys = await findItems(deps, caller, { ...items, selection: [] }, writeMax + 1);
  if (keys.length > writeMax) throw invalidPayload(`A write by query may change ${writeMax} items`);
  return keys;
}

/** Those of `numbers` that the caller sees. */
export async function keysByNumber(
  deps: ApiDeps,
  caller: UserCaller,
  numbers: readonly number[],
): Promise<ItemKey[]> {
  if (numbers.length > writeMax) throw invalidPayload(`"keys" must contain at most ${writeMax} items`);
  const query: ItemQuery = {
    ...{ selection: [], filter: undefined, search: undefined, numbers, sort: [], offset: 0 },
    ...{ limit: writeMax, counts: { total: false, filtered: false }, aggregation: undefined },
  };
  return findItems(deps, caller, query, writeMax);
}

/** Changes rows; answers their ids. Throws DirectusError. */
export async function change(
  deps: ApiDeps,
  caller: UserCaller,
  keys: readonly ItemKey[],
  patch: RowChange | undefined,
): Promise<number[]> {
  const numbers = keys.map((key) => key.number);
  if (patch === undefined || keys.length === 0) return numbers;
  await changeRows(deps, caller, keys, patch).catch(inItsWords);
  return numbers;
}

/** Throws DirectusError when somebody whom these changes name is not there, before any of them is made. */
export async function checkPeople(
  deps: ApiDeps,
  caller: UserCaller,
  patches: readonly (RowChange | undefined)[],
): Promise<void> {
  const named = patches.filter((patch) => patch !== undefined);
  await needPeople(deps, caller, named).catch(inItsWords);
}

function inItsWords(error: unknown): never {
  const [named] = error instanceof ConflictError ? (error.errors ?? []) : [];
  if (named === undefined) throw error;
  throw invalidForeignKey(named.pointer.slice(1), named.detail);
}

export async function remove(deps: ApiDeps, caller: UserCaller, keys: readonly ItemKey[]): Promise<void> {
  await removeRows(deps, caller, keys);
}
