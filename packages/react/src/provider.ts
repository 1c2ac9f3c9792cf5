import { createElement, useMemo, type ReactElement, type ReactNode } from 'react';
import { createCarillon, type Carillon, type CarillonOptions, type TokenSource } from '@carillon/client';
import { useLatest } from './latest.ts';
import { createSession, SessionContext, type Session } from './session.ts';

interface OwnClient {
  /** A client of your own: it is used as it is. */
  client: Carillon;
}

interface NewClient {
  /** Base of the API, for example `https://carillon.example.com`. */
  url: string;
  /**
   * A short-lived token of the user who is signed in, or a function that gets one from your server; it may be a
   * new function at each render, and is asked again when the server refuses what it gave.
   */
  token: TokenSource;
  /** Who is signed in, by any name of yours: another one begins anew. Tabs of the same one share a connection. */
  user?: string;
  /** Further settings of the client; read when the client is made. */
  options?: Omit<CarillonOptions, 'url' | 'token'>;
}

export type CarillonProviderProps = (OwnClient | NewClient) & { children?: ReactNode };

/**
 * Gives one user's inbox to the hooks and the bell below it. It asks nothing of the server: the first hook that looks
 * does, and only in a browser.
 */
export function CarillonProvider(props: CarillonProviderProps): ReactElement {
  const session = useNewSession(props);
  return createElement(SessionContext.Provider, { value: session }, props.children);
}

function useNewSession(props: CarillonProviderProps): Session {
  const given = 'client' in props ? { client: props.client } : { ...props, client: undefined };
  const { client, url = '', token = '', user, options } = given as Partial<OwnClient> & Partial<NewClient>;
  const latest = useLatest(token);
  const isText = typeof token === 'string';
  // A text is another user's or another session's; a function may be the same one, written anew.
  const text = isText ? token : undefined;
  return useMemo(() => {
    if (client !== undefined) return createSession(client);
    const source = isText ? (text ?? '') : () => tokenOf(latest.current);
    const { live, ...others } = options ?? {};
    const share = user === undefined ? {} : { shareTabs: user };
    const made = createCarillon({ ...others, url, token: source, live: { ...share, ...live } });
    return createSession(made, { url, token: source });
  }, [client, url, text, isText, user, latest]);
}

function tokenOf(token: TokenSource): string | Promise<string> {
  return typeof token === 'function' ? token() : token;
}
