import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

/** Telling users something, and what became of it. */
export function notificationVerbs(call: Call) {
  return {
    /** Notifies up to 1,000 recipients. Resolves when it is stored: from then on it is dealt with, whatever crashes. */
    create: (body: Body<'createNotification'>, options?: CallOptions) =>
      call('createNotification', { body }, options),
    /** Up to 500 notifications, each with a result of its own: one that is refused does not refuse the others. */
    createBatch: (body: Body<'createNotificationBatch'>, options?: CallOptions) =>
      call('createNotificationBatch', { body }, options),
    list: (query: Query<'listNotifications'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listNotifications', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    get: (id: string, options?: CallOptions) => call('getNotification', { params: { id } }, options),
    /** What becomes of it, and why: each channel kind with a reason code and words. */
    explain: (id: string, options?: CallOptions) => call('explainNotification', { params: { id } }, options),
    /** What is not out yet stays in; with `withdraw` it also leaves the inbox of its recipient. */
    cancel: (id: string, body: Body<'cancelNotification'> = {}, options?: CallOptions) =>
      call('cancelNotification', { params: { id }, body }, options),
    /** Cancels by trigger, template or time; with `dry_run` it only counts. */
    cancelMany: (body: Body<'cancelNotifications'>, options?: CallOptions) =>
      call('cancelNotifications', { body }, options),
    /** What would be decided if this were sent; nothing is. */
    simulate: (body: Body<'createSimulation'>, options?: CallOptions) =>
      call('createSimulation', { body }, options),
  };
}
