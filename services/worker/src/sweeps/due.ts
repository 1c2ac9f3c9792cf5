import { catalogue } from '@carillon/channels/catalogue';
import { afterCrash, externalKinds, type ExternalKind } from '@carillon/core';
import { endLeases, listExpiredLeases, loadDueWork, type ExpiredLease, type LeaseEnd } from '@carillon/db';
import { withDeadline } from '@carillon/runtime';
import type { DeliveryRunner } from '../delivering/runner.ts';
import type { WorkerDeps } from '../deps.ts';

type DueDeps = Pick<WorkerDeps, 'db' | 'log' | 'metrics' | 'runners' | 'clock'>;

/** Organizations take turns row by row within a page, so a page may be one organization's where no other waits. */
const perOrganization = 500;
const leasesPerRound = 500;
/**
 * A round ends after this time although more is due: leases must be ended meanwhile, other kinds looked for, and a scan
 * that lasts a minute counts as hanging. Suspects, which are sent one by one, come up again in ten seconds.
 */
const roundForMs = 10_000;
const roomWithinMs = 500;

/**
 * Lets this worker's runners take deliveries that are due and came by no job, as many as they have
 * room for: retries, ends of waiting, lost hints, everything while Redis is away. Answers whether there may be more.
 */
export async function deliverDue(deps: DueDeps, signal: AbortSignal): Promise<boolean> {
  const endMs = deps.clock.monotonicMs() + roundForMs;
  const work = await loadDueWork(deps.db);
  if (work.expiredLeases) await endExpiredLeases(deps);
  // What a lease gave back is due at once, and was not counted yet.
  const kinds = work.expiredLeases ? externalKinds : work.kinds;
  const more = await Promise.all(kinds.map((kind) => deliverDueOfKind(deps, kind, endMs, signal)));
  return more.includes(true);
}

async function deliverDueOfKind(
  deps: DueDeps,
  kind: ExternalKind,
  endMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const runner = deps.runners[kind];
  let isFull = runner.capacity() <= 0;
  for (;;) {
    if (isFull && !(await roomSoon(runner))) return false;
    const max = runner.capacity();
    if (max <= 0 || signal.aborted) return false;
    if (deps.clock.monotonicMs() > endMs) return true;
    const { count, suspects } = await runner.takeDue(perOrganization);
    deps.metrics.reconciled.inc({ stage: 'deliver' }, count);
    for (const suspect of suspects) {
      if (deps.clock.monotonicMs() > endMs) return true;
      await runner.offerAlone(suspect);
    }
    if (count < Math.min(max, perOrganization)) return false;
    isFull = true;
  }
}

/**
 * Slots come back within a moment where sends are answered, and what was found again waits for no tick of the scan. But
 * sends to endpoints that do not answer hold up neither the other kinds nor the end of the round.
 */
function roomSoon(runner: Pick<DeliveryRunner, 'room'>): Promise<boolean> {
  const room = runner.room().then(() => true);
  return withDeadline(room, roomWithinMs, () => false);
}

/** Decides about deliveries whose worker died or lost its connection in the middle of them. */
async function endExpiredLeases(deps: DueDeps): Promise<void> {
  const expired = await listExpiredLeases(deps.db, leasesPerRound);
  if (expired.length === 0) return;
  const ends = expired.map(decideLease);
  const ended = await endLeases(deps.db, ends);
  for (const { id, state, attempt } of ends.filter((end) => ended.has(end.id))) {
    if (attempt !== undefined) {
      const kind = expired.find((lease) => lease.id === id)?.kind ?? 'null';
      deps.metrics.delivered.inc({ kind, outcome: attempt.outcome });
    }
    deps.log.warn({ event: 'delivery.lease_ended', deliveryId: id, state, begun: attempt !== undefined });
  }
}

/** A lease without an attempt was only a claim: nothing happened, and nothing is counted. */
function decideLease(lease: ExpiredLease): LeaseEnd {
  const { id, leaseToken } = lease;
  if (lease.openAttempt === null) {
    return { id, leaseToken, state: 'pending', reason: undefined, attempt: undefined };
  }
  const { step, outcome } = afterCrash(lease.crashes + 1, catalogue[lease.kind]);
  return {
    ...{ id, leaseToken, state: step.state, attempt: { number: lease.openAttempt, outcome } },
    reason: step.state === 'sent' ? undefined : step.reason,
  };
}
