import { frameItemsMax, type ResyncFrame } from '@carillon/contracts';
import type { InboxCounts, StreamPosition } from '@carillon/core';
import type { InboxDelta, InboxItem } from '@carillon/db';

/** One message to a client, as a text. */
export interface StreamMessage {
  type: string;
  text: string;
  /** Where a client that saw it goes on, for transports that have a place for it. */
  resumeAt?: string | undefined;
}

/** Where an inbox stands: what a message is about. */
export interface StreamState {
  epoch: string;
  head: number;
  counts: InboxCounts;
}

/**
 * What a stream says, and how: one of the API's forms. The hub knows when there is something to say; a form
 * that has no word for it says nothing. Forms are compared by identity: streams of one form at one place are told
 * the very same text.
 */
export interface StreamForm {
  /** The stream is open; `resumeFrom` is what the client has seen, undefined when that cannot be told. */
  ready(state: StreamState, resumeFrom: number | undefined): StreamMessage[];
  /** The changes that were loaded, for a client that has seen everything up to `after`. */
  changes(state: StreamState, told: Told, after: number): StreamMessage[];
  resync(state: StreamState, reason: ResyncFrame['reason']): StreamMessage[];
  heartbeat(position: StreamPosition): StreamMessage[];
  revoked(): StreamMessage[];
  /** What becomes of a client that does not read: it is closed and may resume, or it misses the message. */
  slow: 'close' | 'drop';
}

/** The part of a delta that can be told at once, and where its reader stands then. */
export interface Told {
  rows: readonly InboxItem[];
  until: number;
}

/**
 * What of a delta a client at `after` can be told. The delta was loaded at `after` or earlier with a limit of
 * `frameItemsMax + 1` rows. It is never cut inside one number, because a client that resumed there would miss the
 * rest of it: one number with more rows than that cannot be told at all (`many_changes`). Undefined when there is
 * nothing to tell yet.
 */
export function tellable(delta: InboxDelta, after: number): Told | 'many_changes' | undefined {
  if (delta.head <= after) return undefined;
  const rows = delta.rows.filter((row) => row.changed_sequence > after);
  if (delta.rows.length <= frameItemsMax) return { rows, until: delta.head };
  // Rows behind the limit were not loaded, so what can be told ends before the last loaded number.
  const lastLoaded = delta.rows.at(-1)?.changed_sequence ?? delta.head;
  const whole = rows.filter((row) => row.changed_sequence < lastLoaded);
  const until = whole.at(-1)?.changed_sequence;
  if (until !== undefined) return { rows: whole, until };
  // Either one number fills the whole page, or the page was read for a connection further behind.
  const isOneNumber = delta.rows[0]?.changed_sequence === lastLoaded && lastLoaded > after;
  return isOneNumber ? 'many_changes' : undefined;
}
