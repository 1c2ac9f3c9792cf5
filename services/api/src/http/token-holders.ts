import type { AccessTokenId } from '@carillon/core';
import { loadTokenHolder, touchAccessTokens, type TokenHolder } from '@carillon/db';
import { areHashesEqual, every, hashToken, isTokenShaped, tokenLookup } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';

/** Finds who holds a token. */
export interface TokenHolders {
  /** Undefined for a token that is unknown, expired or revoked. */
  find(token: string): Promise<TokenHolder | undefined>;
  stop(): Promise<void>;
}

/** A revoked token is refused everywhere at the latest after this and the time of one look-up. */
const rememberMs = 3_000;
const rememberedMax = 10_000;
const touchEveryMs = 30_000;

interface Remembered {
  holder: Promise<TokenHolder | undefined>;
  untilMs: number;
}

/**
 * Looks tokens up and remembers the answer for three seconds, keyed by the token's hash, so that a
 * busy caller costs one query every three seconds. When a token was used last is noted in batches.
 */
export function createTokenHolders(deps: Pick<ApiDeps, 'system' | 'clock' | 'log'>): TokenHolders {
  const remembered = new Map<string, Remembered>();
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
      const nowMs = deps.clock.monotonicMs();
      let known = remembered.get(hash);
      if (known === undefined || known.untilMs < nowMs) {
        if (remembered.size >= rememberedMax) remembered.clear();
        known = { holder: load(token, hash), untilMs: nowMs + rememberMs };
        remembered.set(hash, known);
        // A failed look-up says nothing about the token.
        known.holder.catch(() => remembered.delete(hash));
      }
      const holder = await known.holder;
      if (holder === undefined) return undefined;
      if (holder.expiresAt !== null && holder.expiresAt <= deps.clock.now()) return undefined;
      used.add(holder.tokenId);
      return holder;
    },
    stop: () => touching.stop(),
  };
}
