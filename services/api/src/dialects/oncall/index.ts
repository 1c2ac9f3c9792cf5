import type { Dialect } from '../dialect.ts';
import { credential } from './credential.ts';
import { pace } from './pace.ts';
import { fromError, write } from './refusal.ts';
import { ruleRoutes } from './rule-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Grafana OnCall's personal notification rules, and the users that they belong to. */
export const oncall: Dialect = {
  name: 'oncall',
  mounts: ['/api/v1/personal_notification_rules', '/api/v1/users'],
  ...{ credential, pace },
  routes: (deps) => [...ruleRoutes(deps), ...userRoutes(deps)],
  streams: () => [],
  ...{ fromError, write },
  templates: [],
};
