import { createContext, useContext } from 'react';
import type { Carillon, LiveOptions, TokenSource } from '@carillon/client';
import { shareInbox, type SharedInbox } from './shared-inbox.ts';
import { sharePreferences, type SharedPreferences } from './shared-preferences.ts';

/** Where a client asks, and by which credential. */
export interface Source {
  url: string;
  token: TokenSource;
}

/** One user's client, with what components share of it. */
export interface Session {
  client: Carillon;
  /** Undefined where the client was made elsewhere. */
  source: Source | undefined;
  /** The same one for the same options. */
  inbox(options: LiveOptions): SharedInbox;
  preferences: SharedPreferences;
}

/** Asks nothing of the server. */
export function createSession(client: Carillon, source?: Source): Session {
  const inboxes = new Map<string, SharedInbox>();
  return {
    ...{ client, source },
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

/** Where the provider around asks; undefined without one, and where it was given a client of its own. */
export function useSource(): Source | undefined {
  return useContext(SessionContext)?.source;
}

/** The client of the provider around, for every other call. Throws outside of a CarillonProvider. */
export function useCarillon(): Carillon {
  return useSession().client;
}
