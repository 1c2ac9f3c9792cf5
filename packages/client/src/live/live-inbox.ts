import type { Call } from '../call.ts';
import { CarillonError } from '../errors.ts';
import type { ClientClock } from '../surroundings.ts';
import type { InboxCounts, InboxItem } from '../wire.ts';
import { createBackoff } from './backoff.ts';
import { createInboxCopy, type CopyFilter, type ListedPage } from './copy.ts';
import type { ConnectionStatus, FeedEvents } from './feed.ts';
import { createPause } from './pause.ts';

/** What a live copy shows at a moment. A new object after each change, the same one until then. */
export interface LiveSnapshot {
  /** Newest first: all that was loaded, with all that has happened since. */
  items: readonly InboxItem[];
  /** Of the whole inbox, whatever the copy shows; undefined before the first answer. */
  counts: InboxCounts | undefined;
  connection: ConnectionStatus;
  /** Whether `loadMore` gives older items. */
  hasMore: boolean;
  /** Whether the list was read at least once: before, an empty list says nothing. */
  isLoaded: boolean;
  /** Why the list could not be read the last time; undefined when it could. */
  error: CarillonError | undefined;
  /** Give it to `readAll` as `up_to`, so that what arrives meanwhile stays unread. */
  position: string | undefined;
}

/** Called after a change; `arrived` are items that have just entered the inbox. */
export type LiveListener = (snapshot: LiveSnapshot, arrived: readonly InboxItem[]) => void;

/** A local copy of an inbox that is kept without gaps. */
export interface LiveInbox {
  snapshot(): LiveSnapshot;
  /** Calls the listener after each change, once for changes at the same moment. The answer ends it. */
  subscribe(listener: LiveListener): () => void;
  /** Resolves when the list was read for the first time; rejects when it was stopped before. */
  ready: Promise<void>;
  /** Reads the next page of older items. Rejects as a call does; does nothing when all are here. */
  loadMore(): Promise<void>;
  /** Does not wait for the next try to connect. */
  reconnect(): void;
  stop(): void;
}

export interface LiveOptions extends CopyFilter {
  /** Items of a page; 25 unless told, 100 at most. */
  limit?: number;
}

export interface LiveInboxDeps {
  call: Call;
  clock: ClientClock;
  random: () => number;
  status: () => ConnectionStatus;
  wake: () => void;
  /** Nobody looks at this copy any more. */
  onStop: () => void;
}

/** What a call of this client's own has made of an inbox. */
export interface OwnChange {
  /** The item as it is now, or the id of one that was deleted. */
  item?: InboxItem | undefined;
  deleted?: string | undefined;
  counts: InboxCounts;
  position: string;
}

/** A copy together with what feeds it. */
export interface FedInbox {
  inbox: LiveInbox;
  events: FeedEvents;
  /** A call of this client's own has changed the inbox. */
  changed(change: OwnChange): void;
}

/** After a loss the list is read anew as far as it was shown, up to this many items. */
const reloadedMax = 500;
const pageMax = 100;

export function createLiveInbox(deps: LiveInboxDeps, options: LiveOptions): FedInbox {
  const { limit = 25, ...filter } = options;
  const copy = createInboxCopy(filter);
  const stopping = new AbortController();
  const pause = createPause(deps.clock, stopping.signal);
  const listeners = new Set<LiveListener>();
  let error: CarillonError | undefined;
  let isLoaded = false;
  let snapshot: LiveSnapshot | undefined;
  let arrived: InboxItem[] = [];
  let isTelling = false;
  /** Loads are one after the other; a reload that is asked for while one runs follows it. */
  let loading: Promise<unknown> = Promise.resolve();
  let reloadsAsked = 0;
  let settleReady: { resolve(): void; reject(error: unknown): void } | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject };
  });
  // Who does not wait for it is not to be told that nobody did.
  ready.catch(() => undefined);

  function changed(newItems: readonly InboxItem[] = []): void {
    snapshot = undefined;
    arrived.push(...newItems);
    if (isTelling) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      const told = arrived;
      arrived = [];
      for (const listener of listeners) listener(takeSnapshot(), told);
    });
  }

  function takeSnapshot(): LiveSnapshot {
    snapshot ??= {
      ...{ items: copy.items(), counts: copy.counts() },
      connection: stopping.signal.aborted ? { state: 'stopped' } : deps.status(),
      ...{ hasMore: typeof copy.cursor() === 'string', isLoaded, error, position: copy.position() },
    };
    return snapshot;
  }

  async function fetchPage(cursor: string | undefined, size: number): Promise<ListedPage> {
    const query = { ...filter, limit: size, ...(cursor !== undefined && { cursor }) };
    return deps.call('listInbox', { query }, { signal: stopping.signal });
  }

  /** Page by page until what was shown is covered, and no further. */
  async function fetchShown(): Promise<ListedPage[]> {
    const wanted = Math.min(reloadedMax, Math.max(limit, copy.items().length));
    const pages: ListedPage[] = [];
    let cursor: string | null | undefined;
    for (let count = 0; count < wanted && cursor !== null;) {
      const page = await fetchPage(cursor, Math.min(pageMax, wanted - count));
      pages.push(page);
      count += page.data.length;
      cursor = page.next_cursor;
    }
    return pages;
  }

  function exclusively<T>(load: () => Promise<T>): Promise<T> {
    const next = loading.then(async () => {
      copy.beginLoad();
      try {
        return await load();
      } finally {
        copy.endLoad();
      }
    });
    loading = next.catch(() => undefined);
    return next;
  }

  /** Until it is done: what could not be read is tried again for as long as somebody looks. */
  async function reload(): Promise<void> {
    const backoff = createBackoff(deps.random);
    const number = (reloadsAsked += 1);
    // A later one begins after this one and so sees all that this one would see.
    while (!stopping.signal.aborted && number === reloadsAsked) {
      try {
        await exclusively(async () => {
          const news = copy.replace(await fetchShown());
          error = undefined;
          isLoaded = true;
          settleReady?.resolve();
          changed(news);
        });
        return;
      } catch (cause) {
        if (stopping.signal.aborted) return;
        error = cause instanceof CarillonError ? cause : undefined;
        changed();
        await pause.wait(backoff.nextMs());
      }
    }
  }

  const inbox: LiveInbox = {
    snapshot: takeSnapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ready,
    loadMore: () =>
      exclusively(async () => {
        const cursor = copy.cursor();
        if (typeof cursor !== 'string') return;
        copy.append(await fetchPage(cursor, limit));
        changed();
      }),
    reconnect() {
      pause.end();
      deps.wake();
    },
    stop() {
      if (stopping.signal.aborted) return;
      const reason = new CarillonError('It was stopped', { code: 'client.network', retryable: false });
      stopping.abort(reason);
      settleReady?.reject(reason);
      deps.onStop();
      changed();
    },
  };
  const events: FeedEvents = {
    changes: (frame) => changed(copy.apply(frame)),
    counts(counts, position) {
      copy.setCounts(counts, position);
      changed();
    },
    reload: () => void reload(),
    status({ state }) {
      if (state === 'open') pause.end();
      changed();
    },
  };
  return {
    ...{ inbox, events },
    changed({ item, deleted, counts, position }) {
      if (item !== undefined) copy.put(item.id, item, position);
      if (deleted !== undefined) copy.put(deleted, undefined, position);
      copy.setCounts(counts, position);
      changed();
    },
  };
}
