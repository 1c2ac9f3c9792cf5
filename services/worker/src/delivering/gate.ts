/**
 * Lets ordinary sends run together and a suspect one run alone: a delivery that took a worker down
 * before must not have neighbours when it does so again.
 */
export interface Gate {
  /** Resolves when no suspect is under way; the answer is called when the send is over. */
  enter(): Promise<() => void>;
  /** As `enter`, but undefined where it would have to wait. */
  tryEnter(): (() => void) | undefined;
  /** Waits until everybody left, keeps newcomers out, runs, and opens again. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  let inside = 0;
  let closed: Promise<void> | undefined;
  let onEmpty: (() => void) | undefined;

  async function enter(): Promise<() => void> {
    while (closed !== undefined) await closed;
    return enterNow();
  }

  function enterNow(): () => void {
    inside += 1;
    return () => {
      inside -= 1;
      if (inside === 0) onEmpty?.();
    };
  }

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    while (closed !== undefined) await closed;
    let open: () => void = () => undefined;
    closed = new Promise((resolve) => {
      open = resolve;
    });
    try {
      if (inside > 0) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
      }
      return await work();
    } finally {
      onEmpty = undefined;
      closed = undefined;
      open();
    }
  }

  return { enter, tryEnter: () => (closed === undefined ? enterNow() : undefined), alone };
}
