/** Wakes those who wait for a condition each time something arrived. */
export interface WaitList {
  /** Resolves as soon as `predicate` holds; rejects after `deadlineMs` with what was there instead. */
  waitFor(predicate: () => boolean, deadlineMs: number): Promise<void>;
  /** To be called whenever a predicate may have become true. */
  wake(): void;
}

/** `describe` says in a few words what has arrived so far, for the message of a missed deadline. */
export function createWaitList(describe: () => string): WaitList {
  const checks = new Set<() => void>();
  return {
    wake: () => checks.forEach((check) => check()),
    waitFor(predicate, deadlineMs) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (predicate()) end(resolve);
        };
        const end = (settle: () => void): void => {
          clearTimeout(deadline);
          checks.delete(check);
          settle();
        };
        const miss = (): void =>
          reject(new Error(`not seen within ${deadlineMs} ms; there was ${describe()}`));
        const deadline = setTimeout(() => end(miss), deadlineMs);
        checks.add(check);
        check();
      });
    },
  };
}
