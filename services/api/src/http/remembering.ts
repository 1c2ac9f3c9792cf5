import type { Clock } from '@carillon/core';

/** A credential that was revoked is refused everywhere at the latest after this and the time of one look-up. */
const rememberMs = 3_000;
const rememberedMax = 10_000;

/** Gives what `load` found for the key in the last three seconds, or loads it. */
export type Remembering<T> = (key: string, load: () => Promise<T>) => Promise<T>;

/** Remembers what credentials were found to be, so that a busy caller costs one look-up every three seconds. */
export function createRemembering<T>(clock: Clock): Remembering<T> {
  const remembered = new Map<string, { found: Promise<T>; untilMs: number }>();
  return (key, load) => {
    const nowMs = clock.monotonicMs();
    const known = remembered.get(key);
    if (known !== undefined && known.untilMs >= nowMs) return known.found;
    if (remembered.size >= rememberedMax) remembered.clear();
    const found = load();
    remembered.set(key, { found, untilMs: nowMs + rememberMs });
    // A failed look-up says nothing about the credential.
    found.catch(() => remembered.delete(key));
    return found;
  };
}
