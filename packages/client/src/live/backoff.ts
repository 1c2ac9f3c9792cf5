/** How long to wait before the next try to connect. */
export interface Backoff {
  nextMs(): number;
  /** All is well: the next loss is waited for shortly. */
  reset(): void;
}

const firstMs = 1_000;
const mostMs = 30_000;

/**
 * The first time anything up to a second, so that clients of a server that was restarted do not come back at the
 * same moment; then 1, 2, 4 … at most 30 seconds, each shortened at random by up to a half.
 */
export function createBackoff(random: () => number): Backoff {
  let tries = 0;
  return {
    nextMs() {
      const limitMs = Math.min(mostMs, firstMs * 2 ** Math.max(0, tries - 1));
      tries += 1;
      return Math.round(tries === 1 ? random() * firstMs : limitMs * (1 - random() / 2));
    },
    reset() {
      tries = 0;
    },
  };
}
