import type { Random } from './clock.ts';

export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
  random: Random;
}

/** Growing delays between tries at something of our own: a connection, a child process. */
export interface Backoff {
  /** The delay before the next try. */
  nextMs(): number;
  /** After a success: the next delay is the first one again. */
  reset(): void;
}

/**
 * Delays that double from `firstMs` to `maxMs`, each shortened by up to half at random, so that many
 * processes do not return in step. Retries of deliveries have their own published schedule instead.
 */
export function createBackoff({ firstMs, maxMs, random }: BackoffOptions): Backoff {
  let baseMs = firstMs;
  return {
    nextMs() {
      const delayMs = Math.round(Math.min(baseMs, maxMs) * (0.5 + random() / 2));
      baseMs = Math.min(baseMs * 2, maxMs);
      return delayMs;
    },
    reset() {
      baseMs = firstMs;
    },
  };
}
