export interface BatcherOptions<Item, Result> {
  /**
   * Works on everything that waited, in the order it came. Answers one result per item; an error is the
   * error of every item of the batch.
   */
  run(items: Item[]): Promise<Result[]>;
  /** Batches at once. */
  inFlightMax: number;
  /** A batch closes when it reaches this weight; an item is never split, so one may exceed it. */
  weightMax: number;
  /** How much an item counts; 1 unless given. */
  weigh?: (item: Item) => number;
}

/** Collects what comes while work is under way. */
export interface Batcher<Item, Result> {
  submit(item: Item): Promise<Result>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Group commit for anything: a batch starts as soon as fewer than `inFlightMax` are running, so a
 * lone item waits for nothing, and under load the items of one round trip share the next one. There
 * is no timer; `setImmediate` lets everything in that the same turn of the event loop brings.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { run, inFlightMax, weightMax, weigh = () => 1 } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let inFlight = 0;
  let isScheduled = false;
  let idleListeners: (() => void)[] = [];

  function schedule(): void {
    if (isScheduled || waiting.length === 0 || inFlight >= inFlightMax) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void runBatch(takeBatch());
      schedule();
    });
  }

  function takeBatch(): Waiting<Item, Result>[] {
    let weight = 0;
    const end = waiting.findIndex(({ item }, index) => {
      const isFull = index > 0 && weight + weigh(item) > weightMax;
      weight += weigh(item);
      return isFull;
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return batch;
  }

  async function runBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    inFlight += 1;
    try {
      const results = await run(batch.map(({ item }) => item));
      batch.forEach((one, index) => {
        const result = results[index];
        if (index in results) one.resolve(result as Result);
        else one.reject(new TypeError('A batch answered fewer results than it had items'));
      });
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      inFlight -= 1;
      schedule();
      if (inFlight === 0 && waiting.length === 0) {
        for (const listener of idleListeners) listener();
        idleListeners = [];
      }
    }
  }

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      }),
    idle: () =>
      inFlight === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idleListeners.push(resolve);
          }),
  };
}
