import { UnauthenticatedError } from '@carillon/core';
import type { TokenHolder } from '@carillon/db';
import { verifySession } from '../actions/sessions.ts';
import type { ApiDeps } from '../deps.ts';
import type { Caller } from './caller.ts';

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;
const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The token of an Authorization header of the scheme Bearer; undefined for any other, or none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return bearer.exec(authorization ?? '')?.[1];
}

/**
 * Finds who calls by the Authorization header: one of our tokens, the access token of a session, or
 * a JWT of your own where they are configured.
 * Throws UnauthenticatedError; what exactly is wrong with a credential is not told.
 */
export async function authenticate(
  deps: Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt'>,
  authorization: string | undefined,
): Promise<Caller> {
  if (authorization === undefined) {
    throw new UnauthenticatedError('auth.required', 'Send `Authorization: Bearer <token>`');
  }
  const credential = bearerOf(authorization);
  if (credential === undefined) throw refused();
  return authenticateToken(deps, credential);
}

/** As `authenticate`, for a credential that came in another way. */
export async function authenticateToken(
  deps: Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt'>,
  credential: string,
): Promise<Caller> {
  if (jwtShape.test(credential)) {
    const caller = (await verifySession(deps, credential)) ?? (await deps.jwt?.verify(credential));
    if (caller === undefined) throw refused();
    return caller;
  }
  const holder = await deps.tokens.find(credential);
  if (holder === undefined) throw refused();
  return toCaller(holder);
}

function toCaller(holder: TokenHolder): Caller {
  return {
    id: holder.user?.id ?? holder.tokenId,
    operator: holder.operator,
    user: holder.user,
    scopes: holder.scopes,
    tokenId: holder.tokenId,
    sessionId: undefined,
    expiresAt: holder.expiresAt ?? undefined,
  };
}

function refused(): UnauthenticatedError {
  return new UnauthenticatedError('auth.invalid', 'The credential is unknown, expired or revoked');
}
