import type { Dialect } from '../dialect.ts';
import { channelRoutes } from './channel-routes.ts';
import { credential } from './credential.ts';
import { notificationRoutes } from './notification-routes.ts';
import { preferenceRoutes } from './preference-routes.ts';
import { fromError, write } from './refusal.ts';

/** The notification calls of oCore: a user's inbox and preferences, and the organization's channels. */
export const ocore: Dialect = {
  name: 'ocore',
  mounts: ['/api/notifications', '/api/monitoring/notifications'],
  credential,
  routes: (deps) => [...notificationRoutes(deps), ...preferenceRoutes(deps), ...channelRoutes(deps)],
  streams: () => [],
  fromError,
  write,
  templates: [],
};
