import { login, refresh } from '../../../actions/sessions.ts';
import type { ApiDeps } from '../../../deps.ts';
import { authenticateToken } from '../../../http/authenticate.ts';
import { asUser, authorize, type UserCaller } from '../../../http/caller.ts';
import { everybody } from '../../rights.ts';
import type { Fields } from '../payload.ts';

export type HandshakeDeps = Pick<
  ApiDeps,
  'tokens' | 'sessions' | 'jwt' | 'system' | 'newId' | 'log' | 'passwords' | 'throttle'
>;

/** Who said hello, by which token, and the refresh token of a session that has begun or gone on. */
export interface Hello {
  caller: UserCaller;
  accessToken: string;
  refreshToken: string | undefined;
}

/** Where a socket came from. */
export interface SocketOrigin {
  clientIp: string | undefined;
  requestId: string;
}

/**
 * Reads one of the three forms of a handshake: a token, a refresh token, or an e-mail address with its password.
 * Undefined for none of them. Throws UnauthenticatedError, ForbiddenError, InvalidError and TooManyError.
 */
export async function sayHello(
  deps: HandshakeDeps,
  { access_token: access, refresh_token: token, email, password, organization }: Fields,
  origin: SocketOrigin,
): Promise<Hello | undefined> {
  if (typeof access === 'string') return helloBy(deps, access, undefined);
  if (typeof token === 'string') {
    const grant = await refresh(deps, token);
    return helloBy(deps, grant.accessToken, grant.refreshToken);
  }
  if (typeof email !== 'string' || typeof password !== 'string') return undefined;
  const named = typeof organization === 'string' ? organization : undefined;
  const grant = await login(deps, { email, password, organization: named }, origin);
  return helloBy(deps, grant.accessToken, grant.refreshToken);
}

/** Throws UnauthenticatedError and ForbiddenError. */
export async function helloBy(
  deps: Pick<HandshakeDeps, 'tokens' | 'sessions' | 'jwt'>,
  accessToken: string,
  refreshToken?: string,
): Promise<Hello> {
  const caller = asUser(await authenticateToken(deps, accessToken));
  authorize(everybody('inbox'), caller);
  return { caller, accessToken, refreshToken };
}
