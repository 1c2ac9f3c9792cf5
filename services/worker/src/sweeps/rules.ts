import { listDueRuns } from '@carillon/db/rules';
import { advanceRuns } from '../rules/advance.ts';

type RulesDeps = Parameters<typeof advanceRuns>[0];

/** Runs taken on together: beyond this a larger batch saves nothing more, and holds inboxes longer. */
const batchMax = 300;

/**
 * Takes on runs of notification rules whose wait or pause is over, page by page until a short one. Users that another
 * worker holds are left to it: a page of nothing but such ends the round.
 */
export async function advanceDueRuns(deps: RulesDeps, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) return;
    const due = await listDueRuns(deps.db, { perOrganization: batchMax, max: batchMax });
    const taken = await advanceRuns(deps, due, { waits: false });
    if (due.length < batchMax || taken === 0) return;
  }
}
