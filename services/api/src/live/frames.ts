import { frameItemsMax, type ChangesFrame, type ResyncFrame, type ServerFrame } from '@carillon/contracts';
import { formatPosition, type InboxCounts } from '@carillon/core';
import type { InboxDelta, InboxItem } from '@carillon/db';
import { fromInboxItem } from '../v1/inbox/wire.ts';

/** What a connection that has seen everything up to some number is to be told next. */
export interface NextFrame {
  frame: ChangesFrame | ResyncFrame | undefined;
  /** What the connection has seen when the frame is sent. */
  cursor: number;
}

/**
 * The next frame for a connection at `cursor`, from a delta that was loaded after `cursor` or earlier
 * with a limit of `frameItemsMax + 1` rows. A frame never ends inside one number, because a client that resumed there
 * would miss the rest of it; one number with more rows than a frame holds is a resync.
 */
export function nextFrame(epoch: string, delta: InboxDelta, counts: InboxCounts, cursor: number): NextFrame {
  if (delta.head <= cursor) return { frame: undefined, cursor };
  const rows = delta.rows.filter((row) => row.changed_sequence > cursor);
  if (delta.rows.length <= frameItemsMax) {
    return { frame: toChanges(epoch, delta.head, rows, counts, cursor), cursor: delta.head };
  }
  return cutFrame(epoch, delta, rows, counts, cursor);
}

/** Rows behind the limit were not loaded, so what can be told ends before the last loaded number. */
function cutFrame(
  epoch: string,
  delta: InboxDelta,
  rows: readonly InboxItem[],
  counts: InboxCounts,
  cursor: number,
): NextFrame {
  const lastLoaded = delta.rows.at(-1)?.changed_sequence ?? delta.head;
  const told = rows.filter((row) => row.changed_sequence < lastLoaded);
  const until = told.at(-1)?.changed_sequence;
  if (until !== undefined) return { frame: toChanges(epoch, until, told, counts, cursor), cursor: until };
  // Either one number fills the whole frame, or the page was read for a connection further behind.
  const isOneNumber = delta.rows[0]?.changed_sequence === lastLoaded && lastLoaded > cursor;
  return isOneNumber ? resync(epoch, delta.head, counts, 'many_changes') : { frame: undefined, cursor };
}

export function resync(
  epoch: string,
  head: number,
  counts: InboxCounts,
  reason: ResyncFrame['reason'],
): { frame: ResyncFrame; cursor: number } {
  const position = formatPosition({ epoch, sequence: head });
  return { frame: { type: 'resync', position, counts: countsOf(counts), reason }, cursor: head };
}

function toChanges(
  epoch: string,
  sequence: number,
  rows: readonly InboxItem[],
  counts: InboxCounts,
  cursor: number,
): ChangesFrame {
  // An item whose time is over is gone for its recipient, though its row is kept.
  const isGone = (row: InboxItem) => row.deleted_at !== null || row.expired_at !== null;
  const there = rows.filter((row) => !isGone(row));
  return {
    type: 'changes',
    position: formatPosition({ epoch, sequence }),
    placed: there.filter((row) => row.placed_sequence > cursor).map(fromInboxItem),
    changed: there.filter((row) => row.placed_sequence <= cursor).map(fromInboxItem),
    deleted: rows.filter(isGone).map((row) => row.id),
    counts: countsOf(counts),
  };
}

export function countsOf({ unread, unseen }: InboxCounts): InboxCounts {
  return { unread, unseen };
}

/** As one JSON text. Frames of one cursor are written once and sent to every connection there. */
export function writeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
