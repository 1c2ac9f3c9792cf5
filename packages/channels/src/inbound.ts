import type { DeliveryId, Feedback } from '@carillon/core';

/** A request that says to come from the vendor of a channel. */
export interface InboundRequest {
  /** The address as the vendor called it, with its query. */
  url: string;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** As it came, character for character: signatures are over it. */
  body: string;
}

/** What a vendor tells of one delivery. */
export type InboundEvent =
  | {
      type: 'feedback';
      deliveryId: DeliveryId;
      feedback: Feedback;
      /** The vendor's words, for people. */
      reason?: string | undefined;
      /** The vendor's id of the message. */
      providerId?: string | undefined;
      /** The address that does not work, when that is what the vendor says. */
      badAddress?: string | undefined;
    }
  | {
      /** Somebody pressed a button under the message. */
      type: 'press';
      deliveryId: DeliveryId;
      verb: 'acknowledge' | 'read';
      /** Who it was, in the vendor's words. */
      by: string;
    };

/** What a request turned out to be. */
export type InboundReading =
  | {
      outcome: 'read';
      events: InboundEvent[];
      /** Is to be called once, so that the vendor goes on to tell. */
      confirmUrl?: string;
      /** What may be done only once: the same again is a copy of the request. */
      once?: string;
    }
  | RefusedInbound;

export interface RefusedInbound {
  outcome: 'refused';
  why: InboundRefusal;
  detail: string;
}

/**
 * Why a request is not believed: the channel lacks what its signature would be checked by; it has none; it is not
 * the vendor's; it is too old; or it is the vendor's and cannot be understood.
 */
export type InboundRefusal = 'not_set_up' | 'unsigned' | 'forged' | 'stale' | 'malformed';

/** What reading may need of its surroundings. */
export interface InboundSurroundings {
  now: Date;
  /** The text at an address of the vendor, where it never changes; undefined when it could not be had. */
  fetchText(url: string): Promise<string | undefined>;
}

/** How the callbacks of one kind are understood: nothing of a request is believed before its signature fits. */
export interface Inbound {
  read(
    request: InboundRequest,
    /** Decrypted, and as the kind's schema wants them. */
    settings: Readonly<Record<string, unknown>>,
    surroundings: InboundSurroundings,
  ): Promise<InboundReading>;
  /** Whether a message to this address was for the one who pressed a button under it; without buttons, absent. */
  mayPress?(by: string, address: string): boolean;
}

export function refused(why: InboundRefusal, detail: string): RefusedInbound {
  return { outcome: 'refused', why, detail };
}

const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A delivery's id that a vendor gave back to us; undefined for anything else. */
export function asDeliveryId(text: string | null | undefined): DeliveryId | undefined {
  return text != null && idForm.test(text) ? (text.toLowerCase() as DeliveryId) : undefined;
}
