/** A task that runs again and again until it is stopped. */
export interface Repeating {
  /** Runs at once; if a round is running, once more right after it. */
  wake: () => void;
  /** Starts no further round and waits for the running one. May be called more than once. */
  stop: () => Promise<void>;
}

export interface RepeatingOptions {
  /** Gets what a round threw; the next round comes all the same. */
  onError: (error: unknown) => void;
  /** Whether the first round runs at once instead of after `intervalMs`. */
  immediately?: boolean;
  /** Whether waiting for the next round keeps the process alive; it does not unless this is true. */
  keepsAlive?: boolean;
}

/**
 * Runs `task`, waits `intervalMs` after its end, and so on: rounds never overlap and a slow one delays
 * the next. The signal given to the task aborts when `stop` is called.
 */
export function every(
  intervalMs: number,
  task: (signal: AbortSignal) => Promise<void> | void,
  { onError, immediately = false, keepsAlive = false }: RepeatingOptions,
): Repeating {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isWoken = false;

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(startRound, delayMs);
    if (!keepsAlive) timer.unref();
  };
  const startRound = (): void => {
    isWoken = false;
    // Begun in a later turn, so that `running` is set when the task itself calls `wake` or `stop`.
    running = Promise.resolve()
      .then(runRound)
      .finally(() => {
        running = undefined;
        if (!stopping.signal.aborted) schedule(isWoken ? 0 : intervalMs);
      });
  };
  const runRound = async (): Promise<void> => {
    try {
      await task(stopping.signal);
    } catch (error) {
      onError(error);
    }
  };

  schedule(immediately ? 0 : intervalMs);
  return {
    wake() {
      if (stopping.signal.aborted) return;
      isWoken = true;
      if (running === undefined) schedule(0);
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

/** Waits; ends early, without an error, when the signal aborts. Says whether the whole time passed. */
export function sleep(durationMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted === true) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * What `work` gives, or after `durationMs` what `onTimeout` gives or throws. The work is not stopped by
 * it (hand it an AbortSignal for that); a rejection that comes too late is swallowed.
 */
export function withDeadline<Value, Fallback>(
  work: Promise<Value>,
  durationMs: number,
  onTimeout: () => Fallback,
): Promise<Value | Fallback> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    }, durationMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
