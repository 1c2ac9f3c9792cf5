import { catalogue, rateOf } from '@carillon/channels/catalogue';
import type { ExternalKind, NotificationId, OrganizationId } from '@carillon/core';
import type {
  DispatchBatch,
  LoadedChannel,
  LoadedDetails,
  PlacedDelivery,
  Placement,
  UndispatchedNotification,
} from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import { loadWantedDetails, type DetailsSubject } from './details.ts';
import type { Facts } from './facts.ts';
import type { BegunDelivery } from './begun.ts';
import type { Telling } from './message.ts';
import type { Reservation } from './reservation.ts';
import { firstMessage, tellingOf } from './send.ts';

/** Placements of which as many deliveries as this worker has slots for are begun. */
export interface Beginning {
  placements: Placement[];
  /** After the commit: sends what is stored, and gives back the slots of what is not. */
  send(isPlaced: (id: NotificationId) => boolean): void;
  /** When it is not known what was stored. */
  handBack(): void;
}

interface BegunOfKind {
  reservation: Reservation;
  begun: BegunDelivery[];
}

/**
 * Keeps slots for planned deliveries and opens their first attempts, so that placing stores them leased and
 * begun: who dispatches is the first to know that they are due, and claiming them a moment later would only
 * read and write each row once more. What finds no slot stays pending.
 *
 * Their plan is as fresh as a claim's: it was made from rows that were read for this very transaction.
 */
export async function beginDeliveries(
  deps: Pick<WorkerDeps, 'db' | 'runners' | 'newId' | 'log' | 'fault'>,
  batch: DispatchBatch,
  facts: Pick<Facts, 'texts'>,
  placements: readonly Placement[],
): Promise<Beginning> {
  const details = await loadWantedDetails(deps, detailsSubjectsOf(batch, placements));
  const leaseToken = deps.newId();
  const notifications = new Map(batch.notifications.map((one) => [one.id, one]));
  const kinds = reserveSlots(deps, placements);
  const channelsOf = gatherChannels(batch);
  const began = placements.map((placement) => {
    const notification = notifications.get(placement.id);
    if (notification === undefined || kinds.size === 0) return placement;
    const deliveries = placement.deliveries.map((delivery): PlacedDelivery => {
      const ofKind = kinds.get(delivery.kind);
      const isFull = ofKind === undefined || ofKind.begun.length === ofKind.reservation.slots;
      if (isFull || !isNow(delivery)) return delivery;
      const channel = channelOf(batch, placement.organizationId, delivery);
      if (channel !== undefined && !mayBegin(delivery.kind, channel)) return delivery;
      const first = renderFirst(deps, {
        ...{ telling: tellingOf(notification, facts, delivery.kind), delivery },
        userExternalId: notification.userExternalId,
        loaded: mayWantDetails(delivery) ? details.get(notification.id) : undefined,
      });
      if (first === undefined || !ofKind.reservation.admit(channel ?? null)) return delivery;
      const sendable = toSendable(batch, channelsOf, notification, delivery, leaseToken);
      ofKind.begun.push({ delivery: sendable, message: first.message, attemptNumber: 1 });
      return { ...delivery, begun: { leaseToken, message: first.isNew ? first.message : undefined } };
    });
    return { ...placement, deliveries };
  });
  deps.fault('worker.after-render');
  return {
    placements: began,
    send(isPlaced) {
      for (const { reservation, begun } of kinds.values()) {
        reservation.send(begun.filter((one) => isPlaced(one.delivery.notification.id)));
      }
    },
    handBack() {
      for (const { reservation, begun } of kinds.values()) reservation.handBack(begun);
    },
  };
}

function detailsSubjectsOf(batch: DispatchBatch, placements: readonly Placement[]): DetailsSubject[] {
  return placements.flatMap(({ id, organizationId, deliveries }) =>
    deliveries.filter(mayWantDetails).map((delivery) => ({
      ...{ notificationId: id, kind: delivery.kind },
      settings: channelOf(batch, organizationId, delivery)?.settings,
    })),
  );
}

function mayWantDetails(delivery: PlacedDelivery): boolean {
  return catalogue[delivery.kind].readsDetails !== undefined && isNow(delivery);
}

function channelOf(batch: DispatchBatch, organizationId: OrganizationId, { channelId }: PlacedDelivery) {
  return batch.channels.get(organizationId)?.find((one) => one.id === channelId);
}

function isNow({ held, isPaused, isOpen }: PlacedDelivery): boolean {
  return held === undefined && !isPaused && isOpen !== true;
}

/** What has to be asked before a send, a probe or a turn, is asked by who claims it. */
function mayBegin(kind: ExternalKind, channel: LoadedChannel): boolean {
  return !channel.open && rateOf(kind, channel) === undefined;
}

function reserveSlots(
  deps: Pick<WorkerDeps, 'runners'>,
  placements: readonly Placement[],
): Map<ExternalKind, BegunOfKind> {
  const wanted = new Map<ExternalKind, number>();
  for (const placement of placements) {
    for (const delivery of placement.deliveries) {
      if (isNow(delivery)) wanted.set(delivery.kind, (wanted.get(delivery.kind) ?? 0) + 1);
    }
  }
  const kinds = new Map<ExternalKind, BegunOfKind>();
  for (const [kind, count] of wanted) {
    const reservation = deps.runners[kind].reserve(count);
    if (reservation !== undefined) kinds.set(kind, { reservation, begun: [] });
  }
  return kinds;
}

/** Undefined when it cannot be rendered here and now; the delivery then fails by itself, not with its batch. */
function renderFirst(
  deps: Pick<WorkerDeps, 'log'>,
  first: {
    telling: Telling;
    delivery: PlacedDelivery;
    userExternalId: string | null;
    loaded: LoadedDetails | undefined;
  },
): ReturnType<typeof firstMessage> | undefined {
  const { telling, userExternalId, loaded } = first;
  const { kind } = first.delivery;
  try {
    return firstMessage(telling, userExternalId, catalogue[kind], loaded);
  } catch (error) {
    const notificationId = telling.notification.id;
    deps.log.error({ event: 'delivery.not_rendered', notificationId, kind, error });
    return undefined;
  }
}

type ChannelsOf = (organizationId: OrganizationId, kind: ExternalKind) => LoadedChannel[];

/** All channels of a kind in the order in which they are tried, gathered once for the batch. */
function gatherChannels({ channels }: DispatchBatch): ChannelsOf {
  const gathered = new Map<string, LoadedChannel[]>();
  return (organizationId, kind) => {
    const key = `${organizationId} ${kind}`;
    const known =
      gathered.get(key) ?? (channels.get(organizationId) ?? []).filter((one) => one.kind === kind);
    gathered.set(key, known);
    return known;
  };
}

function toSendable(
  batch: DispatchBatch,
  channelsOf: ChannelsOf,
  notification: UndispatchedNotification,
  delivery: PlacedDelivery,
  leaseToken: string,
): BegunDelivery['delivery'] {
  const point = notification.contactPoints.find((one) => one.id === delivery.contactPointId);
  return {
    ...{ id: delivery.id, kind: delivery.kind, leaseToken, notification },
    channel: channelOf(batch, notification.organizationId, delivery) ?? null,
    channels: channelsOf(notification.organizationId, delivery.kind),
    address: point?.address ?? null,
    userExternalId: notification.userExternalId,
    attemptsBeforeReplay: 0,
  };
}
