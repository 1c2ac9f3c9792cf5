import {
  isProblemCode,
  type User,
  type UserBulkResult,
  type UserChange,
  type UserWrite,
} from '@carillon/contracts';
import type { UserFields, UserRecord } from '@carillon/db';
import type { UserWriteResult } from '../../actions/users.ts';

/** Wire → domain. What is not named is not there, so that it stays as it is. */
export function toUserFields(body: UserWrite | UserChange): UserFields {
  const { external_id: externalId, ...others } = body;
  return { ...others, ...(externalId !== undefined && { externalId }) };
}

/** Domain → wire. */
export function fromUser(user: UserRecord): User {
  return {
    id: user.id,
    external_id: user.external_id,
    username: user.username,
    email: user.email,
    name: user.name,
    zone: user.zone,
    locale: user.locale,
    role: user.role,
    profile: user.profile,
    created_at: user.created_at.toISOString(),
    updated_at: user.updated_at.toISOString(),
  };
}

/** `index` is the place of the user in the request. */
export function fromUserWriteResult(
  result: UserWriteResult,
  index: number,
  externalId: string,
): UserBulkResult {
  if (result.outcome === 'stored') {
    const status = result.created ? 'created' : 'updated';
    return { status, id: result.user.id, external_id: externalId };
  }
  const { code, message, errors = [] } = result.error;
  return {
    status: 'refused',
    code: isProblemCode(code) ? code : 'request.invalid',
    message,
    errors: errors.map(({ pointer, detail }) => ({ pointer: `/users/${index}${pointer}`, detail })),
  };
}
