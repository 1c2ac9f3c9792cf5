import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

/** The inbox of the user whose token the client has. */
export function inboxVerbs(call: Call) {
  return {
    /** Newest first; each page with the position in the stream that it shows, and the counts. */
    list: (query: Query<'listInbox'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listInbox', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    counts: (options?: CallOptions) => call('getInboxCounts', {}, options),
    get: (id: string, options?: CallOptions) => call('getInboxItem', { params: { id } }, options),
    /** Why the user got it, in words for that user. */
    explain: (id: string, options?: CallOptions) => call('explainInboxItem', { params: { id } }, options),
    read: (id: string, options?: CallOptions) => call('markInboxItemRead', { params: { id } }, options),
    unread: (id: string, options?: CallOptions) => call('markInboxItemUnread', { params: { id } }, options),
    seen: (id: string, options?: CallOptions) => call('markInboxItemSeen', { params: { id } }, options),
    unseen: (id: string, options?: CallOptions) => call('markInboxItemUnseen', { params: { id } }, options),
    archive: (id: string, options?: CallOptions) => call('archiveInboxItem', { params: { id } }, options),
    unarchive: (id: string, options?: CallOptions) => call('unarchiveInboxItem', { params: { id } }, options),
    dismiss: (id: string, options?: CallOptions) => call('dismissInboxItem', { params: { id } }, options),
    /** Says "I have it": nothing more is sent for it. */
    acknowledge: (id: string, options?: CallOptions) =>
      call('acknowledgeInboxItem', { params: { id } }, options),
    /** For good, on every device. Rejects with `inbox.not_found` when it is gone. */
    delete: (id: string, options?: CallOptions) => call('deleteInboxItem', { params: { id } }, options),
    /** One verb for up to 500 items. */
    change: (body: Body<'changeInboxItems'>, options?: CallOptions) =>
      call('changeInboxItems', { body }, options),
    /** With `up_to`, what arrives meanwhile stays unread: give the position of what the user looks at. */
    readAll: (body: Body<'readAllInbox'> = {}, options?: CallOptions) =>
      call('readAllInbox', { body }, options),
    /** Opens one stream, once, within a minute: `live` does all of it. */
    createTicket: (options?: CallOptions) => call('createStreamTicket', {}, options),
  };
}
