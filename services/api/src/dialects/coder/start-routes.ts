import { version } from '@carillon/runtime';
import { findUser } from '../../actions/find-user.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { everybody } from '../rights.ts';
import { unknownUser, userReference } from './settings-routes.ts';
import { toUser } from './translate.ts';

/** Clients compare versions and switch features on by them: one whose notification calls are those served here. */
const servedVersion = `v2.30.0+carillon-${version}`;

/** What Coder's clients ask before anything else. Read only. */
export function startRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: '/api/v2/buildinfo', auth: 'public' },
      async handle() {
        const { publicUrl } = deps.config;
        return {
          status: 200,
          body: {
            external_url: `${publicUrl}/docs`,
            version: servedVersion,
            dashboard_url: publicUrl,
            ...{ telemetry: false, workspace_proxy: false, agent_api_version: '2.0' },
            ...{ provisioner_api_version: '1.0', upgrade_message: '', deployment_id: '' },
          },
        };
      },
    },
    {
      ...{ method: 'GET', path: '/api/v2/users/{user}', auth: everybody('inbox') },
      async handle({ params, caller }) {
        const user = await findUser(deps, caller, userReference(params['user'] ?? '')).catch(unknownUser);
        return { status: 200, body: toUser(user) };
      },
    },
  ];
}
