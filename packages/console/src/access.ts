import { CarillonError, createCarillon, type Carillon, type User } from '@carillon/client';
import type { Session, SessionKeeper } from './session.ts';

/** Where the API is: the console is served one step below its root, wherever that is. */
export function apiUrl(pageUrl: string): string {
  return new URL('..', pageUrl.split(/[?#]/, 1)[0]).href;
}

/** Somebody who is signed in, with what they call the API by. */
export interface Access {
  api: Carillon;
  who: User;
  /** Whether there are caught mails that they may read: in the local stack, for operators. */
  catchesMails: boolean;
}

/** Who somebody says to be. */
export interface Login {
  email: string;
  password: string;
  /** Id or slug; the empty string where the address says enough. */
  organization: string;
}

/** Begins a session. Rejects with a CarillonError. */
export async function logIn(url: string, { organization, ...login }: Login): Promise<Session> {
  const wish = organization === '' ? login : { ...login, organization };
  const granted = await createCarillon({ url, retries: 0 }).sessions.create(wish);
  return { by: 'password', accessToken: granted.access_token, refreshToken: granted.refresh_token };
}

/** Ends a session at the server; a token is its owner's, and goes on. Never rejects: who leaves is not held up. */
export async function logOut(url: string, session: Session | undefined): Promise<void> {
  if (session?.by !== 'password') return;
  await createCarillon({ url, retries: 0 })
    .sessions.end({ refresh_token: session.refreshToken })
    .catch(() => undefined);
}

/**
 * A client with the credential of a session. One that a password began is gone on with whenever its access token is
 * refused, and what is kept is the newest.
 */
export function openApi(url: string, session: Session, keeper: SessionKeeper): Carillon {
  if (session.by === 'token') return createCarillon({ url, token: session.token });
  let now = session;
  let isFresh = true;
  return createCarillon({
    url,
    async token() {
      if (!isFresh) {
        const granted = await createCarillon({ url }).sessions.refresh({ refresh_token: now.refreshToken });
        now = { by: 'password', accessToken: granted.access_token, refreshToken: granted.refresh_token };
        keeper.save(now);
      }
      isFresh = false;
      return now.accessToken;
    },
  });
}

/**
 * Finds out who somebody is. Rejects with a CarillonError where the credential is refused, and with an Error with
 * words for people where it belongs to nobody who may see the console.
 */
export async function enter(api: Carillon): Promise<Access> {
  const who = await api.users.get('me').catch(explainForbidden);
  if (who.role !== 'admin') throw new Error('Only admins of an organization see the console');
  return { api, who, catchesMails: await catchesMails(api) };
}

async function catchesMails(api: Carillon): Promise<boolean> {
  try {
    return (await api.caughtMails.list({ limit: 1 })).catching;
  } catch {
    // Not for who is no operator; what is really wrong shows on every page.
    return false;
  }
}

function explainForbidden(error: unknown): never {
  if (error instanceof CarillonError && error.status === 403) {
    const words = 'This token is not that of an admin: it belongs to no user, or lacks the scope "admin"';
    throw new Error(words, { cause: error });
  }
  throw error;
}
