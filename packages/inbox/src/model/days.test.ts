import { describe, expect, it } from '@jest/globals';
import type { InboxItem } from '@carillon/client';
import { createDayGrouping, dayKey } from './days.ts';

const start = Date.parse('2026-03-01T12:00:00Z');

/** Newest first, an hour apart, with ids that end as random ones do. */
function itemsOf(count: number): InboxItem[] {
  return Array.from({ length: count }, (_, index) => {
    const number = count - index;
    const ending = ((number * 2_654_435_761) % 256).toString(16).padStart(2, '0');
    const inboxAt = new Date(start + number * 3_600_000).toISOString();
    return { id: `${number}-${ending}`, inbox_at: inboxAt } as InboxItem;
  });
}

describe('items by day', () => {
  it('have each item once, in order, under its own day', () => {
    const items = itemsOf(500);
    const days = createDayGrouping().group(items);
    expect(days.flatMap((day) => day.blocks.flatMap((block) => block.items))).toEqual(items);
    for (const { key, blocks } of days) {
      const keys = blocks.flatMap((block) => block.items.map((item) => dayKey(new Date(item.inbox_at))));
      expect(new Set(keys)).toEqual(new Set([key]));
    }
    expect(new Set(days.map(({ key }) => key)).size).toBe(days.length);
  });

  it('change one block only where something arrives on top', () => {
    const grouping = createDayGrouping();
    const items = itemsOf(501);
    const before = grouping.group(items.slice(1)).flatMap((day) => day.blocks);
    const after = grouping.group(items).flatMap((day) => day.blocks);
    const changed = after.filter((block) => !before.includes(block));
    expect(changed.length).toBe(1);
    expect(changed[0]?.items).toContain(items[0]);
  });

  it('change one block only where an item changes', () => {
    const grouping = createDayGrouping();
    const items = itemsOf(300);
    const before = grouping.group(items).flatMap((day) => day.blocks);
    const read = items.map((item, index) => (index === 150 ? { ...item, read_at: 'now' } : item));
    const after = grouping.group(read as InboxItem[]).flatMap((day) => day.blocks);
    expect(after.filter((block) => !before.includes(block)).length).toBe(1);
  });
});
