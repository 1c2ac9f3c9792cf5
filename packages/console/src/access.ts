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
}

/** A client with the credential of a session. */
export function openApi(url: string, session: Session, _keeper: SessionKeeper): Carillon {
  return createCarillon({ url, token: session.by === 'token' ? session.token : session.accessToken });
}

/**
 * Finds out who somebody is. Rejects with a CarillonError where the credential is refused, and with an Error with
 * words for people where it belongs to nobody who may see the console.
 */
export async function enter(api: Carillon): Promise<Access> {
  const who = await api.users.get('me').catch(explainOperator);
  if (who.role !== 'admin') throw new Error('Only admins of an organization see the console');
  return { api, who };
}

function explainOperator(error: unknown): never {
  if (error instanceof CarillonError && error.status === 403) {
    throw new Error(
      'This is not the token of an admin: an operator’s token without a user, or one with too few scopes',
      { cause: error },
    );
  }
  throw error;
}
