import type { Router } from 'express';
import {
  deletePreference,
  deleteTemplatePreference,
  getEffectivePreferences,
  listPreferences,
  putPreference,
  putPreferences,
  putTemplatePreference,
} from '@carillon/contracts';
import { listEffective } from '../../actions/effective-preferences.ts';
import {
  listAll,
  removePreference,
  removeTemplatePreference,
  setPreferences,
  setTemplatePreference,
  type AllPreferences,
} from '../../actions/preferences.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { guardOf } from '../../http/etag.ts';
import { mountQuietHours } from './quiet-hours.ts';
import { fromEffective, fromPreference, fromTemplatePreference, toPreferenceWish } from './wire.ts';

/** What people want to be told, and when. */
export function mountPreferences(deps: ApiDeps, router: Router): void {
  bind(deps, router, listPreferences, async ({ params, caller }) => {
    return { status: 200, body: fromAll(await listAll(deps, asUser(caller), params.id)) };
  });

  bind(deps, router, putPreference, async ({ params, body, caller, ifMatch }) => {
    const wishes = [toPreferenceWish(body, '')];
    const guard = guardOf(ifMatch, fromAll);
    const rows = await setPreferences(deps, asUser(caller), params.id, wishes, guard);
    return { status: 200, body: rows.map(fromPreference)[0] };
  });

  bind(deps, router, putPreferences, async ({ params, body, caller, ifMatch }) => {
    const wishes = body.preferences.map((one, index) => toPreferenceWish(one, `/preferences/${index}`));
    const guard = guardOf(ifMatch, fromAll);
    const rows = await setPreferences(deps, asUser(caller), params.id, wishes, guard);
    return { status: 200, body: { data: rows.map(fromPreference) } };
  });

  bind(deps, router, getEffectivePreferences, async ({ params, query, caller }) => {
    const rows = await listEffective(deps, asUser(caller), params.id, {
      ...{ category: query.category, template: query.template },
      ...{ environment: query.environment ?? '', project: query.project ?? '' },
    });
    return { status: 200, body: { data: rows.map(fromEffective) } };
  });

  bind(deps, router, deletePreference, async ({ params, caller, ifMatch }) => {
    const guard = guardOf(ifMatch, fromAll);
    await removePreference(deps, asUser(caller), params.id, params.preference_id, guard);
    return { status: 204 };
  });

  bind(deps, router, putTemplatePreference, async ({ params, body, caller, ifMatch }) => {
    const { template, kind = '', enabled } = body;
    const wish = { template, kind, enabled };
    const guard = guardOf(ifMatch, fromAll);
    const row = await setTemplatePreference(deps, asUser(caller), params.id, wish, guard);
    return { status: 200, body: fromTemplatePreference(row) };
  });

  bind(deps, router, deleteTemplatePreference, async ({ params, caller, ifMatch }) => {
    const guard = guardOf(ifMatch, fromAll);
    await removeTemplatePreference(deps, asUser(caller), params.id, params.preference_id, guard);
    return { status: 204 };
  });

  mountQuietHours(deps, router);
}

/** What a GET shows, and what changes of preferences are matched with. */
function fromAll({ rows, templateRows }: AllPreferences) {
  return { data: rows.map(fromPreference), template_preferences: templateRows.map(fromTemplatePreference) };
}
