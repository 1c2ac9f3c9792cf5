import { useSyncExternalStore } from 'react';
import type { ConnectionStatus } from '@carillon/client';
import { useSession } from './session.ts';
import { nothingYet } from './shared-inbox.ts';

/** The same copy that useCounts looks at. */
const smallest = { limit: 1 } as const;

/** How the inbox is connected, and what does not wait for the next try. On a server it is `connecting`. */
export function useConnection(): { status: ConnectionStatus; reconnect: () => void } {
  const shared = useSession().inbox(smallest);
  const status = useSyncExternalStore(
    shared.subscribe,
    () => shared.snapshot().connection,
    () => nothingYet.connection,
  );
  return { status, reconnect: shared.reconnect };
}
