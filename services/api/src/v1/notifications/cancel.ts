import type { Router } from 'express';
import { cancelNotifications } from '@carillon/contracts';
import { MalformedError, type TriggerId } from '@carillon/core';
import { cancelMany } from '../../actions/cancel.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';

/** Calling back many at once. */
export function mountCancel(deps: ApiDeps, router: Router): void {
  bind(deps, router, cancelNotifications, async ({ body, caller }) => {
    const createdAfter = body.created_after === undefined ? undefined : new Date(body.created_after);
    const createdBefore = body.created_before === undefined ? undefined : new Date(body.created_before);
    if (createdAfter !== undefined && createdBefore !== undefined && createdBefore <= createdAfter) {
      throw new MalformedError('request.invalid', '/created_before: must be later than `created_after`', {
        errors: [{ pointer: '/created_before', detail: 'must be later than `created_after`' }],
      });
    }
    const { matched, cancelled, inFlight, sent } = await cancelMany(
      deps,
      asUser(caller),
      {
        triggerId: body.trigger_id as TriggerId | undefined,
        ...{ template: body.template, category: body.category, createdAfter, createdBefore },
      },
      { dryRun: body.dry_run ?? false, withdraw: body.withdraw ?? false },
    );
    return { status: 200, body: { matched, cancelled, in_flight: inFlight, sent } };
  });
}
