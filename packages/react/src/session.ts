import { createContext, useContext } from 'react';
import type { Carillon, LiveOptions } from '@carillon/client';
import { shareInbox, type SharedInbox } from './shared-inbox.ts';
import { sharePreferences, type SharedPreferences } from './shared-preferences.ts';

/** One user's client, with what components share of it. */
export interface Session {
  client: Carillon;
  /** The same one for the same options. */
  inbox(options: LiveOptions): SharedInbox;
  preferences: SharedPreferences;
}

/** Asks nothing of the server. */
export function createSession(client: Carillon): Session {
  const inboxes = new Map<string, SharedInbox>();
  return {
    client,
    inbox(options) {
      const { status, category, environment, project, limit } = options;
      const key = JSON.stringify([status, category, environment, project, limit]);
      const known = inboxes.get(key) ?? shareInbox(client, options);
      inboxes.set(key, known);
      return known;
    },
    preferences: sharePreferences(client),
  };
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Throws outside of a CarillonProvider. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('Put a <CarillonProvider> around what uses Carillon');
  return session;
}

/** The client of the provider around, for every other call. Throws outside of a CarillonProvider. */
export function useCarillon(): Carillon {
  return useSession().client;
}
