import type { Router } from 'express';
import { deleteQuietHours, getQuietHours, muteUser, setQuietHours, unmuteUser } from '@carillon/contracts';
import {
  changeQuietHours,
  getQuietHours as get,
  mute,
  removeQuietHours,
  unmute,
} from '../../actions/quiet-hours.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, changed } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { guardOf } from '../../http/etag.ts';
import { fromQuietHours } from './wire.ts';

/** When people are left in peace. */
export function mountQuietHours(deps: ApiDeps, router: Router): void {
  bind(deps, router, getQuietHours, async ({ params, caller }) => {
    return { status: 200, body: fromQuietHours(await get(deps, asUser(caller), params.id)) };
  });

  bind(deps, router, setQuietHours, async ({ params, body, caller, ifMatch }) => {
    const { urgent_passes: urgentPasses = true, ...window } = body;
    const wish = { ...window, urgentPasses };
    const guard = guardOf(ifMatch, fromQuietHours);
    return changed(fromQuietHours(await changeQuietHours(deps, asUser(caller), params.id, wish, guard)));
  });

  bind(deps, router, deleteQuietHours, async ({ params, caller, ifMatch }) => {
    await removeQuietHours(deps, asUser(caller), params.id, guardOf(ifMatch, fromQuietHours));
    return { status: 204 };
  });

  bind(deps, router, muteUser, async ({ params, body, caller }) => {
    const row = await mute(deps, asUser(caller), params.id, new Date(body.until));
    return { status: 200, body: fromQuietHours(row) };
  });

  bind(deps, router, unmuteUser, async ({ params, caller }) => {
    await unmute(deps, asUser(caller), params.id);
    return { status: 204 };
  });
}
