import type { InboxItem } from '../wire.ts';

/**
 * Items in the order of the list, one of each id. Sorting anew at each change would take longer than a thousand
 * changes a second leave.
 */
export interface OrderedItems {
  /** Newest first. The same array as long as nothing changes, and never changed afterwards. */
  list(): readonly InboxItem[];
  get(id: string): InboxItem | undefined;
  has(id: string): boolean;
  /** Takes an item in, in the place of one of the same id. */
  put(item: InboxItem): void;
  remove(id: string): void;
  clear(): void;
}

export function createOrderedItems(): OrderedItems {
  const byId = new Map<string, InboxItem>();
  let items: InboxItem[] = [];
  /** Somebody has the array: the next change is made in another one. */
  let isGiven = false;

  function own(): InboxItem[] {
    if (isGiven) items = [...items];
    isGiven = false;
    return items;
  }

  function remove(id: string): void {
    const item = byId.get(id);
    if (item === undefined) return;
    own().splice(placeOf(items, item), 1);
    byId.delete(id);
  }

  return {
    list() {
      isGiven = true;
      return items;
    },
    get: (id) => byId.get(id),
    has: (id) => byId.has(id),
    put(item) {
      remove(item.id);
      own().splice(placeOf(items, item), 0, item);
      byId.set(item.id, item);
    },
    remove,
    clear() {
      byId.clear();
      items = [];
      isGiven = false;
    },
  };
}

/** Where an item stands, or would stand: behind all that are newer. */
function placeOf(items: readonly InboxItem[], item: InboxItem): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = items[middle];
    if (other !== undefined && isNewer(other, item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether `a` stands before `b` in the list: by the instant it was placed, then by id, both descending. */
export function isNewer(a: InboxItem, b: InboxItem): boolean {
  return a.inbox_at === b.inbox_at ? a.id > b.id : a.inbox_at > b.inbox_at;
}
