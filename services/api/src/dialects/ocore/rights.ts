import type { RouteAuth } from '@carillon/contracts';
import type { TokenScope } from '@carillon/core';

/** Every user, with a token that has this scope where it has any. */
export function everybody(scope: TokenScope): RouteAuth {
  return { roles: ['admin', 'member', 'system'], scope };
}

/** Channels are the whole organization's, and what is sent through them leaves it. */
export const onlyAdmins: RouteAuth = { roles: ['admin'], scope: 'admin' };
