/** Values that come by themselves, for one reader who asks for one after the other. */
export interface Feed<T> extends AsyncIterableIterator<T, undefined> {
  push(value: T): void;
  /** Values that nobody asked for yet. */
  waiting(): number;
  /** What waits is not told any more. */
  return(): Promise<IteratorResult<T, undefined>>;
}

/** `onEnd` is called once, when the reader has enough. No generator: one that waits for a value cannot be ended. */
export function createFeed<T extends object>(onEnd: () => void): Feed<T> {
  const waiting: T[] = [];
  const over = { done: true, value: undefined } as const;
  let reader: ((result: IteratorResult<T, undefined>) => void) | undefined;
  let ended = false;
  return {
    waiting: () => waiting.length,
    push(value) {
      if (ended) return;
      const asks = reader;
      reader = undefined;
      if (asks === undefined) waiting.push(value);
      else asks({ done: false, value });
    },
    next() {
      const value = waiting.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      if (ended) return Promise.resolve(over);
      return new Promise((resolve) => {
        reader = resolve;
      });
    },
    return() {
      if (!ended) onEnd();
      ended = true;
      waiting.length = 0;
      reader?.(over);
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
