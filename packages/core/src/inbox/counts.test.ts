import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countPlaced, isLive, type InboxCounts, type InboxItemState } from './counts.ts';

const at = new Date('2026-03-01T12:00:00Z');
const fresh: InboxItemState = {
  readAt: null,
  seenAt: null,
  archivedAt: null,
  dismissedAt: null,
  snoozedUntil: null,
  expiredAt: null,
  deletedAt: null,
};
const anyInstant = fc.option(fc.constant(at), { freq: 3 });
const anyItem: fc.Arbitrary<InboxItemState> = fc.record({
  readAt: anyInstant,
  seenAt: anyInstant,
  archivedAt: anyInstant,
  dismissedAt: anyInstant,
  snoozedUntil: anyInstant,
  expiredAt: anyInstant,
  deletedAt: anyInstant,
});

/** The definition, row by row: unread is visible and not read; unseen is unread and not seen. */
function recount(items: readonly InboxItemState[]): InboxCounts {
  const hidden = ['archivedAt', 'dismissedAt', 'snoozedUntil', 'expiredAt', 'deletedAt'] as const;
  let unread = 0;
  let unseen = 0;
  for (const item of items) {
    if (hidden.some((field) => item[field] !== null) || item.readAt !== null) continue;
    unread += 1;
    if (item.seenAt === null) unseen += 1;
  }
  return { unread, unseen };
}

describe('counts of an inbox', () => {
  it('agree with a recount after any history of placed batches', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyItem, { maxLength: 6 }), { maxLength: 10 }), (batches) => {
        const counted = batches.reduce<InboxCounts>(countPlaced, { unread: 0, unseen: 0 });
        expect(counted).toEqual(recount(batches.flat()));
      }),
    );
  });

  it.each(['archivedAt', 'dismissedAt', 'snoozedUntil', 'expiredAt', 'deletedAt'] as const)(
    'leave out an item with %s',
    (field) => {
      expect(isLive({ ...fresh, [field]: at })).toBe(false);
      expect(countPlaced({ unread: 1, unseen: 1 }, [{ ...fresh, [field]: at }])).toEqual({
        unread: 1,
        unseen: 1,
      });
    },
  );

  it('keep a read item visible and uncounted', () => {
    expect(isLive({ ...fresh, readAt: at })).toBe(true);
    expect(countPlaced({ unread: 0, unseen: 0 }, [{ ...fresh, readAt: at }, fresh])).toEqual({
      unread: 1,
      unseen: 1,
    });
  });
});
