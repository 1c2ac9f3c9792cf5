import type { Router } from 'express';
import { createSimulation } from '@carillon/contracts';
import { createDataChecks } from '../../actions/accept-templates.ts';
import { simulate } from '../../actions/simulate.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toDraft } from '../notifications/wire.ts';
import { fromSimulated } from './wire.ts';

/** What would become of a notification; nothing is written. */
export function mountSimulations(deps: ApiDeps, router: Router): void {
  const simulating = { ...deps, dataChecks: createDataChecks() };
  bind(deps, router, createSimulation, async ({ body, caller }) => {
    const { at, ...create } = body;
    const simulated = await simulate(simulating, asUser(caller), {
      draft: toDraft(create, ''),
      at: at === undefined ? undefined : new Date(at),
    });
    return { status: 200, body: fromSimulated(simulated, deps.config.delivery.mode) };
  });
}
