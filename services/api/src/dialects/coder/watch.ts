import type { InboxItem } from '@carillon/db';
import type { StreamForm, StreamMessage } from '../../live/form.ts';
import type { InboxFilter, WatchQuery } from './query.ts';
import { write } from './refusal.ts';
import { toNotification } from './translate.ts';

/**
 * What a watch tells: one message for each notification that enters the inbox while it is open, if it passes the
 * filter, with how many are unread then. Nothing is repeated, changes of what was there are not told, and a client
 * that does not read misses what does not fit: the list has it.
 */
export function watchForm(query: WatchQuery): StreamForm {
  return {
    slow: 'drop',
    ready: () => [],
    resync: () => [],
    heartbeat: () => [],
    revoked: () => [],
    changes({ counts }, { rows }, after) {
      return rows
        .filter((row) => row.placed_sequence > after && isLive(row) && passes(query, row))
        .toSorted(byTime)
        .map((row): StreamMessage => {
          const notification = toNotification(row, query.plaintext);
          return { type: 'notification', text: write({ notification, unread_count: counts.unread }) };
        });
    },
  };
}

function byTime(one: InboxItem, other: InboxItem): number {
  return one.inbox_at.getTime() - other.inbox_at.getTime() || (one.id < other.id ? -1 : 1);
}

/** It may have left again before it could be told. */
function isLive(row: InboxItem): boolean {
  const ends = [row.archived_at, row.dismissed_at, row.snoozed_until, row.expired_at, row.deleted_at];
  return ends.every((end) => end === null);
}

function passes({ targets, templates, readStatus }: InboxFilter, row: InboxItem): boolean {
  if (!targets.every((id) => row.targets.includes(id))) return false;
  if (templates.length > 0 && !templates.includes(row.template_id ?? '')) return false;
  return readStatus === 'all' || (readStatus === 'read') === (row.read_at !== null);
}
