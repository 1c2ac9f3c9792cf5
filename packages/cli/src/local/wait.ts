import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  deadlineMs: number;
  /** The rest between two checks, 10 ms unless given; longer after a check that took long itself. */
  everyMs?: number;
}

/** Checks take a fifth of the time at most: what is waited for may need the same processor or database. */
const restPerCheck = 4;
const restMsMax = 250;

/**
 * Asks `check` again and again until it answers something else than undefined or false, and returns that
 * answer; undefined once `deadlineMs` have passed. A throwing check ends the wait with its error.
 */
export async function waitFor<T>(
  check: () => Promise<T | false | undefined> | T | false | undefined,
  { deadlineMs, everyMs = 10 }: WaitOptions,
): Promise<T | undefined> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const startMs = performance.now();
    const answer = await check();
    if (answer !== undefined && answer !== false) return answer;
    const nowMs = performance.now();
    if (nowMs >= endMs) return undefined;
    await delay(Math.max(everyMs, Math.min(restPerCheck * (nowMs - startMs), restMsMax)));
  }
}

/**
 * A loopback TCP port that nobody listens on at this moment. Somebody else may take it before the caller
 * does, so who starts a server on it must be ready to try another one.
 */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
