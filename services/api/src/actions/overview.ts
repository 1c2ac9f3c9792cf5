import { inOrganization } from '@carillon/db';
import { loadOverview, type OverviewRecord } from '@carillon/db/operation';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { createRemembering } from '../http/remembering.ts';

/** How an organization is doing, and who works for all of them. */
export interface Overview {
  record: OverviewRecord;
  /** Undefined while Redis does not say. */
  workersAlive: number | undefined;
}

/** Answers for the caller's organization; however many look at it, it is asked for every three seconds at most. */
export function createOverviews(
  deps: Pick<ApiDeps, 'db' | 'producer' | 'clock'>,
): (caller: UserCaller) => Promise<Overview> {
  const remember = createRemembering<Overview>(deps.clock);
  return ({ user: { organizationId } }) =>
    remember(organizationId, async () => {
      const [record, workersAlive] = await Promise.all([
        inOrganization(deps.db, organizationId, (db) => loadOverview(db, organizationId)),
        deps.producer.countWorkers(),
      ]);
      return { record, workersAlive };
    });
}
