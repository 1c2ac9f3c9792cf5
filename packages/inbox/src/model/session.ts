import {
  createInboxClient,
  type Answer,
  type InboxClient,
  type InboxItem,
  type LiveInbox,
  type LiveSnapshot,
  type TokenSource,
} from '@carillon/client';
import { createServerTime, type ServerTime } from './server-time.ts';

export type InboxTab = 'all' | 'unread' | 'archived';
export type Category = Answer<'listCategories'>['data'][number];

/** Which items are looked at. */
export interface InboxView {
  tab: InboxTab;
  category: string | undefined;
}

export interface SessionOptions {
  url: string;
  token: TokenSource;
  limit: number;
}

export interface SessionEvents {
  /** Something is different now. */
  changed(): void;
  /** The names of categories are known. */
  named(): void;
  arrived(items: readonly InboxItem[]): void;
}

/** One user's inbox for as long as it is shown: a live copy of what is looked at, and what belongs to it. */
export interface InboxSession {
  client: InboxClient;
  time: ServerTime;
  snapshot(): LiveSnapshot;
  view(): InboxView;
  show(view: InboxView): void;
  /** Categories by key; empty before they are known, and where there are none. */
  categories(): ReadonlyMap<string, Category>;
  loadMore(): Promise<void>;
  reconnect(): void;
  stop(): void;
}

/** Throws a TypeError for a URL that is none. */
export function openSession(options: SessionOptions, events: SessionEvents): InboxSession {
  const { url, token, limit } = options;
  const time = createServerTime();
  const client = createInboxClient({ url, token });
  let view: InboxView = { tab: 'all', category: undefined };
  let categories: ReadonlyMap<string, Category> = new Map();
  let isStopped = false;
  let live = openLive();

  function openLive(): LiveInbox {
    const { tab, category } = view;
    const opened = client.inbox.live({ status: tab, limit, ...(category !== undefined && { category }) });
    opened.subscribe((_snapshot, arrived) => {
      if (opened !== live || isStopped) return;
      if (arrived.length > 0) events.arrived(arrived);
      events.changed();
    });
    return opened;
  }

  async function loadCategories(): Promise<void> {
    try {
      const { data } = await client.categories.list({ onAnswer: ({ date }) => time.learn(date) });
      categories = new Map(data.map((category) => [category.key, category]));
      events.named();
      events.changed();
    } catch {
      // Without their names categories are shown by their keys.
    }
  }

  void live.ready.then(loadCategories, () => undefined);
  return {
    ...{ client, time },
    snapshot: () => live.snapshot(),
    view: () => view,
    show(next) {
      view = next;
      const before = live;
      live = openLive();
      // After the next one has begun, so that the connection stays.
      before.stop();
      events.changed();
    },
    categories: () => categories,
    loadMore: () => live.loadMore(),
    reconnect: () => live.reconnect(),
    stop() {
      isStopped = true;
      live.stop();
    },
  };
}
