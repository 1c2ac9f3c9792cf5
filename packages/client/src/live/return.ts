interface EventTargetLike {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/**
 * Calls `wake` when the network is back or somebody looks at the page again. Outside of browsers, never. The
 * answer ends it.
 */
export function onReturn(wake: () => void): () => void {
  const page = platformTarget(Reflect.get(globalThis, 'document'));
  const window = platformTarget(Reflect.get(globalThis, 'window'));
  const onVisible = (): void => {
    if (Reflect.get(page ?? {}, 'visibilityState') === 'visible') wake();
  };
  window?.addEventListener('online', wake);
  page?.addEventListener('visibilitychange', onVisible);
  return () => {
    window?.removeEventListener('online', wake);
    page?.removeEventListener('visibilitychange', onVisible);
  };
}

function platformTarget(found: unknown): EventTargetLike | undefined {
  return typeof found === 'object' && found !== null && 'addEventListener' in found
    ? (found as EventTargetLike)
    : undefined;
}
