import type { Dialect } from '../dialect.ts';
import { credential } from './credential.ts';
import { inboxRoutes, inboxStreams } from './inbox-routes.ts';
import { fromError, write } from './refusal.ts';
import { sendingRoutes } from './sending-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { startRoutes } from './start-routes.ts';
import { coderTemplates } from './templates/index.ts';

/** The notification calls of Coder, for its command line, SDK, dashboard and editor extension. */
export const coder: Dialect = {
  name: 'coder',
  mounts: ['/api/v2'],
  credential,
  routes: (deps) => [
    ...inboxRoutes(deps),
    ...sendingRoutes(deps),
    ...settingsRoutes(deps),
    ...startRoutes(deps),
  ],
  streams: () => inboxStreams,
  fromError,
  write,
  templates: coderTemplates,
};
