import type { Carillon, InboxItem, LiveInbox, LiveOptions, LiveSnapshot } from '@carillon/client';

/** Called after each change; `arrived` are items that have just entered the inbox. */
export type InboxListener = (snapshot: LiveSnapshot, arrived: readonly InboxItem[]) => void;

/** One live copy for all components that look at the same part of the inbox. */
export interface SharedInbox {
  /** The copy lives from the first listener to the last one. The answer ends it. */
  subscribe(listener: InboxListener): () => void;
  snapshot(): LiveSnapshot;
  /** Reads the next page of older items; does nothing while nobody looks. Rejects as a call does. */
  loadMore(): Promise<void>;
  /** Does not wait for the next try to connect. */
  reconnect(): void;
}

/** What is shown on a server, and in a browser until somebody looks. */
export const nothingYet: LiveSnapshot = {
  ...{ items: [], counts: undefined, connection: { state: 'connecting' } },
  ...{ hasMore: false, isLoaded: false, error: undefined, position: undefined },
};

/**
 * Nothing is asked of the server before the first listener comes. When the last one goes, the copy stops a microtask
 * later: StrictMode, and a page that is replaced by another, end all subscriptions and begin them again at once, and
 * the connection should not notice.
 */
export function shareInbox(client: Carillon, options: LiveOptions): SharedInbox {
  const listeners = new Set<InboxListener>();
  let live: LiveInbox | undefined;

  function start(): LiveInbox {
    const started = client.inbox.live(options);
    started.subscribe((snapshot, arrived) => {
      for (const listener of listeners) listener(snapshot, arrived);
    });
    return started;
  }

  function stopUnlessWatched(): void {
    if (listeners.size > 0) return;
    live?.stop();
    live = undefined;
  }

  return {
    subscribe(given) {
      // The same function may listen twice, and each end is its own.
      const listener: InboxListener = (snapshot, arrived) => given(snapshot, arrived);
      listeners.add(listener);
      live ??= start();
      return () => {
        if (listeners.delete(listener)) queueMicrotask(stopUnlessWatched);
      };
    },
    snapshot: () => live?.snapshot() ?? nothingYet,
    async loadMore() {
      await live?.loadMore();
    },
    reconnect: () => live?.reconnect(),
  };
}
