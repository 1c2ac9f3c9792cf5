/** A line about what was done just now. */
export interface Toast {
  text: string;
  /** What takes it back, where that can be. */
  undo: (() => void) | undefined;
}

/** Long enough to read it and to reach the button; what it offers can be done later in other ways too. */
const shownMs = 9_000;

/** One line at a time, the newest. */
export interface Toasts {
  current(): Toast | undefined;
  show(text: string, undo?: () => void): void;
  /** While it is pointed at or has the focus it stays. */
  hold(isHeld: boolean): void;
  clear(): void;
}

export function createToasts(changed: () => void): Toasts {
  let current: Toast | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = (): void => {
    clearTimeout(timer);
    if (current === undefined) return;
    current = undefined;
    changed();
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(clear, shownMs);
  };
  return {
    current: () => current,
    show(text, undo) {
      current = { text, undo };
      wait();
      changed();
    },
    hold(isHeld) {
      if (isHeld) clearTimeout(timer);
      else if (current !== undefined) wait();
    },
    clear,
  };
}
