import type { InboxClient, InboxItem } from '@carillon/client';

/** More changes at once would not be told to other devices one by one, but as a reason to read all anew. */
const idsMax = 100;
const waitMs = 400;

/** Tells the server which items were shown in an opened list, some at a time. */
export interface SeenMarker {
  /** These are shown now. */
  shown(items: readonly InboxItem[]): void;
  stop(): void;
}

export function createSeenMarker(client: () => InboxClient | undefined): SeenMarker {
  /** Told or about to be told: what fails is not told again, for it is no more than a hint. */
  const known = new Set<string>();
  let waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    const ids = waiting.splice(0, idsMax);
    if (waiting.length > 0) timer = setTimeout(tell, waitMs);
    client()
      ?.inbox.change({ ids, verb: 'seen' })
      .catch(() => undefined);
  }

  return {
    shown(items) {
      for (const { id, seen_at, read_at } of items) {
        if (seen_at !== null || read_at !== null || known.has(id)) continue;
        known.add(id);
        waiting.push(id);
      }
      if (waiting.length > 0) timer ??= setTimeout(tell, waitMs);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
      known.clear();
    },
  };
}
