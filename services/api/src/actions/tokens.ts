import { ConflictError, ForbiddenError, type AccessTokenId, type TokenScope } from '@carillon/core';
import {
  countValidTokens,
  inOrganization,
  insertAccessToken,
  listAccessTokens,
  readInOrganization,
  revokeAccessToken,
  type TokenRecord,
} from '@carillon/db';
import { hashToken, newToken, tokenLookup } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { findUser } from './find-user.ts';

/** Tokens of one user that work at the same time, at most. */
const perUserMax = 100;

/** What a token is asked to be. */
export interface TokenWish {
  name: string | undefined;
  expiresInSeconds: number | undefined;
  /** Undefined: those of the caller. */
  scopes: readonly TokenScope[] | undefined;
}

/**
 * Makes a token; the text of it is told only here. Throws ForbiddenError when it would be allowed
 * more than the caller's own token, ConflictError when the user has too many.
 */
export async function issueToken(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: string,
  wish: TokenWish,
): Promise<{ token: string; record: TokenRecord }> {
  const { id: userId } = await findUser(deps, caller, reference);
  const scopes = [...(wish.scopes ?? caller.scopes)];
  checkScopes(caller, scopes);
  const { organizationId } = caller.user;
  const token = newToken();
  const record = await inOrganization(deps.db, organizationId, async (db) => {
    if ((await countValidTokens(db, userId)) >= perUserMax) {
      throw new ConflictError('limit.reached', `A user may have ${perUserMax} valid tokens`);
    }
    return insertAccessToken(db, {
      ...{ id: deps.newId() as AccessTokenId, organizationId, userId, operator: false, scopes },
      ...{ name: wish.name ?? '', lookup: tokenLookup(token), hash: hashToken(token) },
      expiresInSeconds: wish.expiresInSeconds,
    });
  });
  if (record === undefined) throw new TypeError('two tokens have the same public part');
  const { id: tokenId } = record;
  deps.log.info({ event: 'token.issued', organizationId, tokenId, userId, scopes, callerId: caller.id });
  return { token, record };
}

/** A token with limits may only give what it has; "no limits" is more than any. */
function checkScopes(caller: UserCaller, scopes: readonly TokenScope[]): void {
  if (caller.scopes.length === 0) return;
  const isWithin = scopes.length > 0 && scopes.every((scope) => caller.scopes.includes(scope));
  if (isWithin) return;
  throw new ForbiddenError(
    'auth.forbidden',
    `A token's scopes must be among those of the caller: ${caller.scopes.join(', ')}`,
  );
}

/** The tokens of a user whom the caller may see, in the order they were made; never the texts. */
export async function listTokensOf(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: string,
): Promise<TokenRecord[]> {
  const { id } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  return readInOrganization(deps.db, organizationId, (db) => listAccessTokens(db, organizationId, id));
}

/** Ends a token; throws NotFoundError. */
export async function revokeOne(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  tokenId: AccessTokenId,
): Promise<void> {
  const { id: userId } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, (db) =>
    revokeAccessToken(db, organizationId, userId, tokenId),
  );
  deps.log.info({ event: 'token.revoked', organizationId, tokenId, userId, callerId: caller.id });
}
