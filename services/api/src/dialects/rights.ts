import type { RouteAuth } from '@carillon/contracts';
import type { TokenScope } from '@carillon/core';
import { administers, type UserCaller } from '../http/caller.ts';

/** Every user, with a token that has this scope where it has any. */
export function everybody(scope: TokenScope): RouteAuth {
  return { roles: ['admin', 'member', 'system'], scope };
}

/** Coder's owner: an admin, with a token that may do what admins may. */
export function isOwner(caller: UserCaller): boolean {
  return administers(caller);
}
