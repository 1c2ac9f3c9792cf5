import { createHash } from 'node:crypto';
import {
  inbounds,
  type Inbound,
  type InboundEvent,
  type InboundReading,
  type InboundRequest,
} from '@carillon/channels/inbound';
import {
  assertNever,
  feedbacks,
  ForbiddenError,
  MalformedError,
  NotFoundError,
  TargetFailedError,
  TooManyError,
  UnauthenticatedError,
  type CarillonError,
  type ChannelId,
  type DeliveryId,
} from '@carillon/core';
import {
  inOrganization,
  loadCallbackChannel,
  loadSentMessage,
  recordFeedback,
  type CallbackChannel,
  type DeliveryFeedback,
} from '@carillon/db';
import type { ThrottleLimit } from '@carillon/queue';
import { clientNetwork } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { openSettings } from './channel-settings.ts';
import { changeItems } from './inbox.ts';
import type { TellDeps } from './tell.ts';

export type CallbackDeps = Pick<
  ApiDeps,
  'db' | 'inboxes' | 'system' | 'sealer' | 'throttle' | 'vendorTexts' | 'clock' | 'log' | 'metrics' | 'epoch'
> &
  TellDeps;

/** Where a callback came from, for counting and for the log. */
export interface CallbackOrigin {
  clientIp: string | undefined;
  requestId: string;
}

type Read = Extract<InboundReading, { outcome: 'read' }>;
type FeedbackEvent = Extract<InboundEvent, { type: 'feedback' }>;
type Press = Extract<InboundEvent, { type: 'press' }>;

/** What one network may send that is not believed, and what of it may be looked at at once. */
const byClient: ThrottleLimit = { name: 'inbound-client', points: 120, windowSeconds: 60 };
/** Longer than the copy of a request is believed. */
const onlyOnce: ThrottleLimit = { name: 'inbound-once', points: 1, windowSeconds: 660 };

/**
 * Takes a callback of a channel's vendor: what it tells of deliveries is kept, and what was pressed is done for the
 * one whom the message was for. The signature is all that is believed; for a channel that takes none, the body is not even read. Throws NotFoundError for a channel that is not
 * there or whose kind has no callbacks, UnauthenticatedError and ForbiddenError for what is not believed,
 * MalformedError for what cannot be understood, TooManyError, and TargetFailedError when a vendor that
 * wants to be asked could not be.
 */
export async function receiveCallback(
  deps: CallbackDeps,
  channelId: ChannelId,
  readRequest: () => Promise<InboundRequest>,
  origin: CallbackOrigin,
): Promise<void> {
  const network = clientNetwork(origin.clientIp ?? '');
  const retryAfterMs = await deps.throttle.take(byClient, network);
  if (retryAfterMs !== undefined) {
    throw new TooManyError('rate.limited', 'Too many callbacks that are not believed', { retryAfterMs });
  }
  const { channel, inbound } = await findChannel(deps, channelId);
  const { kind } = channel;
  const reading = await inbound.read(await readRequest(), openSettings(deps, channel), {
    now: deps.clock.now(),
    fetchText: deps.vendorTexts.getOnce,
  });
  deps.metrics.callbacks.inc({ kind, outcome: reading.outcome });
  if (reading.outcome === 'refused') {
    deps.log.info({ event: 'callback.refused', channelId, kind, why: reading.why, ...origin });
    throw toError(reading);
  }
  await deps.throttle.giveBack(byClient, network);
  await doOnce(deps, reading.once, () => take(deps, channel, inbound, reading, origin));
}

async function findChannel(
  deps: Pick<ApiDeps, 'system'>,
  id: ChannelId,
): Promise<{ channel: CallbackChannel; inbound: Inbound }> {
  const channel = await loadCallbackChannel(deps.system, id);
  const inbound = channel && inbounds[channel.kind];
  if (channel === undefined || inbound === undefined) {
    throw new NotFoundError('channel.not_found', 'There is no such channel, or its kind has no callbacks');
  }
  return { channel, inbound };
}

function toError({ why, detail }: Extract<InboundReading, { outcome: 'refused' }>): CarillonError {
  switch (why) {
    case 'unsigned':
      return new UnauthenticatedError('inbound.unsigned', detail);
    case 'forged':
      return new ForbiddenError('inbound.forged', detail);
    case 'stale':
      return new ForbiddenError('inbound.stale', detail);
    case 'not_set_up':
      return new ForbiddenError('inbound.not_set_up', detail);
    case 'malformed':
      return new MalformedError('request.malformed', detail);
    default:
      return assertNever(why);
  }
}

/** A copy of a request that was taken is answered like the first one and does nothing. */
async function doOnce(
  deps: Pick<ApiDeps, 'throttle'>,
  once: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  if (once === undefined) return work();
  const key = createHash('sha256').update(once).digest('base64url');
  if ((await deps.throttle.take(onlyOnce, key)) !== undefined) return;
  try {
    await work();
  } catch (error) {
    // The vendor sends the same again.
    await deps.throttle.giveBack(onlyOnce, key);
    throw error;
  }
}

async function take(
  deps: CallbackDeps,
  channel: CallbackChannel,
  inbound: Inbound,
  { events, confirmUrl }: Read,
  { requestId }: CallbackOrigin,
): Promise<void> {
  const { id: channelId, kind } = channel;
  if (confirmUrl !== undefined) {
    const answer = await deps.vendorTexts.get(confirmUrl);
    deps.log.info({
      event: 'callback.confirmed',
      channelId,
      kind,
      requestId,
      confirmed: answer !== undefined,
    });
    if (answer === undefined)
      throw new TargetFailedError('target.failed', 'SNS could not be reached to confirm');
  }
  const told = events.filter((event) => event.type === 'feedback');
  const changed = await keep(deps, channel, told.map(toFeedback));
  const presses = events.filter((event) => event.type === 'press');
  for (const press of presses) await act(deps, channel, inbound, press);
  if (told.length + presses.length === 0) return;
  const counts = { told: told.length, changed: changed.length, pressed: presses.length };
  deps.log.info({ event: 'callback.taken', channelId, kind, requestId, ...counts });
}

/** Of several about one delivery, the strongest says all. */
async function keep(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  channel: CallbackChannel,
  all: readonly DeliveryFeedback[],
): Promise<DeliveryId[]> {
  const strongest = new Map<DeliveryId, DeliveryFeedback>();
  for (const one of all) {
    const known = strongest.get(one.deliveryId);
    const isStronger =
      known === undefined || feedbacks.indexOf(one.feedback) > feedbacks.indexOf(known.feedback);
    if (isStronger) strongest.set(one.deliveryId, one);
  }
  const kept = [...strongest.values()];
  const { organizationId } = channel;
  const changed = await inOrganization(deps.db, organizationId, (db) => recordFeedback(db, channel, kept));
  for (const deliveryId of changed) {
    const feedback = strongest.get(deliveryId)?.feedback;
    // What goes well is told by the figures.
    const level = feedback === 'delivered' || feedback === 'opened' ? 'debug' : 'info';
    deps.log[level]({ event: `delivery.${feedback}`, deliveryId, kind: channel.kind, channelId: channel.id });
  }
  return changed;
}

function toFeedback({ badAddress, ...event }: FeedbackEvent): DeliveryFeedback {
  const { deliveryId, feedback, reason, providerId } = event;
  return {
    ...{ deliveryId, feedback, reason, providerId },
    address:
      badAddress === undefined
        ? undefined
        : { verdict: 'bad', sentTo: badAddress, reason: reason ?? 'messages come back' },
  };
}

/** Does in the recipient's inbox what was pressed under a message to the recipient. */
async function act(
  deps: CallbackDeps,
  channel: CallbackChannel,
  inbound: Inbound,
  { deliveryId, verb, by }: Press,
): Promise<void> {
  const { organizationId, kind } = channel;
  const sent = await inOrganization(deps.db, organizationId, (db) =>
    loadSentMessage(db, channel, deliveryId),
  );
  if (sent === undefined) return;
  if (sent.address === null || inbound.mayPress?.(by, sent.address) !== true) {
    deps.log.info({ event: 'callback.press_refused', deliveryId, kind, channelId: channel.id });
    return;
  }
  const recipient: UserCaller = {
    ...{ id: sent.recipientId, operator: false, scopes: ['inbox'] },
    user: { id: sent.recipientId, organizationId, role: 'member' },
    ...{ tokenId: undefined, sessionId: undefined, expiresAt: undefined },
  };
  await changeItems(deps, recipient, sent.notificationIds, verb);
  const feedback = verb === 'acknowledge' ? 'answered' : 'opened';
  await keep(deps, channel, [{ deliveryId, feedback, reason: undefined, providerId: undefined }]);
}
