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
} from '../../actions/preferences.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { mountQuietHours } from './quiet-hours.ts';
import { fromEffective, fromPreference, fromTemplatePreference, toPreferenceWish } from './wire.ts';

/** What people want to be told, and when. */
export function mountPreferences(deps: ApiDeps, router: Router): void {
  bind(deps, router, listPreferences, async ({ params, caller }) => {
    const { rows, templateRows } = await listAll(deps, asUser(caller), params.id);
    return {
      status: 200,
      body: {
        data: rows.map(fromPreference),
        template_preferences: templateRows.map(fromTemplatePreference),
      },
    };
  });

  bind(deps, router, putPreference, async ({ params, body, caller }) => {
    const rows = await setPreferences(deps, asUser(caller), params.id, [toPreferenceWish(body, '')]);
    return { status: 200, body: rows.map(fromPreference)[0] };
  });

  bind(deps, router, putPreferences, async ({ params, body, caller }) => {
    const wishes = body.preferences.map((one, index) => toPreferenceWish(one, `/preferences/${index}`));
    const rows = await setPreferences(deps, asUser(caller), params.id, wishes);
    return { status: 200, body: { data: rows.map(fromPreference) } };
  });

  bind(deps, router, getEffectivePreferences, async ({ params, query, caller }) => {
    const rows = await listEffective(deps, asUser(caller), params.id, {
      ...{ category: query.category, template: query.template },
      ...{ environment: query.environment ?? '', project: query.project ?? '' },
    });
    return { status: 200, body: { data: rows.map(fromEffective) } };
  });

  bind(deps, router, deletePreference, async ({ params, caller }) => {
    await removePreference(deps, asUser(caller), params.id, params.preference_id);
    return { status: 204 };
  });

  bind(deps, router, putTemplatePreference, async ({ params, body, caller }) => {
    const { template, kind = '', enabled } = body;
    const row = await setTemplatePreference(deps, asUser(caller), params.id, { template, kind, enabled });
    return { status: 200, body: fromTemplatePreference(row) };
  });

  bind(deps, router, deleteTemplatePreference, async ({ params, caller }) => {
    await removeTemplatePreference(deps, asUser(caller), params.id, params.preference_id);
    return { status: 204 };
  });

  mountQuietHours(deps, router);
}
