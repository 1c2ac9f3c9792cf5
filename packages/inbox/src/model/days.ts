import type { InboxItem } from '@carillon/client';

/** Some items that follow each other on one day: what is drawn anew together, or not at all. */
export interface ItemBlock {
  key: string;
  items: readonly InboxItem[];
}

/** All items of a day, newest first. */
export interface InboxDay {
  key: string;
  /** An instant of that day. */
  at: Date;
  blocks: readonly ItemBlock[];
}

/** Sorts items into days of the device's zone; what stays as it was is the same object as the last time. */
export interface DayGrouping {
  group(items: readonly InboxItem[]): readonly InboxDay[];
}

export function createDayGrouping(): DayGrouping {
  const dayKeys = new WeakMap<InboxItem, string>();
  let known = new Map<string, ItemBlock>();

  function dayOf(item: InboxItem): string {
    const key = dayKeys.get(item) ?? dayKey(new Date(item.inbox_at));
    dayKeys.set(item, key);
    return key;
  }

  return {
    group(items) {
      const days: { key: string; at: Date; blocks: ItemBlock[] }[] = [];
      const next = new Map<string, ItemBlock>();
      let open: InboxItem[] = [];
      items.forEach((item, index) => {
        const key = dayOf(item);
        if (days.at(-1)?.key !== key) days.push({ key, at: new Date(item.inbox_at), blocks: [] });
        open.push(item);
        const following = items[index + 1];
        if (following !== undefined && dayOf(following) === key && !endsBlock(item)) return;
        const block = keepSame(known, { key: item.id, items: open });
        days.at(-1)?.blocks.push(block);
        next.set(block.key, block);
        open = [];
      });
      known = next;
      return days;
    },
  };
}

/** The day of an instant in the device's zone, as a key that sorts. */
export function dayKey(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * Blocks end where an item's id says so, for one of 16 by chance, and are named by their last one: so what arrives
 * on top changes one block only, and all others stay as they are.
 */
function endsBlock({ id }: InboxItem): boolean {
  return Number.parseInt(id.slice(-2), 16) < 16;
}

function keepSame(known: ReadonlyMap<string, ItemBlock>, block: ItemBlock): ItemBlock {
  const before = known.get(block.key);
  const isSame =
    before?.items.length === block.items.length &&
    before.items.every((item, index) => item === block.items[index]);
  return isSame && before !== undefined ? before : block;
}
