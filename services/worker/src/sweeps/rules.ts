import { listDueRuns, type DueRun } from '@carillon/db/rules';
import { advanceRuns } from '../rules/advance.ts';

type RulesDeps = Parameters<typeof advanceRuns>[0];

/** Runs looked for at once. */
const pageMax = 1_200;
/** Runs taken on together: beyond this a larger batch saves nothing more, and holds inboxes longer. */
const batchMax = 300;
/** While PostgreSQL writes one batch, the next is decided. */
const batchesInFlight = 2;

/**
 * Takes on runs of notification rules whose wait or pause is over, page by page until a short one. Users that another
 * worker holds are left to it: a page of nothing but such ends the round.
 */
export async function advanceDueRuns(deps: RulesDeps, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) return;
    const due = await listDueRuns(deps.db, { perOrganization: pageMax, max: pageMax });
    const batches = batchesByUser(due);
    let taken = 0;
    const work = async () => {
      for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
        taken += await advanceRuns(deps, batch, { waits: false });
      }
    };
    await Promise.all(Array.from({ length: batchesInFlight }, work));
    if (due.length < pageMax || taken === 0) return;
  }
}

/** The runs of one user stay together, because two batches at once would ask for the same lock. */
function batchesByUser(due: readonly DueRun[]): DueRun[][] {
  const batches: DueRun[][] = [];
  let batch: DueRun[] = [];
  for (const run of due.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))) {
    if (batch.length >= batchMax && batch.at(-1)?.userId !== run.userId) {
      batches.push(batch);
      batch = [];
    }
    batch.push(run);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
