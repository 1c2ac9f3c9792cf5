import { NotFoundError } from '@carillon/core';
import { readInOrganization } from '@carillon/db';
import { listPeople as list, type PersonRecord } from '@carillon/db/rules';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { findUser, needScope } from './find-user.ts';

/**
 * One page of the people of the caller's organization, and how many there are, for edges whose clients count pages: an
 * admin sees everybody, who else asks sees nobody but themselves.
 */
export async function listPeople(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  page: { username?: string | undefined; offset: number; limit: number },
): Promise<{ people: PersonRecord[]; total: number }> {
  const { organizationId, id, role } = caller.user;
  if (role === 'admin') needScope(caller, 'admin');
  const only = role === 'admin' ? {} : { id };
  return readInOrganization(deps.db, organizationId, (db) => list(db, organizationId, { ...page, ...only }));
}

/** One of them, by the short id or, with `current`, the caller. Throws NotFoundError, also for who may not be seen. */
export async function getPerson(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  shortId: string,
): Promise<PersonRecord> {
  const { organizationId } = caller.user;
  const { id } = await findUser(deps, caller, shortId === 'current' ? 'me' : { shortId });
  const page = { id, offset: 0, limit: 1 };
  const { people } = await readInOrganization(deps.db, organizationId, (db) =>
    list(db, organizationId, page),
  );
  const [person] = people;
  if (person === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return person;
}
