import { CarillonError, ForbiddenError, type UserId } from '@carillon/core';
import {
  deleteUser,
  getUser,
  inOrganization,
  inSavepoint,
  listUsers,
  readInOrganization,
  updateUser,
  upsertUser,
  type Database,
  type UserFields,
  type UserPage,
  type UserRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { findUser, needScope } from './find-user.ts';
import { once } from './once.ts';

/** A user that was written, and whether it is new. */
export interface WrittenUser {
  user: UserRecord;
  created: boolean;
}

/** Makes a user of the caller's organization, or updates the one with the same external id. */
export async function writeOne(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  fields: UserFields,
  key: RequestKey | undefined,
): Promise<{ result: WrittenUser; replayed: boolean }> {
  const { organizationId } = caller.user;
  const written = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      const result = await upsertUser(db, { id: deps.newId() as UserId, organizationId, fields });
      return { result, ids: [result.user.id], details: { created: result.created } };
    },
    async again(db, { ids, details }) {
      const user = await getUser(db, organizationId, { id: ids[0] as UserId });
      return { user, created: (details as { created: boolean }).created };
    },
  });
  if (!written.replayed) tellWritten(deps, caller, written.result);
  return written;
}

/** What became of one user of several: a fault refuses that user alone. */
export type UserWriteResult =
  | ({ outcome: 'stored' } & WrittenUser)
  | { outcome: 'refused'; error: CarillonError };

/**
 * Makes or updates many users in one transaction, each in a savepoint of its own. Results are in the
 * order of the users; users are written in the order of their external ids, so that two calls at once
 * wait for each other instead of deadlocking.
 */
export async function writeMany(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  users: readonly (UserFields & { externalId: string })[],
): Promise<UserWriteResult[]> {
  const { organizationId } = caller.user;
  const order = users.map((fields, index) => ({ fields, index }));
  order.sort(({ fields: a }, { fields: b }) =>
    a.externalId < b.externalId ? -1 : Number(a.externalId > b.externalId),
  );
  const results = await inOrganization(deps.db, organizationId, async (db) => {
    const written = new Map<number, UserWriteResult>();
    for (const { fields, index } of order)
      written.set(index, await writeInSavepoint(deps, db, caller, fields));
    return [...written.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
  });
  const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
  deps.log.info({
    ...{ event: 'users.written', organizationId, callerId: caller.id },
    ...{ stored: count('stored'), refused: count('refused') },
  });
  return results;
}

async function writeInSavepoint(
  deps: Pick<ApiDeps, 'newId'>,
  db: Database,
  { user }: UserCaller,
  fields: UserFields,
): Promise<UserWriteResult> {
  const { organizationId } = user;
  try {
    const written = await inSavepoint(db, () =>
      upsertUser(db, { id: deps.newId() as UserId, organizationId, fields }),
    );
    return { outcome: 'stored', ...written };
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return { outcome: 'refused', error };
  }
}

export async function listPage(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  page: UserPage,
): Promise<UserRecord[]> {
  return readInOrganization(deps.db, user.organizationId, (db) => listUsers(db, user.organizationId, page));
}

/** What people may change about themselves without an admin. */
const ownFields: ReadonlySet<string> = new Set(['name', 'zone', 'locale']);

/** Changes a user; throws NotFoundError, ForbiddenError and ConflictError. */
export async function changeOne(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  fields: UserFields,
): Promise<UserRecord> {
  const target = await findUser(deps, caller, reference);
  checkChange(caller, fields);
  const { organizationId } = caller.user;
  const user = await inOrganization(deps.db, organizationId, (db) =>
    updateUser(db, organizationId, target.id, fields),
  );
  tellWritten(deps, caller, { user, created: false });
  return user;
}

function checkChange(caller: UserCaller, fields: UserFields): void {
  const others = Object.keys(fields).filter((name) => !ownFields.has(name));
  if (others.length === 0) {
    needScope(caller, 'preferences', 'admin');
    return;
  }
  if (caller.user.role !== 'admin') {
    throw new ForbiddenError(
      'auth.forbidden',
      'Members may change their own `name`, `zone` and `locale` only',
    );
  }
  needScope(caller, 'admin');
}

/** Deletes a user of the organization; throws NotFoundError, and ConflictError for the last admin. */
export async function deleteOne(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
): Promise<void> {
  const target = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, (db) => deleteUser(db, organizationId, target.id));
  deps.log.info({ event: 'user.deleted', organizationId, userId: target.id, callerId: caller.id });
}

function tellWritten(deps: Pick<ApiDeps, 'log'>, caller: UserCaller, { user, created }: WrittenUser): void {
  deps.log.info({
    event: created ? 'user.created' : 'user.updated',
    ...{ organizationId: user.organization_id, userId: user.id, role: user.role, callerId: caller.id },
  });
}
