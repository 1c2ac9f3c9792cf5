import type { Dialect } from '../dialect.ts';
import { authRoutes } from './auth-routes.ts';
import { credential } from './credential.ts';
import { methodNotAllowed, routeNotFound } from './errors.ts';
import { fromError } from './from-error.ts';
import { graphqlMethods, graphqlPaths, graphqlRoutes } from './graphql/routes.ts';
import { graphqlSocket } from './graphql/socket.ts';
import { meRoutes } from './me.ts';
import { realtimeSocket } from './realtime/socket.ts';
import { jsonDepthMax } from './query/query-text.ts';
import { itemRoutes } from './routes.ts';

/** The notification calls of Directus, for its SDK and for whoever speaks its REST or GraphQL. */
export const directus: Dialect = {
  name: 'directus',
  mounts: ['/notifications', '/users/me', '/auth', '/graphql'],
  credential,
  routes: (deps) => [...itemRoutes(deps), ...meRoutes(deps), ...authRoutes(deps), ...graphqlRoutes(deps)],
  streams: () => [],
  sockets: (deps) => [realtimeSocket(deps), graphqlSocket(deps)],
  fromError,
  unserved: (path, method) =>
    fromError(
      graphqlPaths.some((one) => one === path) && !graphqlMethods.some((one) => one === method)
        ? methodNotAllowed(method, graphqlMethods)
        : routeNotFound(path),
    ),
  write: (body) => JSON.stringify(body),
  needsJsonType: true,
  bodyBytesMax: 2 * 1024 * 1024,
  bodyDepthMax: jsonDepthMax,
  templates: [],
};
