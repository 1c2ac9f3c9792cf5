/** Does one thing after the other, in the order in which they came. */
export interface Serial {
  /** False when too much waits already: then it is not done. */
  run(task: () => Promise<void> | void): boolean;
  /** Whatever waits is not done. */
  stop(): void;
}

/** `onError` gets what a task threw; the next one is done all the same. */
export function createSerial(waitingMax: number, onError: (error: unknown) => void): Serial {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let stopped = false;
  return {
    run(task) {
      if (waiting >= waitingMax) return false;
      waiting += 1;
      last = last
        .then(() => (stopped ? undefined : task()))
        .catch(onError)
        .finally(() => void (waiting -= 1));
      return true;
    },
    stop() {
      stopped = true;
    },
  };
}
