import type { Captured, KindDescription, Message, SendResult } from '@carillon/channels';
import {
  channelAfter,
  firstWorking,
  nextStep,
  type ExternalKind,
  type NotificationId,
  type OrganizationId,
} from '@carillon/core';
import {
  type ClaimedDelivery,
  type DeliveryOutcome,
  type LoadedChannel,
  type LoadedDetails,
  type LoadedNotification,
  type SendableDelivery,
} from '@carillon/db';
import { withDeadline } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';
import type { Sender } from '../staging/sender.ts';
import type { Details } from './details.ts';
import type { Facts } from './facts.ts';
import { contentOf, renderDetails, renderMessage, type Telling } from './message.ts';

/** How long after its abort an adapter may still answer before it is left behind. */
const abortGraceMs = 1_000;

/** The message of this delivery: the one kept at the first try, else rendered now. */
export function messageOf(
  delivery: ClaimedDelivery,
  kind: KindDescription,
  facts: Facts,
  details: Details,
): { message: Message; isNew: boolean } {
  const loaded = details.get(delivery.notification.id);
  if (delivery.message !== null) {
    return { message: withDetails(delivery.message as Message, loaded), isNew: false };
  }
  return firstMessage(
    tellingOf(delivery.notification, facts, kind.kind),
    delivery.userExternalId,
    kind,
    loaded,
  );
}

/** What was kept stays as it is; it has no details when its channel began to want them after the first try. */
function withDetails(message: Message, loaded: LoadedDetails | undefined): Message {
  if (loaded === undefined || message.details !== undefined) return message;
  return { ...message, details: renderDetails(message.notification.title, loaded) };
}

/** The notification with the texts that its template has for this kind, if it has one. */
export function tellingOf(
  notification: LoadedNotification,
  facts: Pick<Facts, 'texts'>,
  kind: ExternalKind,
): Telling {
  return { notification, content: contentOf(facts.texts.get(notification.id)?.get(kind)) };
}

/** The message of a first try; `isNew` when it has to be kept for the later ones. */
export function firstMessage(
  telling: Telling,
  userExternalId: string | null,
  kind: KindDescription,
  loaded?: LoadedDetails,
): { message: Message; isNew: boolean } {
  if (kind.ignoresMessage === true) return { message: noMessage, isNew: false };
  return { message: withDetails(renderMessage(telling, userExternalId), loaded), isNew: true };
}

/** For kinds that do not look at it. */
const noMessage: Message = {
  ...{ title: '', text: '', html: '' },
  notification: {
    ...{
      id: '' as NotificationId,
      organization_id: '',
      title: '',
      body: '',
      recipient: { id: '', external_id: null },
    },
    ...{ category: '', urgent: false, url: null, icon: null, actions: [], data: {}, created_at: '' },
  },
};

export interface Sending {
  delivery: SendableDelivery;
  kind: KindDescription;
  adapter: Sender;
  message: Message;
  attemptNumber: number;
  /** Of its channel, its secrets decrypted. */
  openSettings: SettingsOpener;
  /** Aborts when the dispatch timeout is over or the worker has to stop. */
  signal: AbortSignal;
}

/** Makes one try and says what the delivery becomes. Never throws. */
export async function sendOnce(
  deps: Pick<WorkerDeps, 'random' | 'clock' | 'log' | 'metrics' | 'config' | 'fault' | 'circuits'>,
  sending: Sending,
): Promise<DeliveryOutcome> {
  const { delivery, kind, attemptNumber } = sending;
  const startedMs = deps.clock.monotonicMs();
  // One that has a name of its own, so that a test can make a single delivery deadly.
  deps.fault(`worker.sending.${delivery.id}`);
  const result = await callAdapter(deps, sending);
  deps.fault('worker.sent-before-record');
  const durationMs = Math.round(deps.clock.monotonicMs() - startedMs);
  const { channel, channels } = delivery;
  if (channel !== null) await deps.circuits.note(channel, kind.kind, result);
  const next = channel === null ? undefined : channelAfter(channels, channel.id);
  const tries = attemptNumber - delivery.attemptsBeforeReplay;
  const step = nextStep(result, tries, kind, deps.random(), next !== undefined);
  deps.metrics.attemptSeconds.observe({ kind: kind.kind }, durationMs / 1000);
  deps.metrics.delivered.inc({ kind: kind.kind, outcome: result.outcome });
  // A send that went well is told by the figures; what needs another look stands in the log.
  const level = step.state === 'sent' ? 'debug' : step.state === 'pending' ? 'info' : 'warn';
  deps.log[level]({
    event: `delivery.${step.state === 'pending' ? 'retried' : step.state}`,
    kind: kind.kind,
    durationMs,
    deliveryId: delivery.id,
    notificationId: delivery.notification.id,
    attemptNumber,
    requestId: delivery.notification.requestId,
  });
  return {
    deliveryId: delivery.id,
    leaseToken: delivery.leaseToken,
    state: step.state,
    reason: step.reason,
    delayMs: step.state === 'pending' ? step.delayMs : undefined,
    moved: step.state === 'pending' ? moveOn(deps, delivery, next) : undefined,
    attempt: {
      number: attemptNumber,
      outcome: result.outcome,
      reason: 'reason' in result ? result.reason : undefined,
      statusCode: 'statusCode' in result ? result.statusCode : undefined,
      providerId: result.outcome === 'sent' ? result.providerId : undefined,
    },
    address: judgedAddress(result, delivery),
  };
}

/** The next channel, or at the end of their order the first one that works, which the schedule begins with again. */
function moveOn(
  { metrics }: Pick<WorkerDeps, 'metrics'>,
  { kind, channel, channels }: SendableDelivery,
  next: LoadedChannel | undefined,
): DeliveryOutcome['moved'] {
  if (next !== undefined) metrics.fallbacks.inc({ kind });
  const to = next ?? firstWorking(channels);
  return channel === null || to === undefined || to.id === channel.id
    ? undefined
    : { from: channel.id, to: to.id };
}

function judgedAddress(
  result: SendResult | Captured,
  { address }: Pick<SendableDelivery, 'address'>,
): DeliveryOutcome['address'] {
  if (result.outcome !== 'reject' || result.address === undefined || address === null) return undefined;
  return { verdict: result.address, sentTo: address, reason: result.reason };
}

async function callAdapter(
  deps: Pick<WorkerDeps, 'log' | 'config'>,
  { delivery, adapter, message, signal, openSettings }: Sending,
): Promise<SendResult | Captured> {
  const timeoutMs = deps.config.dispatchTimeoutMs;
  try {
    const sent = adapter.send({
      deliveryId: delivery.id,
      message,
      target: {
        ...{ settings: openSettings(delivery), address: delivery.address ?? undefined },
        channelId: delivery.channel?.id,
      },
      signal,
      ...(delivery.notification.traceparent !== null && { traceparent: delivery.notification.traceparent }),
    });
    return await withDeadline(sent, timeoutMs + abortGraceMs, () => ({
      outcome: 'unknown' as const,
      reason: 'the adapter did not answer in time',
    }));
  } catch (error) {
    // An adapter that throws has a fault of its own: its delivery is tried again by the schedule.
    deps.log.error({ event: 'adapter.failed', kind: delivery.kind, deliveryId: delivery.id, error });
    return { outcome: 'retry', reason: 'the adapter failed' };
  }
}

/** @throws UnsealError when the secrets cannot be decrypted. */
export type SettingsOpener = (delivery: Pick<SendableDelivery, 'channel' | 'notification'>) => Settings;

type Settings = Record<string, unknown>;

/** Decrypts the settings of a channel once for a batch, whose deliveries share it. */
export function createSettingsOpener({ sealer }: Pick<WorkerDeps, 'sealer'>): SettingsOpener {
  const opened = new Map<LoadedChannel, Settings>();
  return ({ channel, notification }) => {
    if (channel === null) return {};
    const settings = opened.get(channel) ?? unseal(sealer, channel, notification.organizationId);
    opened.set(channel, settings);
    return settings;
  };
}

function unseal(
  sealer: WorkerDeps['sealer'],
  { id: rowId, secrets, settings }: LoadedChannel,
  organizationId: OrganizationId,
): Settings {
  if (secrets === null) return settings;
  const place = { organizationId, table: 'channels', rowId, column: 'secrets' };
  const unsealed: unknown = JSON.parse(sealer.open(secrets, place));
  return { ...settings, ...(typeof unsealed === 'object' && unsealed !== null ? unsealed : {}) };
}
