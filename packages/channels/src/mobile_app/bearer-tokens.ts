/** A token by which calls are let in, until it has expired. */
export interface BearerToken {
  value: string;
  expiresAt: Date;
}

/** Tokens by what they were made for. */
export interface BearerTokens {
  /** A token that is still good for the next minutes. */
  find(key: string, now: Date): string | undefined;
  keep(key: string, token: BearerToken): void;
  forget(key: string): void;
}

const marginMs = 5 * 60 * 1_000;
const keptMax = 500;

/** Keeps the newest tokens of one worker; the oldest leave. */
export function createBearerTokens(): BearerTokens {
  const kept = new Map<string, BearerToken>();
  return {
    find(key, now) {
      const token = kept.get(key);
      return token !== undefined && token.expiresAt.getTime() - marginMs > now.getTime()
        ? token.value
        : undefined;
    },
    keep(key, token) {
      kept.delete(key);
      kept.set(key, token);
      const [oldest] = kept.keys();
      if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
    },
    forget: (key) => void kept.delete(key),
  };
}
