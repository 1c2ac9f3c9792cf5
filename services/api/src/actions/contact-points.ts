import { validateAddress } from '@carillon/channels/catalogue';
import {
  ConflictError,
  ForbiddenError,
  InvalidError,
  type ContactPointId,
  type ExternalKind,
} from '@carillon/core';
import {
  deleteContactPoint,
  getContactPoint,
  inOrganization,
  insertContactPoint,
  listContactPoints,
  readInOrganization,
  updateContactPoint,
  type ContactPointRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { findUser, needScope } from './find-user.ts';
import { once } from './once.ts';

/** Addresses of one user at most. */
const perUserMax = 100;

/** All addresses of a user whom the caller may see. */
export async function listAddresses(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: string,
): Promise<ContactPointRecord[]> {
  const { id } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  return readInOrganization(deps.db, organizationId, (db) => listContactPoints(db, organizationId, id));
}

/**
 * Adds an address. Throws InvalidError where it does not fit its kind or the kind takes none,
 * ConflictError where the user has it or has too many, ForbiddenError where a member says `verified`.
 */
export async function addAddress(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: string,
  point: { kind: ExternalKind; address: string; verified: boolean | undefined },
  key: RequestKey | undefined,
): Promise<{ result: ContactPointRecord; replayed: boolean }> {
  const { id: userId } = await findUser(deps, caller, reference);
  checkVerified(caller, point.verified);
  checkAddress(point.kind, point.address);
  const { organizationId } = caller.user;
  const added = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      const existing = await listContactPoints(db, organizationId, userId);
      if (existing.length >= perUserMax) {
        throw new ConflictError('limit.reached', `A user may have ${perUserMax} addresses`);
      }
      const id = deps.newId() as ContactPointId;
      const result = await insertContactPoint(db, {
        ...{ id, organizationId, userId, kind: point.kind, address: point.address },
        verified: point.verified ?? false,
      });
      return { result, ids: [id] };
    },
    again: (db, { ids }) => getContactPoint(db, organizationId, ids[0] as ContactPointId),
  });
  if (!added.replayed) tell(deps, 'contact_point.added', caller, added.result);
  return added;
}

/** Changes an address, or whether it is verified; throws as `addAddress` does, and NotFoundError. */
export async function changeAddress(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  id: ContactPointId,
  fields: { address?: string | undefined; verified?: boolean | undefined },
): Promise<ContactPointRecord> {
  const { id: userId } = await findUser(deps, caller, reference);
  checkVerified(caller, fields.verified);
  const { organizationId } = caller.user;
  const changed = await inOrganization(deps.db, organizationId, async (db) => {
    if (fields.address !== undefined) {
      const { kind, user_id: ownerId } = await getContactPoint(db, organizationId, id);
      // Of another user's address not even the kind is told; the update does not find it.
      if (ownerId === userId) checkAddress(kind, fields.address);
    }
    return updateContactPoint(db, organizationId, userId, id, fields);
  });
  tell(deps, 'contact_point.changed', caller, changed);
  return changed;
}

/** Removes an address; what is pending for it is not sent. Throws NotFoundError. */
export async function removeAddress(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  id: ContactPointId,
): Promise<void> {
  const { id: userId } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, (db) => deleteContactPoint(db, organizationId, userId, id));
  tell(deps, 'contact_point.removed', caller, { id, user_id: userId });
}

/** Who says that an address is a user's must not be that user. */
function checkVerified(caller: UserCaller, verified: boolean | undefined): void {
  if (verified === undefined) return;
  if (caller.user.role !== 'admin') {
    throw new ForbiddenError('auth.forbidden', 'Only an admin may say whether an address is verified');
  }
  needScope(caller, 'admin');
}

/** Throws InvalidError when an address does not fit its kind, or the kind takes none. */
export function checkAddress(kind: ExternalKind, address: string): void {
  const errors = validateAddress(kind, address);
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError('contact_point.address_invalid', `The address is refused: ${first.detail}`, {
    errors: errors.map(({ detail }) => ({ pointer: '/address', detail })),
  });
}

function tell(
  deps: Pick<ApiDeps, 'log'>,
  event: string,
  caller: UserCaller,
  point: Pick<ContactPointRecord, 'id' | 'user_id'>,
): void {
  deps.log.info({ event, contactPointId: point.id, userId: point.user_id, callerId: caller.id });
}
