import { getPerson, listPeople } from '../../actions/people.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { loadPage, readPage } from './page.ts';
import { people } from './rights.ts';
import { toUser } from './translate.ts';

const base = '/api/v1/users';
const perPageUsual = 100;

/** The users whose ids rules name: all of the organization for admins, oneself for everybody else. */
export function userRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: base, auth: people },
      async handle({ query, caller }) {
        const username = query.get('username') ?? undefined;
        const load = async (part: { offset: number; limit: number }) => {
          const { people: rows, total } = await listPeople(deps, caller, { username, ...part });
          return { rows, total };
        };
        const url = `${deps.config.publicUrl}${base}/`;
        const page = readPage(query, perPageUsual);
        return { status: 200, body: await loadPage(page, load, { url, query, show: toUser }) };
      },
    },
    {
      ...{ method: 'GET', path: `${base}/{id}`, auth: people },
      async handle({ params, caller }) {
        return { status: 200, body: toUser(await getPerson(deps, caller, params['id'] ?? '')) };
      },
    },
  ];
}
