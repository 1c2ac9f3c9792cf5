import type { AccessTokenId } from '@carillon/core';
import { loadTokenHolder, touchAccessTokens, type TokenHolder } from '@carillon/db';
import { areHashesEqual, every, hashToken, isTokenShaped, tokenLookup } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { createRemembering } from './remembering.ts';

/** Finds who holds a token. */
export interface TokenHolders {
  /** Undefined for a token that is unknown, expired or revoked. */
  find(token: string): Promise<TokenHolder | undefined>;
  stop(): Promise<void>;
}

const touchEveryMs = 30_000;

/**
 * Looks tokens up and remembers the answer for a moment, keyed by the token's hash. When a token was
 * used last is noted in batches.
 */
export function createTokenHolders(deps: Pick<ApiDeps, 'system' | 'clock' | 'log'>): TokenHolders {
  const remember = createRemembering<TokenHolder | undefined>(deps.clock);
  const used = new Set<AccessTokenId>();
  const touching = every(
    touchEveryMs,
    async () => {
      const ids = [...used];
      used.clear();
      await touchAccessTokens(deps.system, ids);
    },
    { onError: (error) => deps.log.warn({ event: 'tokens.touch_failed', error }) },
  );

  async function load(token: string, hash: string): Promise<TokenHolder | undefined> {
    const holder = await loadTokenHolder(deps.system, tokenLookup(token));
    return holder !== undefined && areHashesEqual(holder.hash, hash) ? holder : undefined;
  }

  return {
    async find(token) {
      if (!isTokenShaped(token)) return undefined;
      const hash = hashToken(token);
      const holder = await remember(hash, () => load(token, hash));
      if (holder === undefined) return undefined;
      if (holder.expiresAt !== null && holder.expiresAt <= deps.clock.now()) return undefined;
      used.add(holder.tokenId);
      return holder;
    },
    stop: () => touching.stop(),
  };
}
