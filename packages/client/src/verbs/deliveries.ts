import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

/** Each notification on its way to each target. */
export function deliveryVerbs(call: Call) {
  return {
    list: (query: Query<'listDeliveries'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listDeliveries', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    get: (id: string, options?: CallOptions) => call('getDelivery', { params: { id } }, options),
    attempts: (id: string, options?: CallOptions) => call('listAttempts', { params: { id } }, options),
    /** What was handed to the target, as it was kept at the first try. */
    content: (id: string, options?: CallOptions) => call('getDeliveryContent', { params: { id } }, options),
    /** Again, now; of what is `unknown` only with `confirm`, for it may arrive twice. */
    retry: (id: string, body: Body<'retryDelivery'> = {}, options?: CallOptions) =>
      call('retryDelivery', { params: { id }, body }, options),
  };
}

/** Deliveries that were given up. */
export function deadLetterVerbs(call: Call) {
  return {
    list: (query: Query<'listDeadLetters'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listDeadLetters', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    /** Makes them due again; with `dry_run` it only counts. */
    replay: (body: Body<'replayDeadLetters'>, options?: CallOptions) =>
      call('replayDeadLetters', { body }, options),
  };
}

/** What an installation on trial would have sent. */
export function capturedVerbs(call: Call) {
  return {
    list: (query: Query<'listCaptured'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listCaptured', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
  };
}

/** What a mail catcher keeps, in the local stack; for operators. */
export function caughtMailVerbs(call: Call) {
  return {
    list: (query: Query<'listCaughtMails'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listCaughtMails', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    get: (id: string, options?: CallOptions) => call('getCaughtMail', { params: { id } }, options),
  };
}

/** Holding everything back for a while. */
export function pausedVerbs(call: Call) {
  return {
    get: (options?: CallOptions) => call('getPaused', {}, options),
    set: (body: Body<'setPaused'>, options?: CallOptions) => call('setPaused', { body }, options),
  };
}
