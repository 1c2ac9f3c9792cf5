import type { InboxItem } from '@carillon/db';

/** A notification as oCore's clients read it: always these eight keys, and never null. */
export interface OcoreNotification {
  body: string;
  category: string;
  createdAt: string;
  dismissed: boolean;
  id: string;
  read: boolean;
  title: string;
  url: string;
}

/**
 * `createdAt` is when it entered the inbox, which is also the order of lists. What was archived elsewhere is dismissed
 * here: it has left the list, and oCore has one word for that.
 */
export function toNotification(item: InboxItem): OcoreNotification {
  return {
    body: item.body,
    category: item.category,
    createdAt: item.inbox_at.toISOString(),
    dismissed: item.dismissed_at !== null || item.archived_at !== null,
    id: item.id,
    read: item.read_at !== null,
    title: item.title,
    url: item.url ?? '',
  };
}
