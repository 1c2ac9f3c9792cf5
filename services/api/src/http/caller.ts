import {
  ForbiddenError,
  type AccessTokenId,
  type OrganizationId,
  type Role,
  type SessionId,
  type TokenScope,
  type UserId,
} from '@carillon/core';
import type { RouteAuth } from '@carillon/contracts';

/** Who calls, as the credential showed. */
export interface Caller {
  /** The user's id, or the token's for an operator without a user: separates idempotency keys. */
  id: string;
  /** An operator's token, which may make organizations. */
  operator: boolean;
  /** Undefined for an operator that is no user of any organization. */
  user: { id: UserId; organizationId: OrganizationId; role: Role } | undefined;
  /** Empty: everything that the user may. */
  scopes: readonly TokenScope[];
  tokenId: AccessTokenId | undefined;
  /** Set where somebody logged in with a password. */
  sessionId: SessionId | undefined;
  expiresAt: Date | undefined;
}

/** A caller that is a user of an organization. */
export interface UserCaller extends Caller {
  user: NonNullable<Caller['user']>;
}

/** Throws ForbiddenError when the caller's role or the token's scopes do not allow the call. */
export function authorize(auth: RouteAuth, caller: Caller): void {
  const role = caller.user?.role;
  const byRole = role !== undefined && auth.roles.includes(role);
  const asOperator = caller.operator && auth.roles.includes('operator');
  if (!byRole && !asOperator) {
    const needed = auth.roles.map((one) => `"${one}"`).join(' or ');
    throw new ForbiddenError('auth.forbidden', `This call needs the role ${needed}`);
  }
  if (auth.scope === undefined || caller.scopes.length === 0 || caller.scopes.includes(auth.scope)) return;
  throw new ForbiddenError('auth.scope_missing', `This token lacks the scope "${auth.scope}"`);
}

/** An admin of the organization, with a credential that may do what admins may. */
export function administers({ user, scopes }: Pick<UserCaller, 'user' | 'scopes'>): boolean {
  return user.role === 'admin' && (scopes.length === 0 || scopes.includes('admin'));
}

/** For calls about an organization's rows: an operator without a user has none. */
export function asUser(caller: Caller): UserCaller {
  const { user } = caller;
  if (user !== undefined) return { ...caller, user };
  throw new ForbiddenError('auth.forbidden', 'This call needs the token of a user of an organization');
}
