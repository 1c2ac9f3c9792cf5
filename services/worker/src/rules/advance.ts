import type { ExternalKind, DeliveryId, NotificationId, RunStep } from '@carillon/core';
import { inTransaction, type Database } from '@carillon/db';
import {
  listDueRunsOf,
  loadRuns,
  lockForSteps,
  placeSteps,
  type DueRun,
  type RunPlacement,
} from '@carillon/db/rules';
import { offerDeliveries } from '../delivering/offer.ts';
import type { WorkerDeps } from '../deps.ts';
import { decideRuns, type DecidedRun } from './decide.ts';

type AdvanceDeps = Pick<
  WorkerDeps,
  'db' | 'newId' | 'log' | 'metrics' | 'fault' | 'producer' | 'runners' | 'policies'
>;

/**
 * Takes runs on whose next step is due: decides all of them together, under the locks of their users' inboxes, and writes
 * what they did in one statement. What changes an inbox, a policy or a rule takes the same locks: so a step is decided
 * on what was answered last, and none begins after the answer that stopped its run. Done twice it does nothing twice.
 * Without `waits`, users whom somebody holds at this moment are left out. Answers how many runs were taken on.
 */
export async function advanceRuns(
  deps: AdvanceDeps,
  due: readonly DueRun[],
  options: { waits: boolean },
): Promise<number> {
  if (due.length === 0) return 0;
  const decided = await inTransaction(deps.db, (transaction) =>
    advanceLocked(deps, transaction, due, options),
  );
  deps.fault('worker.after-steps');
  await tell(deps, decided);
  return decided.length;
}

/** Begins the runs that came with these placements; those that another worker took on by now are left to it. */
export async function beginRuns(deps: AdvanceDeps, ids: readonly NotificationId[]): Promise<void> {
  if (ids.length > 0) await advanceRuns(deps, await listDueRunsOf(deps.db, ids), { waits: true });
}

async function advanceLocked(
  deps: AdvanceDeps,
  transaction: Database,
  due: readonly DueRun[],
  options: { waits: boolean },
): Promise<DecidedRun[]> {
  const userIds = due.map((one) => one.userId);
  const users = await lockForSteps(transaction, userIds, options);
  const locked = due.filter(({ userId }) => users.has(userId));
  if (locked.length === 0) return [];
  const batch = await loadRuns(
    transaction,
    locked.map((one) => one.id),
  );
  const { runs, bundles } = await decideRuns(deps, transaction, batch, users);
  const placements = runs.map((one) => one.placement);
  const written = await placeSteps(transaction, placements, bundles);
  return runs.filter(({ placement }) => written.has(placement.id));
}

/** Hints to those who deliver, figures, and a word to the operator about whom nobody reached. */
async function tell(deps: AdvanceDeps, decided: readonly DecidedRun[]): Promise<void> {
  const done = new Map<RunStep['decision'], number>();
  for (const { placement, isUnreached, lateMs } of decided) {
    const { id, steps, next } = placement;
    deps.metrics.ruleLateness.observe(Math.max(0, lateMs) / 1000);
    for (const { decision } of steps) done.set(decision, (done.get(decision) ?? 0) + 1);
    if (isUnreached) deps.log.warn({ event: 'rules.unreached', notificationId: id });
    if (next.state !== 'running') deps.metrics.ruleRunsEnded.inc({ outcome: outcomeOf(next) });
  }
  for (const [decision, count] of done) deps.metrics.ruleSteps.inc({ decision }, count);
  const offers = [...deliveriesByKind(decided.map((one) => one.placement))];
  await Promise.all(offers.map(([kind, ids]) => offerDeliveries(deps, kind, ids)));
}

function outcomeOf(end: Exclude<RunPlacement['next'], { state: 'running' }>) {
  return end.state === 'finished' && end.reason !== undefined ? 'unreached' : end.state;
}

function deliveriesByKind(placements: readonly RunPlacement[]): Map<ExternalKind, DeliveryId[]> {
  const byKind = new Map<ExternalKind, DeliveryId[]>();
  for (const delivery of placements.flatMap(({ steps }) => steps.flatMap((step) => step.deliveries))) {
    if (delivery.isPaused || delivery.bundledUntil !== undefined) continue;
    const ofKind = byKind.get(delivery.kind);
    if (ofKind === undefined) byKind.set(delivery.kind, [delivery.id]);
    else ofKind.push(delivery.id);
  }
  return byKind;
}
