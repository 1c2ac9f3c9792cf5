import { kindsWithoutContactPoint } from '@carillon/channels/catalogue';
import type {
  DeliveryId,
  ExternalKind,
  NotificationId,
  PlanChannel,
  ReasonCode,
  RenderContext,
  UserId,
} from '@carillon/core';
import {
  abandonDispatch,
  kindsOfPlan,
  loadDispatchBatch,
  placeDispatch,
  planNotification,
  sqlState,
  type DispatchBatch,
  type Placed,
  type Placement,
  type UndispatchedNotification,
} from '@carillon/db';
import type { InboxMove } from '@carillon/queue';
import type { WorkerDeps } from '../deps.ts';
import { beginDeliveries } from '../delivering/begin.ts';
import { loadFacts, type Facts } from '../delivering/facts.ts';
import { contentOf } from '../delivering/message.ts';
import { offerDeliveries } from '../delivering/offer.ts';
import { beginRuns } from '../rules/advance.ts';

type DispatchDeps = Pick<
  WorkerDeps,
  | 'db'
  | 'newId'
  | 'log'
  | 'metrics'
  | 'fault'
  | 'config'
  | 'publisher'
  | 'producer'
  | 'runners'
  | 'renderPool'
  | 'policies'
>;

/** Rows that changed between load and place are planned again; more rounds than this are left to the reconciler. */
const roundsMax = 3;

/**
 * Turns accepted notifications into inbox items and deliveries: load, plan, place, then tell. Done
 * twice it changes nothing, because placing asks for what is undispatched.
 */
export async function dispatchNotifications(
  deps: DispatchDeps,
  ids: readonly NotificationId[],
): Promise<void> {
  let waiting = ids;
  for (let round = 1; round <= roundsMax && waiting.length > 0; round += 1) {
    const batch = await loadDispatchBatch(deps.db, waiting);
    waiting = await dispatchBatch(deps, batch);
  }
}

/** Answers what was planned on a version that is no longer there. */
async function dispatchBatch(deps: DispatchDeps, batch: DispatchBatch): Promise<NotificationId[]> {
  deps.metrics.dispatchBatch.observe(batch.notifications.length);
  const orphans = batch.notifications.filter((notification) => !notification.userExists);
  if (orphans.length > 0) await abandon(deps, orphans, 'user_deleted');
  const wanted = batch.notifications.filter((notification) => notification.userExists);
  if (wanted.length === 0) return [];
  const facts = await loadFacts(
    deps,
    wanted.map((notification) => ({
      notification,
      kinds: kindsOfPlan(channelsOf(batch, notification), notification),
    })),
    { policies: (ids) => deps.policies.ofBatch(batch, ids), readers: async () => readersOf(wanted) },
  );
  const planned = wanted.flatMap((notification) => plan(deps, batch, facts, notification) ?? []);
  if (planned.length === 0) return [];
  const beginning = await beginDeliveries(deps, batch, facts, planned);
  const placed = await place(deps, beginning.placements).catch((error: unknown) => {
    beginning.handBack();
    throw error;
  });
  const done = new Set(placed.map((one) => one.id));
  deps.fault('worker.after-claim');
  beginning.send((id) => done.has(id));
  deps.fault('inbox.after-commit-before-publish');
  await tell(deps, beginning.placements, placed);
  await beginPlacedRuns(deps, planned, done);
  return planned.filter((one) => !done.has(one.id)).map((one) => one.id);
}

/** Undefined for a recipient who was removed since the batch was loaded: the next round finds that out. */
function plan(
  deps: Pick<DispatchDeps, 'newId'>,
  batch: DispatchBatch,
  facts: Facts,
  notification: UndispatchedNotification,
): Placement | undefined {
  const texts = facts.texts.get(notification.id);
  const channels = channelsOf(batch, notification);
  const paused = new Set(channels.flatMap((one) => (one.paused === true ? [one.id] : [])));
  const open = new Set(channels.flatMap((one) => (one.open === true && !one.probeDue ? [one.id] : [])));
  const decided = planNotification(
    notification,
    { ...facts, texts, channels, kindsWithoutContactPoint },
    batch.now,
  );
  if (decided === undefined) return undefined;
  return {
    id: notification.id,
    version: notification.version,
    organizationId: notification.organizationId,
    recipientId: notification.recipientId,
    policyVersion: facts.policies.users.get(notification.recipientId)?.version ?? 0,
    placed: decided.placed,
    inboxReason: decided.decisions[0]?.code ?? 'placed',
    decisions: decided.decisions,
    deliveries: decided.deliveries.map((one) => ({
      ...one,
      id: deps.newId() as DeliveryId,
      isOpen: open.has(one.channelId),
      isPaused: notification.pausedKinds.includes(one.kind) || paused.has(one.channelId),
    })),
    run: decided.run && { ...decided.run, urgent: notification.urgent },
    content: contentOf(texts?.get('inbox')),
  };
}

function readersOf(notifications: readonly UndispatchedNotification[]): Map<UserId, RenderContext> {
  const readers = new Map<UserId, RenderContext>();
  for (const { recipientId, reader } of notifications) if (reader !== null) readers.set(recipientId, reader);
  return readers;
}

function channelsOf(
  batch: DispatchBatch,
  { organizationId }: UndispatchedNotification,
): readonly PlanChannel[] {
  return batch.channels.get(organizationId) ?? [];
}

/** SQLSTATE classes 22 and 23: the data of one row is wrong, and would fail its whole batch. */
const dataErrors = /^2[23]/;

/** A batch never fails for one bad notification: then each is placed alone, and the bad one is left to its tries. */
async function place(deps: DispatchDeps, placements: readonly Placement[]): Promise<Placed[]> {
  const { leaseMs } = deps.config;
  try {
    return await placeDispatch(deps.db, placements, leaseMs);
  } catch (cause) {
    if (placements.length === 1 || !dataErrors.test(sqlState(cause) ?? '')) throw cause;
    const placed: Placed[] = [];
    for (const placement of placements) {
      try {
        placed.push(...(await placeDispatch(deps.db, [placement], leaseMs)));
      } catch (error) {
        deps.metrics.jobErrors.inc({ job: 'dispatch' });
        deps.log.error({ event: 'dispatch.refused', notificationId: placement.id, error });
      }
    }
    return placed;
  }
}

/** Hints to sockets and to those who deliver; lost ones are found by heartbeat and due-scan. */
async function tell(
  deps: DispatchDeps,
  placements: readonly Placement[],
  placed: readonly Placed[],
): Promise<void> {
  const moves = movesOf(placements, placed);
  const ids = new Set(placed.map((one) => one.id));
  const due = new Map<ExternalKind, DeliveryId[]>();
  for (const placement of placements) {
    if (!ids.has(placement.id)) continue;
    for (const { kind, id, begun, held, isPaused, isOpen } of placement.deliveries) {
      if (begun !== undefined || held !== undefined || isPaused || isOpen === true) continue;
      const ofKind = due.get(kind);
      if (ofKind === undefined) due.set(kind, [id]);
      else ofKind.push(id);
    }
    countSuppressed(deps, placement);
  }
  deps.metrics.dispatched.inc(placed.length);
  deps.metrics.placed.inc(placed.filter((one) => one.head !== undefined).length);
  deps.metrics.hintsPublished.inc(moves.length);
  await Promise.all([
    deps.publisher.publish(moves),
    ...[...due].map(([kind, deliveryIds]) => offerDeliveries(deps, kind, deliveryIds)),
  ]);
}

/** The rules of who was just placed begin at once; a run whose worker dies here is found by the due-scan. */
async function beginPlacedRuns(
  deps: DispatchDeps,
  placements: readonly Placement[],
  done: ReadonlySet<NotificationId>,
): Promise<void> {
  const ids = placements.filter(({ id, run }) => run !== undefined && done.has(id)).map((one) => one.id);
  try {
    await beginRuns(deps, ids);
  } catch (error) {
    deps.metrics.jobErrors.inc({ job: 'rules' });
    deps.log.warn({ event: 'rules.not_begun', count: ids.length, error });
  }
}

function movesOf(placements: readonly Placement[], placed: readonly Placed[]): InboxMove[] {
  const organizations = new Map(placements.map((one) => [one.recipientId, one.organizationId]));
  const moves = new Map<UserId, InboxMove>();
  for (const { recipientId: userId, head } of placed) {
    const organizationId = organizations.get(userId);
    if (head === undefined || organizationId === undefined) continue;
    // Placed one by one, a batch moves an inbox more than once.
    const { after = head - 1 } = moves.get(userId) ?? {};
    moves.set(userId, { userId, organizationId, after: Math.min(after, head - 1), head });
  }
  return [...moves.values()];
}

function countSuppressed(deps: Pick<DispatchDeps, 'metrics'>, placement: Placement): void {
  for (const { decision, code } of placement.decisions) {
    if (decision === 'suppress') deps.metrics.suppressed.inc({ reason: code });
  }
}

/** Ends the dispatch of notifications that can never be placed. */
export async function abandon(
  deps: Pick<DispatchDeps, 'db' | 'log' | 'metrics'>,
  notifications: readonly { id: NotificationId }[],
  reason: ReasonCode,
): Promise<void> {
  await abandonDispatch(
    deps.db,
    notifications.map((one) => one.id),
    reason,
  );
  deps.metrics.suppressed.inc({ reason }, notifications.length);
  for (const { id } of notifications) {
    deps.log.warn({ event: 'dispatch.abandoned', notificationId: id, reason });
  }
}
