import Type, { type Static } from 'typebox';
import { Ajv } from 'ajv';
import { list, object, oneOf, position, text, uuid } from './fields.ts';
import { lazily } from './lazily.ts';
import { InboxCounts, InboxItem } from './v1/inbox-item.ts';

/** More changes than this at once go out as `resync` instead. */
export const frameItemsMax = 200;

/** Why a client has to read the inbox anew instead of being told what it missed. */
export const resyncReasons = ['other_epoch', 'ahead_of_head', 'too_old', 'many_changes'] as const;
export type ResyncReason = (typeof resyncReasons)[number];

/** Why the server is about to end a stream, or did not take a message. */
export const frameErrorCodes = [
  'frame.malformed',
  'auth.revoked',
  'rate.limited',
  'service.unavailable',
] as const;
export type FrameErrorCode = (typeof frameErrorCodes)[number];

/** First frame of every stream: what was missed has been sent when its position is that of `ready`. */
export const ReadyFrame = object({ type: Type.Literal('ready'), position: position(), counts: InboxCounts });
export type ReadyFrame = Static<typeof ReadyFrame>;

/** What happened up to `position`. An item is in one of the three lists; `placed` once in all frames. */
export const ChangesFrame = object({
  type: Type.Literal('changes'),
  position: position(),
  placed: list(InboxItem, frameItemsMax, 'Items that entered the inbox.'),
  changed: list(InboxItem, frameItemsMax, 'Items that were there and are different now.'),
  deleted: list(uuid('Notification id.'), frameItemsMax, 'Items that are gone.'),
  counts: InboxCounts,
});
export type ChangesFrame = Static<typeof ChangesFrame>;

/** Every 10 s, and as the answer to a `ping`: the position that a client which missed nothing has. */
export const HeartbeatFrame = object({ type: Type.Literal('heartbeat'), position: position() });
export type HeartbeatFrame = Static<typeof HeartbeatFrame>;

/** The client's copy is of no use any more: read the list anew, then go on from `position`. */
export const ResyncFrame = object({
  type: Type.Literal('resync'),
  position: position(),
  counts: InboxCounts,
  reason: oneOf<ResyncReason>(resyncReasons),
});
export type ResyncFrame = Static<typeof ResyncFrame>;

export const ErrorFrame = object({
  type: Type.Literal('error'),
  code: oneOf<FrameErrorCode>(frameErrorCodes),
  message: text(500, 'What happened.'),
});
export type ErrorFrame = Static<typeof ErrorFrame>;

/** What the server sends, on a WebSocket as one JSON text each, as Server-Sent Events with `type` as the event's name. */
export const ServerFrame = Type.Union([ReadyFrame, ChangesFrame, HeartbeatFrame, ResyncFrame, ErrorFrame]);
export type ServerFrame = Static<typeof ServerFrame>;

/** What a client may send: a question whether the server is there, answered by a heartbeat. */
export const ClientFrame = object({ type: Type.Literal('ping') });
export type ClientFrame = Static<typeof ClientFrame>;

const clientFrameCheck = lazily(() => new Ajv({ strict: true }).compile<ClientFrame>(ClientFrame));

/** The message of a client, or undefined when it is none that we take. The hub limits its length. */
export function parseClientFrame(message: string): ClientFrame | undefined {
  const isClientFrame = clientFrameCheck();
  try {
    const value: unknown = JSON.parse(message);
    return isClientFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
