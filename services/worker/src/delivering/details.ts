import { catalogue } from '@carillon/channels/catalogue';
import type { ExternalKind, NotificationId } from '@carillon/core';
import { loadDetails, type ClaimedDelivery, type LoadedDetails } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

/** Details by notification, of those whose channel wants them. */
export type Details = ReadonlyMap<NotificationId, LoadedDetails>;

/** A delivery whose message is about to be made. */
export interface DetailsSubject {
  notificationId: NotificationId;
  kind: ExternalKind;
  settings: Readonly<Record<string, unknown>> | undefined;
}

/** Loads, in one statement, the details that the channels of these deliveries want; without such a channel, none. */
export async function loadWantedDetails(
  deps: Pick<WorkerDeps, 'db'>,
  subjects: readonly DetailsSubject[],
): Promise<Details> {
  return loadDetails(
    deps.db,
    subjects.filter(wantsDetails).map((one) => one.notificationId),
  );
}

/** As `loadWantedDetails`; a message that was kept with its details needs none, nor does one that tells of several. */
export async function loadMissingDetails(
  deps: Pick<WorkerDeps, 'db'>,
  deliveries: readonly ClaimedDelivery[],
): Promise<Details> {
  return loadWantedDetails(
    deps,
    deliveries
      .filter(({ message, isDigest }) => !isDigest && !hasDetails(message))
      .map(({ notification, kind, channel }) => ({
        ...{ notificationId: notification.id, kind, settings: channel?.settings },
      })),
  );
}

function wantsDetails({ kind, settings }: DetailsSubject): boolean {
  return settings !== undefined && catalogue[kind].readsDetails?.(settings) === true;
}

function hasDetails(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'details' in message;
}
