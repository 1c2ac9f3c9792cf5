/** What the client needs of the world, so that tests can give it another one. */
export interface Surroundings {
  fetch: typeof globalThis.fetch;
  clock: ClientClock;
  /** From 0 up to, not including, 1. */
  random: () => number;
  newKey: () => string;
}

/** A clock that only measures: no promise of the client depends on what time of day it is. */
export interface ClientClock {
  /** Milliseconds since some instant; never goes back. */
  nowMs(): number;
  /** Calls `wake` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, wake: () => void): () => void;
}

const realClock: ClientClock = {
  nowMs: () => performance.now(),
  after(delayMs, wake) {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The platform's own, with what was given in its place. */
export function createSurroundings(given: Partial<Surroundings>): Surroundings {
  return {
    // Looked up at each call: pages and tests replace it, and a browser's refuses another `this`.
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock: given.clock ?? realClock,
    random: given.random ?? Math.random,
    newKey: given.newKey ?? newKey,
  };
}

/** 128 random bits in hexadecimal. `crypto.randomUUID` exists in secure contexts only; this works in all. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Resolves after `delayMs`, or rejects with the signal's reason when it aborts before. */
export function wait(clock: ClientClock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    return undefined;
  });
}
