import type { LoadedChannel } from '@carillon/db';
import type { BegunDelivery } from './begun.ts';
import type { Endpoints } from './endpoints.ts';

/** Slots kept for deliveries while they are stored. Used once: by `send`, with what was stored. */
export interface Reservation {
  slots: number;
  /** Keeps room at the endpoint of a channel too, for one of the slots; false when there is none. */
  admit(channel: LoadedChannel | null): boolean;
  /** Sends these, not more than there are slots, and gives back each slot when it is free. */
  send(begun: readonly BegunDelivery[]): void;
  /**
   * For when nobody knows whether they were stored: their attempts end without a send, so that they are tried
   * again at once and nobody has to wait for their leases.
   */
  handBack(begun: readonly BegunDelivery[]): void;
}

/** What a reservation does to the runner that it belongs to. */
export interface Reserved {
  slots: number;
  endpoints: Endpoints;
  release(count: number): void;
  /** Leaves the gate that was entered for all of them. */
  leave(): void;
  isStopped(): boolean;
  /** Each gives its slot back when it is over. */
  sendAll(begun: readonly BegunDelivery[]): Promise<void>[];
  handBackAll(begun: readonly BegunDelivery[]): Promise<void>[];
}

export function createReservation(reserved: Reserved): Reservation {
  const { slots, endpoints } = reserved;
  const admitted: (LoadedChannel | null)[] = [];

  function settle(ends: Promise<void>[]): void {
    reserved.release(slots - ends.length);
    void Promise.all(ends).finally(reserved.leave);
  }

  function leaveEndpoints(): void {
    for (const channel of admitted.splice(0)) endpoints.leave(channel);
  }

  function handBack(begun: readonly BegunDelivery[]): void {
    leaveEndpoints();
    settle(reserved.handBackAll(begun));
  }

  return {
    slots,
    admit(channel) {
      if (!endpoints.hasRoom(channel)) return false;
      endpoints.enter(channel);
      admitted.push(channel);
      return true;
    },
    send(begun) {
      if (reserved.isStopped()) return handBack(begun);
      // Not all that was admitted was stored.
      leaveEndpoints();
      for (const { delivery } of begun) endpoints.enter(delivery.channel);
      settle(reserved.sendAll(begun));
    },
    handBack,
  };
}
