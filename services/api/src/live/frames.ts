import type { ServerFrame } from '@carillon/contracts';
import { formatPosition, type InboxCounts } from '@carillon/core';
import type { InboxItem } from '@carillon/db';
import { fromInboxItem } from '../v1/inbox/wire.ts';
import type { StreamForm, StreamMessage } from './form.ts';

/** The stream of `/v1`: everything that happens in an inbox, each message with the position to resume at. */
export const v1Form: StreamForm = {
  slow: 'close',
  ready({ epoch, head, counts }, resumeFrom) {
    const position = formatPosition({ epoch, sequence: head });
    // `ready` names the head; who comes back after it alone has seen no more than before.
    const resumeAt = resumeFrom === undefined ? undefined : formatPosition({ epoch, sequence: resumeFrom });
    return [toMessage({ type: 'ready', position, counts: countsOf(counts) }, resumeAt)];
  },
  changes({ epoch, counts }, { rows, until }, after) {
    // An item whose time is over is gone for its recipient, though its row is kept.
    const isGone = (row: InboxItem) => row.deleted_at !== null || row.expired_at !== null;
    const there = rows.filter((row) => !isGone(row));
    const position = formatPosition({ epoch, sequence: until });
    const frame: ServerFrame = {
      type: 'changes',
      position,
      placed: there.filter((row) => row.placed_sequence > after).map(fromInboxItem),
      changed: there.filter((row) => row.placed_sequence <= after).map(fromInboxItem),
      deleted: rows.filter(isGone).map((row) => row.id),
      counts: countsOf(counts),
    };
    return [toMessage(frame, position)];
  },
  resync({ epoch, head, counts }, reason) {
    const position = formatPosition({ epoch, sequence: head });
    return [toMessage({ type: 'resync', position, counts: countsOf(counts), reason }, position)];
  },
  heartbeat(at) {
    const position = formatPosition(at);
    return [toMessage({ type: 'heartbeat', position }, position)];
  },
  revoked: () => [
    toMessage(
      { type: 'error', code: 'auth.revoked', message: 'The credential is no longer valid' },
      undefined,
    ),
  ],
};

function toMessage(frame: ServerFrame, resumeAt: string | undefined): StreamMessage {
  return { type: frame.type, text: writeFrame(frame), resumeAt };
}

export function countsOf({ unread, unseen }: InboxCounts): InboxCounts {
  return { unread, unseen };
}

/** As one JSON text. */
export function writeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
