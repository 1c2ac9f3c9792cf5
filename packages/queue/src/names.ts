import type { ExternalKind, Lane } from '@carillon/core';

/**
 * Queue names. All keys of all queues share one hash tag, so that a Redis Cluster keeps them in one
 * slot. `bulk` has no queue: it is claimed from PostgreSQL.
 */
export type QueueLane = Exclude<Lane, 'bulk'>;
export const queueLanes: readonly QueueLane[] = ['urgent', 'normal'];

export const defaultPrefix = '{carillon}';

export function dispatchQueueName(lane: QueueLane): string {
  return `dispatch-${lane}`;
}

export function deliverQueueName(kind: ExternalKind): string {
  return `deliver-${kind}`;
}

/** Pub/sub channel of everything in one organization: subscribed only where somebody sees all of it. */
export function organizationHintChannel(prefix: string, organizationId: string): string {
  return `${prefix}:organization:${organizationId}`;
}

/** Pub/sub channel of one user's inbox hints: subscribed only where a socket of that user lives. */
export function inboxHintChannel(prefix: string, userId: string): string {
  return `${prefix}:inbox:${userId}`;
}
