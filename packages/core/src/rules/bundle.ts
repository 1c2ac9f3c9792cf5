/** Messages of rules by one kind that come so soon after one that went out are told together. */
export const bundleMs = 120_000;

/**
 * When a message may go out, if the one before went out at `before`: now, or together with others two minutes after that
 * one. `before` is in the future where others wait already. The answer is the `before` of the next one. Pure.
 */
export function bundledUntil(before: Date | undefined, now: Date): Date {
  if (before === undefined || before.getTime() + bundleMs <= now.getTime()) return now;
  return before > now ? before : new Date(before.getTime() + bundleMs);
}
