import { listAll, rewritePreferences } from '../../actions/preferences.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { mergeWishes } from './preference-merge.ts';
import { readPreferences, toRows } from './preference-rows.ts';
import { everybody } from './rights.ts';

const path = '/api/notifications/preferences';

/** What the caller wants to be told, and when it is quiet. */
export function preferenceRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path, auth: everybody('preferences') },
      async handle({ caller }) {
        const { rows } = await listAll(deps, caller, 'me');
        return { status: 200, body: toRows(rows) };
      },
    },
    {
      ...{ method: 'PUT', path, auth: everybody('preferences') },
      async handle({ body, caller }) {
        const wishes = readPreferences(body);
        const rows = await rewritePreferences(deps, caller, 'me', (before) => mergeWishes(before, wishes));
        return { status: 200, body: toRows(rows) };
      },
    },
  ];
}
