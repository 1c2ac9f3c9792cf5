import { randomInt } from 'node:crypto';
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

/** Below those that systems give to outgoing connections: one of them may be in use a moment later. */
const portRange = [20_000, 32_768] as const;

/**
 * A loopback TCP port that nobody listens on at this moment, at random, so that two who ask at once get two.
 * Somebody else may take it before the caller does all the same, which the caller's server then says.
 */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = await listenOnce(randomInt(...portRange)).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return listenOnce(0);
}

/** Listens and stops again. */
function listenOnce(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
