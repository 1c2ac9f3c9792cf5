import { BroadcastChannel } from 'node:worker_threads';
import type { SharePlatform, TabChannel } from '../src/index.ts';

interface Waiting {
  grant(): void;
}

/**
 * What tabs of one browser share: channels of the platform, and one lock as the Web Locks API (W3C, section 3)
 * has it: in turn, given up in the queue by a signal, taken away by `steal`.
 */
export function createTabs(): SharePlatform {
  const queue: Waiting[] = [];
  let takeAway: (() => void) | undefined;

  function next(): void {
    if (takeAway === undefined) queue.shift()?.grant();
  }

  return {
    openChannel: (name) => new BroadcastChannel(name) as unknown as TabChannel,
    locks: {
      request: (_name, { signal, steal = false }, whileHeld) =>
        new Promise((resolve, reject) => {
          const waiting: Waiting = {
            grant() {
              const release = (): void => {
                if (takeAway === lose) takeAway = undefined;
                next();
              };
              const lose = (): void => reject(new Error('stolen'));
              takeAway = lose;
              whileHeld().then(resolve, reject).finally(release);
            },
          };
          if (steal) {
            takeAway?.();
            return waiting.grant();
          }
          signal?.addEventListener('abort', () => {
            const index = queue.indexOf(waiting);
            if (index >= 0) queue.splice(index, 1);
            reject(signal.reason);
          });
          queue.push(waiting);
          return next();
        }),
    },
  };
}
