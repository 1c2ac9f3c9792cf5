import type { Route } from '../route.ts';
import * as inbox from './inbox.ts';
import { createNotification, createNotificationBatch } from './notification-create.ts';
import { cancelNotification, getNotification, listNotifications } from './notifications.ts';
import { createStreamTicket, openInboxStream } from './stream.ts';

/**
 * Every call of the native API. The order is that of the documents, and of matching: a fixed path
 * stands before one with a parameter in its place.
 */
export const v1Routes: readonly Route[] = [
  createNotification,
  createNotificationBatch,
  listNotifications,
  getNotification,
  cancelNotification,
  inbox.listInbox,
  inbox.getInboxCounts,
  openInboxStream,
  createStreamTicket,
  inbox.changeInboxItems,
  inbox.readAllInbox,
  inbox.getInboxItem,
  inbox.markInboxItemRead,
  inbox.markInboxItemUnread,
  inbox.markInboxItemSeen,
  inbox.markInboxItemUnseen,
  inbox.archiveInboxItem,
  inbox.unarchiveInboxItem,
  inbox.dismissInboxItem,
  inbox.deleteInboxItem,
];
