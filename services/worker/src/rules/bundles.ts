import { catalogue } from '@carillon/channels/catalogue';
import { bundledUntil, bundleMs, type ExternalKind, type UserId } from '@carillon/core';
import type { LockedForSteps } from '@carillon/db/rules';

/** Keeps people whom many things happen to at once from as many messages: what a batch of steps may send, and when. */
export interface Bundles {
  /** Until when a message by this kind waits for others; undefined when it goes at once. Counts it as told then. */
  holdUntil(userId: UserId, kind: ExternalKind, urgent: boolean): Date | undefined;
  /** What is to be kept of the users who were told something. */
  changes(): ReadonlyMap<UserId, Readonly<Record<string, string>>>;
}

/** Kinds that machines read are not bundled, as they make no digests; what is urgent is bundled by itself. */
export function createBundles(locked: ReadonlyMap<UserId, LockedForSteps>, now: Date): Bundles {
  const changed = new Map<UserId, Record<string, string>>();
  return {
    holdUntil(userId, kind, urgent) {
      if (!catalogue[kind].digests) return undefined;
      const sort = urgent ? `${kind} urgent` : kind;
      const told = changed.get(userId) ?? stillOf(locked.get(userId)?.bundles, now);
      const before = told[sort];
      const at = bundledUntil(before === undefined ? undefined : new Date(before), now);
      changed.set(userId, { ...told, [sort]: at.toISOString() });
      return at > now ? at : undefined;
    },
    changes: () => changed,
  };
}

/** Without what is so long ago that it holds nothing any more. */
function stillOf(bundles: LockedForSteps['bundles'] | undefined, now: Date): Record<string, string> {
  const fresh = Object.entries(bundles ?? {}).filter(([, at]) => Date.parse(at) + bundleMs > now.getTime());
  return Object.fromEntries(fresh);
}
