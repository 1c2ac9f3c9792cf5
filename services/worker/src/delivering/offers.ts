import type { DeliveryId } from '@carillon/core';

/** Deliveries that were offered to a runner and not claimed yet, first come first served. */
export interface Offers {
  /** Resolves when each was looked at, or when `stop` was called. */
  add(ids: readonly DeliveryId[]): Promise<void>;
  /** Takes out at most `max`; `done` is called when they were looked at. */
  take(max: number): { ids: DeliveryId[]; done(): void };
  /** Keeps some that cannot be claimed now, because too many wait where they go; too many of them are forgotten. */
  setAside(ids: Iterable<DeliveryId>): void;
  /** Offers again at most `count` of those. */
  bringBack(count: number): void;
  size(): number;
  sizeAside(): number;
  /** Forgets all. */
  stop(): void;
}

/** What is forgotten is found by the due-scan. */
const asideMax = 10_000;

interface Offer {
  left: number;
  done(): void;
}

export function createOffers(): Offers {
  const waiting = new Map<DeliveryId, Offer[]>();
  const aside = new Set<DeliveryId>();

  function put(id: DeliveryId, offers: readonly Offer[]): void {
    waiting.set(id, [...(waiting.get(id) ?? []), ...offers]);
  }

  return {
    add: (ids) =>
      new Promise((resolve) => {
        const offer = { left: ids.length, done: resolve };
        for (const id of ids) put(id, [offer]);
      }),
    take(max) {
      const ids: DeliveryId[] = [];
      const offers: Offer[] = [];
      for (const [id, ofId] of waiting) {
        if (ids.length === max) break;
        ids.push(id);
        offers.push(...ofId);
        waiting.delete(id);
      }
      return { ids, done: () => offers.forEach(settle) };
    },
    setAside(ids) {
      for (const id of ids) if (aside.size < asideMax) aside.add(id);
    },
    bringBack(count) {
      let left = count;
      for (const id of aside) {
        if (left <= 0) return;
        left -= 1;
        aside.delete(id);
        put(id, []);
      }
    },
    size: () => waiting.size,
    sizeAside: () => aside.size,
    stop() {
      for (const offers of waiting.values()) offers.forEach(settle);
      waiting.clear();
      aside.clear();
    },
  };
}

function settle(offer: Offer): void {
  offer.left -= 1;
  if (offer.left === 0) offer.done();
}
