import { readSelf } from '../../actions/item-queries.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { everybody } from '../rights.ts';
import { forbiddenFields } from './errors.ts';
import { kindOf } from './items.ts';
import { collections } from './query/collections.ts';
import { parseQueryText, readNames } from './query/query-text.ts';

/** Who is signed in, which clients ask before anything else. Read only; a relation is told as its id. */
export function meRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: '/users/me', auth: everybody('inbox') },
      async handle({ caller, query }) {
        const readable = collections[kindOf(caller)].fields.get('recipient')?.end?.fields ?? new Map();
        const named = readNames('fields', parseQueryText(query.toString())['fields']);
        const wanted = named.length === 0 || named.includes('*') ? [...readable.keys()] : named;
        const unknown = wanted.filter((name) => !readable.has(name));
        if (unknown.length > 0) throw forbiddenFields(unknown, 'directus_users');
        const fields = wanted.flatMap((name) => readable.get(name)?.person ?? []);
        const cells = await readSelf(deps, caller, fields);
        return {
          status: 200,
          body: { data: Object.fromEntries(wanted.map((name, at) => [name, cells[at]])) },
        };
      },
    },
  ];
}
