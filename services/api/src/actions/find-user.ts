import { ForbiddenError, NotFoundError, type TokenScope } from '@carillon/core';
import { getUser, readInOrganization, type UserRecord, type UserRef } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

const externalPrefix = 'external:';

/** As a path names a user, or as an edge found out. */
export type UserReference = string | UserRef;

/**
 * The user that a path names: `me`, a user id, or `external:` and the id in the caller's system.
 * Everybody reaches themselves; another user of the organization only an admin, and with the scope
 * `admin` where the token has any. For all others another user does not exist: NotFoundError.
 */
export async function findUser(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: UserReference,
): Promise<UserRecord> {
  const { organizationId, id: ownId, role } = caller.user;
  const user = await readInOrganization(deps.db, organizationId, (db) =>
    getUser(db, organizationId, toRef(caller, reference)),
  );
  if (user.id === ownId) return user;
  if (role !== 'admin') throw new NotFoundError('user.not_found', 'There is no such user');
  needScope(caller, 'admin');
  return user;
}

function toRef({ user }: UserCaller, reference: UserReference): UserRef {
  if (typeof reference !== 'string') return reference;
  if (reference === 'me') return { id: user.id };
  if (reference.startsWith(externalPrefix)) return { externalId: reference.slice(externalPrefix.length) };
  return { id: reference as UserRecord['id'] };
}

/** Throws ForbiddenError when the caller's token is limited, and to none of these scopes. */
export function needScope(caller: UserCaller, ...scopes: readonly [TokenScope, ...TokenScope[]]): void {
  if (caller.scopes.length === 0 || scopes.some((scope) => caller.scopes.includes(scope))) return;
  throw new ForbiddenError('auth.scope_missing', `This token lacks the scope "${scopes[0]}"`);
}
