import { InvalidError, UnauthenticatedError, type SessionId } from '@carillon/core';
import {
  insertSession,
  listLoginCandidates,
  loadSessionByToken,
  renewSession,
  replacePasswordHash,
  revokeSession,
  sessionDays,
  type LoginCandidate,
  type SessionHolder,
} from '@carillon/db';
import { hashToken, isTokenShaped, newToken, tokenLookup } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { Caller } from '../http/caller.ts';
import { countWrong } from './wrong-passwords.ts';

/** Who somebody says to be. */
export interface LoginWish {
  email: string;
  password: string;
  /** Id or slug; needed only where several organizations have this address with this password. */
  organization: string | undefined;
}

/** Where a call came from: for counting, and for the log. */
export interface LoginOrigin {
  clientIp: string | undefined;
  requestId: string;
}

/** What somebody has who is logged in. The refresh token is good once, the access token for `expiresInMs`. */
export interface SessionGrant {
  accessToken: string;
  refreshToken: string;
  expiresInMs: number;
  /** How long the session goes on, and with it the refresh token, if it is not used. */
  sessionMs: number;
}

/** An address has one account in each organization: more are not looked at, each costs a hash. */
const candidatesMax = 5;

type LoginDeps = Pick<ApiDeps, 'system' | 'newId' | 'log' | 'passwords' | 'throttle' | 'sessions'>;

/**
 * Begins a session. Throws UnauthenticatedError, the same for an unknown address, a user without a password and a
 * wrong one; TooManyError after five wrong ones in a minute; InvalidError when the address and the password are those of
 * several organizations and none is named.
 */
export async function login(
  deps: LoginDeps,
  wish: LoginWish,
  { clientIp, requestId }: LoginOrigin,
): Promise<SessionGrant> {
  const { email, organization } = wish;
  const candidates = await listLoginCandidates(deps.system, { email, organization, limit: candidatesMax });
  const userIds = candidates.map(({ id }) => id);
  // Whether anybody has the address must not show in when it is refused.
  const accounts = userIds.length > 0 ? userIds : [deps.sessions.mask(email.toLowerCase())];
  const matching = await countWrong(deps, { accounts, clientIp }, () =>
    findMatching(deps, wish.password, candidates),
  );
  if (matching === undefined) {
    deps.log.info({ event: 'login.refused', requestId, userIds });
    throw loginFailed();
  }
  const [user, another] = matching;
  if (another !== undefined) throw organizationNeeded();
  return begin(deps, user, wish.password, requestId);
}

type Matching = [LoginCandidate, ...LoginCandidate[]];

async function findMatching(
  deps: Pick<ApiDeps, 'passwords'>,
  password: string,
  candidates: readonly LoginCandidate[],
): Promise<Matching | undefined> {
  if (candidates.length === 0) await deps.passwords.verify(password, undefined);
  const matching: LoginCandidate[] = [];
  for (const candidate of candidates) {
    if (await deps.passwords.verify(password, candidate.passwordHash)) matching.push(candidate);
  }
  const [first, ...others] = matching;
  return first === undefined ? undefined : [first, ...others];
}

async function begin(
  deps: LoginDeps,
  user: LoginCandidate,
  password: string,
  requestId: string,
): Promise<SessionGrant> {
  const { id: userId, organizationId, role } = user;
  const passwordHash = await refreshHash(deps, user, password);
  const sessionId = deps.newId() as SessionId;
  const refreshToken = newToken();
  const begun = await insertSession(deps.system, {
    ...{ id: sessionId, userId, passwordHash },
    ...{ lookup: tokenLookup(refreshToken), refreshHash: hashToken(refreshToken) },
  });
  if (!begun) throw loginFailed();
  deps.log.info({ event: 'session.begun', sessionId, userId, organizationId, requestId });
  return grant(deps, { sessionId, user: { id: userId, organizationId, role } }, refreshToken);
}

/** The only moment when a password is at hand whose hash has become too cheap. */
async function refreshHash(
  deps: LoginDeps,
  { id, passwordHash }: LoginCandidate,
  password: string,
): Promise<string> {
  if (!deps.passwords.isOutdated(passwordHash)) return passwordHash;
  const to = await deps.passwords.hash(password);
  return (await replacePasswordHash(deps.system, id, { from: passwordHash, to })) ? to : passwordHash;
}

async function grant(
  deps: Pick<ApiDeps, 'sessions'>,
  holder: SessionHolder,
  refreshToken: string,
): Promise<SessionGrant> {
  const accessToken = await deps.sessions.sign(holder);
  const sessionMs = sessionDays * 24 * 60 * 60 * 1000;
  return { accessToken, refreshToken, expiresInMs: deps.sessions.accessMs, sessionMs };
}

/**
 * Lengthens a session by a refresh token, which is used up: the grant has the next one. Two calls at the same moment
 * get the same. A token that was used up before ends the session, for somebody has a copy.
 * Throws UnauthenticatedError.
 */
export async function refresh(
  deps: Pick<ApiDeps, 'system' | 'log' | 'sessions'>,
  refreshToken: string,
): Promise<SessionGrant> {
  if (!isTokenShaped(refreshToken)) throw sessionOver();
  const next = deps.sessions.nextRefreshToken(refreshToken);
  const renewal = await renewSession(deps.system, {
    lookup: tokenLookup(refreshToken),
    ...{ hash: hashToken(refreshToken), nextHash: hashToken(next) },
  });
  if (renewal === undefined) throw sessionOver();
  const { outcome, holder } = renewal;
  if (outcome === 'renewed') return grant(deps, holder, next);
  const { sessionId, user } = holder;
  deps.log.warn({
    ...{ event: 'session.reused', sessionId },
    ...{ userId: user.id, organizationId: user.organizationId },
  });
  throw sessionOver();
}

/** Ends the session of a refresh token; one of no session ends nothing. */
export async function logout(deps: Pick<ApiDeps, 'system' | 'log'>, refreshToken: string): Promise<void> {
  if (!isTokenShaped(refreshToken)) return;
  const token = { lookup: tokenLookup(refreshToken), hash: hashToken(refreshToken) };
  const holder = await loadSessionByToken(deps.system, token);
  if (holder === undefined) return;
  const { sessionId, user } = holder;
  await revokeSession(deps.system, sessionId);
  deps.log.info({
    ...{ event: 'session.ended', sessionId },
    ...{ userId: user.id, organizationId: user.organizationId },
  });
}

/** Who calls with an access token of a session; undefined when it is none, or no longer good. */
export async function verifySession(
  deps: Pick<ApiDeps, 'sessions'>,
  accessToken: string,
): Promise<Caller | undefined> {
  const found = await deps.sessions.find(accessToken);
  if (found === undefined) return undefined;
  const { sessionId, user, expiresAt } = found;
  return { id: user.id, operator: false, user, scopes: [], tokenId: undefined, sessionId, expiresAt };
}

function loginFailed(): UnauthenticatedError {
  return new UnauthenticatedError('auth.login_failed', 'The e-mail address or the password is not right');
}

function sessionOver(): UnauthenticatedError {
  return new UnauthenticatedError('auth.invalid', 'The refresh token is unknown, was used, or has expired');
}

function organizationNeeded(): InvalidError {
  const detail = 'must name one organization by its id or slug: several have this address and password';
  return new InvalidError('session.organization_needed', 'It is not clear which organization is meant', {
    errors: [{ pointer: '/organization', detail }],
  });
}
