import type { Router } from 'express';
import { getOverview } from '@carillon/contracts';
import { createOverviews } from '../../actions/overview.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { fromOverview } from './wire.ts';

/** What an operator sees at a glance. */
export function mountOverview(deps: ApiDeps, router: Router): void {
  const overviewOf = createOverviews(deps);
  bind(deps, router, getOverview, async ({ caller }) => {
    const overview = await overviewOf(asUser(caller));
    return { status: 200, body: fromOverview(overview, deps.config.delivery.mode) };
  });
}
