import type { ClientClock } from '../surroundings.ts';

/** A wait that can be cut short. */
export interface Pause {
  /** Resolves after `delayMs`, at `end`, or when `stopping` aborts. */
  wait(delayMs: number): Promise<void>;
  end(): void;
}

export function createPause(clock: ClientClock, stopping: AbortSignal): Pause {
  let wake: (() => void) | undefined;
  stopping.addEventListener('abort', () => wake?.(), { once: true });
  return {
    wait(delayMs) {
      if (stopping.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(delayMs, () => wake?.());
        wake = () => {
          wake = undefined;
          cancel();
          resolve();
        };
      });
    },
    end: () => wake?.(),
  };
}
