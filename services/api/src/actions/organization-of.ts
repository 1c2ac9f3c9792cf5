import { getOrganization as load, readInOrganization, type OrganizationRecord } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/** The caller's own organization. */
export async function getOrganization(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
): Promise<OrganizationRecord> {
  return readInOrganization(deps.db, user.organizationId, (db) => load(db, user.organizationId));
}
