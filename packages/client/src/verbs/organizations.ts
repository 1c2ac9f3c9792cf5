import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

/** Tenants; for tokens of operators. */
export function organizationVerbs(call: Call) {
  return {
    create: (body: Body<'createOrganization'>, options?: CallOptions) =>
      call('createOrganization', { body }, options),
    list: (query: Query<'listOrganizations'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listOrganizations', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    get: (id: string, options?: CallOptions) => call('getOrganization', { params: { id } }, options),
    update: (id: string, body: Body<'updateOrganization'>, options?: CallOptions) =>
      call('updateOrganization', { params: { id }, body }, options),
  };
}

/** How the API itself is. A server that is not well answers too: look at `status`. */
export function operationVerbs(call: Call) {
  return {
    liveness: (options?: CallOptions) => call('getLiveness', {}, options),
    readiness: (options?: CallOptions) => call('getReadiness', {}, options),
    health: (options?: CallOptions) => call('getHealth', {}, options),
    /** As Prometheus reads them. */
    metrics: async (options?: CallOptions): Promise<string> => String(await call('getMetrics', {}, options)),
    /** How the caller's organization is doing, for a page that is looked at. */
    overview: (options?: CallOptions) => call('getOverview', {}, options),
    openApi: (options?: CallOptions) => call('getOpenApi', {}, options),
  };
}
