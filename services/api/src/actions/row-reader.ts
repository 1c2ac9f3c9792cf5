import type { ItemQuery, NotificationId } from '@carillon/core';
import { readInOrganization } from '@carillon/db';
import { listNotificationItems, loadRowNumbers, type ItemRow } from '@carillon/db/items';
import { createBatcher } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { administers, type UserCaller } from '../http/caller.ts';
import { scopeOf } from './item-queries.ts';

/** Reads what was just written, to answer with it. */
export interface RowReader {
  /** Rows of these ids as the question shows them, in the order of the ids; those that are gone are left out. */
  read(caller: UserCaller, items: ItemQuery, ids: readonly NotificationId[]): Promise<ItemRow[]>;
}

interface Call {
  caller: UserCaller;
  items: ItemQuery;
  ids: readonly NotificationId[];
}

/** Rows of one reading at most. */
const rowsMax = 1_000;
const readingsInFlight = 2;

/**
 * Creates are accepted many at a time, so their answers are due at one moment: those of one caller that ask for the
 * same share a transaction.
 */
export function createRowReader(deps: Pick<ApiDeps, 'db' | 'clock'>): RowReader {
  const batcher = createBatcher<Call, ItemRow[]>({
    inFlightMax: readingsInFlight,
    weightMax: rowsMax,
    weigh: ({ ids }) => ids.length,
    run: (calls) => readAll(deps, calls),
  });
  return { read: (caller, items, ids) => batcher.submit({ caller, items, ids }) };
}

async function readAll(deps: Pick<ApiDeps, 'db' | 'clock'>, calls: readonly Call[]): Promise<ItemRow[][]> {
  const groups = new Map<unknown, Call[]>();
  for (const call of calls) {
    const key = keyOf(call);
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  const found = new Map<NotificationId, ItemRow>();
  for (const group of groups.values()) for (const entry of await readAlike(deps, group)) found.set(...entry);
  return calls.map(({ ids }) => ids.flatMap((id) => found.get(id) ?? []));
}

/** What is asked of other rows than its own, a call asks by itself. */
function keyOf({ caller, items, ids }: Call): unknown {
  const { filter, search, sort, offset, limit, selection } = items;
  const isPlain = filter === undefined && search === undefined && sort.length === 0 && offset === 0;
  return isPlain && limit >= ids.length
    ? JSON.stringify([caller.user.id, administers(caller), selection])
    : ids;
}

async function readAlike(
  deps: Pick<ApiDeps, 'db' | 'clock'>,
  group: readonly Call[],
): Promise<[NotificationId, ItemRow][]> {
  const [first] = group;
  if (first === undefined) return [];
  const { caller, items } = first;
  const ids = group.flatMap((call) => call.ids);
  const { organizationId } = caller.user;
  return readInOrganization(deps.db, organizationId, async (db) => {
    const numbers = await loadRowNumbers(db, organizationId, ids);
    const rows = await listNotificationItems(db, scopeOf(deps, caller), {
      ...{ ...items, numbers: [...numbers.values()] },
      limit: group.length > 1 ? ids.length : items.limit,
    });
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    return [...numbers].flatMap(([id, number]): [NotificationId, ItemRow][] => {
      const row = byNumber.get(number);
      return row === undefined ? [] : [[id, row]];
    });
  });
}
