import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InboxItem } from '../wire.ts';
import { createOrderedItems, isNewer } from './ordered-items.ts';

const itemOf = (id: string, hour: number): InboxItem =>
  ({ id, inbox_at: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z` }) as InboxItem;

const changes = fc.array(
  fc.oneof(
    fc.record({ put: fc.constantFrom('a', 'b', 'c', 'd', 'e'), hour: fc.nat(5) }),
    fc.record({ remove: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
  ),
  { maxLength: 40 },
);

describe('items in the order of the list', () => {
  it('are what sorting all of them anew would give', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const ordered = createOrderedItems();
        const known = new Map<string, InboxItem>();
        for (const change of all) {
          if ('put' in change) {
            const item = itemOf(change.put, change.hour);
            ordered.put(item);
            known.set(item.id, item);
          } else {
            ordered.remove(change.remove);
            known.delete(change.remove);
          }
        }
        expect(ordered.list()).toEqual([...known.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1)));
      }),
    );
  });

  it('do not change for who has them', () => {
    const ordered = createOrderedItems();
    ordered.put(itemOf('a', 1));
    const before = ordered.list();
    expect(ordered.list()).toBe(before);
    ordered.put(itemOf('b', 2));
    expect(before.map(({ id }) => id)).toEqual(['a']);
    expect(ordered.list().map(({ id }) => id)).toEqual(['b', 'a']);
  });
});
