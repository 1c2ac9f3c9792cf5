import type { NotificationId } from '@carillon/core';
import { claimUndispatched, type Undispatched } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import { abandon, dispatchNotifications } from '../jobs/dispatch.ts';

type ReconcileDeps = Parameters<typeof dispatchNotifications>[0] & Pick<WorkerDeps, 'db' | 'log' | 'metrics'>;

const perOrganization = 100;
const organizationsMax = 10;
/** From so many tries on a notification is dispatched by itself, so that it cannot spoil a batch. */
const aloneFromTries = 3;
/** After so many tries it is given up. */
const triesMax = 10;

/**
 * Dispatches what waits and was brought by no job: lost hints, organizations above their share, and
 * everything while Redis is away. Round robin by organization, page by page until a short one.
 */
export async function dispatchWaiting(
  deps: ReconcileDeps,
  signal: AbortSignal,
  onFound: () => void,
): Promise<void> {
  for (;;) {
    if (signal.aborted) return;
    const page = await claimUndispatched(deps.db, { perOrganization, organizationsMax });
    if (page.length === 0) return;
    onFound();
    deps.metrics.reconciled.inc({ stage: 'dispatch' }, page.length);
    deps.fault('reconciler.mid-batch');
    await dispatchPage(deps, page);
    if (page.length < perOrganization) return;
  }
}

async function dispatchPage(deps: ReconcileDeps, page: readonly Undispatched[]): Promise<void> {
  const hopeless = page.filter((one) => one.tries >= triesMax);
  if (hopeless.length > 0) await abandon(deps, hopeless, 'dispatch_failed');
  const suspects = page.filter((one) => one.tries >= aloneFromTries && one.tries < triesMax);
  const ordinary = page.filter((one) => one.tries < aloneFromTries);
  const batches: NotificationId[][] = [ordinary.map((one) => one.id), ...suspects.map((one) => [one.id])];
  for (const ids of batches.filter((batch) => batch.length > 0)) {
    try {
      await dispatchNotifications(deps, ids);
    } catch (error) {
      deps.metrics.jobErrors.inc({ job: 'dispatch' });
      deps.log.warn({ event: 'dispatch.batch_failed', count: ids.length, error });
    }
  }
}
