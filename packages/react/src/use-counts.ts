import { useSyncExternalStore } from 'react';
import type { InboxCounts } from '@carillon/client';
import { useSession } from './session.ts';

/** A copy that reads no more than it must: the counts are those of the whole inbox, whatever it shows. */
const smallest = { limit: 1 } as const;

/**
 * The numbers that a bell shows, of the whole inbox, live; undefined before the first answer and on a server. It
 * renders again only when one of them changes.
 */
export function useCounts(): InboxCounts | undefined {
  const shared = useSession().inbox(smallest);
  const unread = useSyncExternalStore(shared.subscribe, () => shared.snapshot().counts?.unread, nothing);
  const unseen = useSyncExternalStore(shared.subscribe, () => shared.snapshot().counts?.unseen, nothing);
  return unread === undefined || unseen === undefined ? undefined : { unread, unseen };
}

function nothing(): undefined {
  return undefined;
}
