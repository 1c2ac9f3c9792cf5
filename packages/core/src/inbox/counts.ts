/** What a bell shows. Both count what is visible in the inbox. */
export interface InboxCounts {
  unread: number;
  /** Unread and never shown in an opened list. */
  unseen: number;
}

/** The part of an inbox row that decides where it is shown and counted. Null means "not so". */
export interface InboxItemState {
  readAt: Date | null;
  seenAt: Date | null;
  archivedAt: Date | null;
  dismissedAt: Date | null;
  snoozedUntil: Date | null;
  expiredAt: Date | null;
  deletedAt: Date | null;
}

/** The same predicate as `live` in the store: stored columns only, so that counts never drift. */
export function isLive(item: InboxItemState): boolean {
  return (
    item.archivedAt === null &&
    item.dismissedAt === null &&
    item.snoozedUntil === null &&
    item.expiredAt === null &&
    item.deletedAt === null
  );
}

/** Counts after rows entered an inbox whose counts were known; exact as long as nothing else changed. */
export function countPlaced(counts: InboxCounts, placed: readonly InboxItemState[]): InboxCounts {
  const unread = placed.filter((item) => isLive(item) && item.readAt === null);
  return {
    unread: counts.unread + unread.length,
    unseen: counts.unseen + unread.filter((item) => item.seenAt === null).length,
  };
}
