import type { Call, CallOptions } from '../call.ts';
import type { Hub } from '../live/hub.ts';
import type { LiveInbox, LiveOptions } from '../live/live-inbox.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

type ItemVerb =
  | 'markInboxItemRead'
  | 'markInboxItemUnread'
  | 'markInboxItemSeen'
  | 'markInboxItemUnseen'
  | 'archiveInboxItem'
  | 'unarchiveInboxItem'
  | 'dismissInboxItem'
  | 'acknowledgeInboxItem';

/** The inbox of the user whose token the client has. What a verb changes, live copies of this client show at once. */
export function inboxVerbs(call: Call, hub: Hub) {
  const change = (name: ItemVerb) => async (id: string, options?: CallOptions) => {
    const answer = await call(name, { params: { id } }, options);
    hub.changed(answer);
    return answer;
  };
  return {
    /** Newest first; each page with the position in the stream that it shows, and the counts. */
    list: (query: Query<'listInbox'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listInbox', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    /** Tells the user something: a reminder, the end of a long job. Resolves when it is stored. */
    notify: (body: Body<'notifySelf'>, options?: CallOptions) => call('notifySelf', { body }, options),
    counts: (options?: CallOptions) => call('getInboxCounts', {}, options),
    get: (id: string, options?: CallOptions) => call('getInboxItem', { params: { id } }, options),
    /** Why the user got it, in words for that user. */
    explain: (id: string, options?: CallOptions) => call('explainInboxItem', { params: { id } }, options),
    read: change('markInboxItemRead'),
    unread: change('markInboxItemUnread'),
    seen: change('markInboxItemSeen'),
    unseen: change('markInboxItemUnseen'),
    archive: change('archiveInboxItem'),
    unarchive: change('unarchiveInboxItem'),
    dismiss: change('dismissInboxItem'),
    /** Says "I have it": nothing more is sent for it. */
    acknowledge: change('acknowledgeInboxItem'),
    /** For good, on every device. Rejects with `inbox.not_found` when it is gone. */
    async delete(id: string, options?: CallOptions) {
      const answer = await call('deleteInboxItem', { params: { id } }, options);
      hub.changed({ deleted: id, counts: answer.counts, position: answer.position });
      return answer;
    },
    /** One verb for up to 500 items. */
    async change(body: Body<'changeInboxItems'>, options?: CallOptions) {
      const answer = await call('changeInboxItems', { body }, options);
      hub.changed(answer);
      return answer;
    },
    /** With `up_to`, what arrives meanwhile stays unread: give the position of what the user looks at. */
    async readAll(body: Body<'readAllInbox'> = {}, options?: CallOptions) {
      const answer = await call('readAllInbox', { body }, options);
      hub.changed(answer);
      return answer;
    },
    /**
     * A local copy of the inbox that is kept without gaps: told what happens by a WebSocket, by Server-Sent Events
     * where that does not get through, by polling where nothing else does. All copies of a client, and in browsers
     * all tabs of a user, share one connection. Stop it when nobody looks at it any more.
     */
    live: (options?: LiveOptions): LiveInbox => hub.live(options),
    /** Opens one stream, once, within a minute: `live` does all of it. */
    createTicket: (options?: CallOptions) => call('createStreamTicket', {}, options),
  };
}
