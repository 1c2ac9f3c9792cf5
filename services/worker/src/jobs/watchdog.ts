import type { Clock, Log } from '@carillon/core';

/**
 * Notices consumers that went deaf: PostgreSQL had work that a job should have brought, again and
 * again, and no job came, although Redis takes hints. Known of queues after failovers and
 * reconnects; the cure is to build the consumers anew.
 */
export interface Watchdog {
  /** A job arrived: the consumers hear. */
  jobTaken(): void;
  /** A sweep found work that no job had brought. */
  workFound(): void;
  /** Builds the consumers anew when they have been deaf for too long. */
  check(): Promise<void>;
}

/** How long work may be found without a single job before the consumers count as deaf. */
export const deafAfterMs = 30_000;

export function createWatchdog(
  deps: { clock: Pick<Clock, 'monotonicMs'>; log: Log; redisHealthy: () => boolean },
  rebuild: () => Promise<void>,
): Watchdog {
  let unheardSinceMs: number | undefined;
  return {
    jobTaken() {
      unheardSinceMs = undefined;
    },
    workFound() {
      unheardSinceMs ??= deps.clock.monotonicMs();
    },
    async check() {
      // Without Redis there are no jobs to hear.
      if (!deps.redisHealthy()) unheardSinceMs = undefined;
      if (unheardSinceMs === undefined || deps.clock.monotonicMs() - unheardSinceMs < deafAfterMs) return;
      unheardSinceMs = undefined;
      deps.log.warn({
        event: 'consumers.rebuilt',
        detail: `work was due and no job came for ${deafAfterMs / 1000} s`,
      });
      await rebuild();
    },
  };
}
