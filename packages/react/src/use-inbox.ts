import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Carillon, InboxItem, LiveOptions, LiveSnapshot } from '@carillon/client';
import { useLatest } from './latest.ts';
import { useSession } from './session.ts';
import { nothingYet, type SharedInbox } from './shared-inbox.ts';

export interface UseInboxOptions extends LiveOptions {
  /** Called with items that have just entered the inbox: for a toast or a sound. */
  onArrive?: (items: readonly InboxItem[]) => void;
}

/** Verbs on the inbox; what one changes is shown at once. Each rejects with a CarillonError. */
export interface InboxActions {
  read(id: string): Promise<void>;
  unread(id: string): Promise<void>;
  archive(id: string): Promise<void>;
  unarchive(id: string): Promise<void>;
  /** It leaves the inbox without being read. */
  dismiss(id: string): Promise<void>;
  /** Says "I have it": nothing more is sent for it. */
  acknowledge(id: string): Promise<void>;
  /** For good, on every device. */
  delete(id: string): Promise<void>;
  /** All that has come until now; what arrives meanwhile stays unread. Does nothing before the list was read. */
  readAll(): Promise<void>;
  /** Reads the next page of older items. */
  loadMore(): Promise<void>;
  /** Does not wait for the next try to connect. */
  reconnect(): void;
}

/**
 * The newest part of the inbox, kept without gaps for as long as somebody looks. Components with the same options
 * share one copy, all components one connection. On a server it is empty and not loaded. The actions stay the same
 * from render to render.
 */
export function useInbox(options: UseInboxOptions = {}): LiveSnapshot & InboxActions {
  const { onArrive, ...filter } = options;
  const { client, inbox } = useSession();
  const shared = inbox(filter);
  const snapshot = useSyncExternalStore(shared.subscribe, shared.snapshot, () => nothingYet);
  useArrivals(shared, onArrive);
  const actions = useMemo(() => actionsOf(client, shared), [client, shared]);
  return { ...snapshot, ...actions };
}

function useArrivals(shared: SharedInbox, onArrive: UseInboxOptions['onArrive']): void {
  const latest = useLatest(onArrive);
  const listens = onArrive !== undefined;
  useEffect(() => {
    if (!listens) return undefined;
    return shared.subscribe((_snapshot, arrived) => {
      if (arrived.length > 0) latest.current?.(arrived);
    });
  }, [shared, listens, latest]);
}

type ItemVerb = 'read' | 'unread' | 'archive' | 'unarchive' | 'dismiss' | 'acknowledge' | 'delete';

function actionsOf({ inbox }: Carillon, shared: SharedInbox): InboxActions {
  const verb = (name: ItemVerb) => async (id: string) => {
    await inbox[name](id);
  };
  return {
    ...{ read: verb('read'), unread: verb('unread'), archive: verb('archive'), unarchive: verb('unarchive') },
    ...{ dismiss: verb('dismiss'), acknowledge: verb('acknowledge'), delete: verb('delete') },
    async readAll() {
      const { position } = shared.snapshot();
      if (position !== undefined) await inbox.readAll({ up_to: position });
    },
    loadMore: () => shared.loadMore(),
    reconnect: () => shared.reconnect(),
  };
}
