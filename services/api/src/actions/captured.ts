import { inOrganization } from '@carillon/db';
import { listCaptured, type CapturedPage, type CapturedRecord } from '@carillon/db/operation';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/** One page of what was kept back in the caller's organization, the latest first. */
export async function listCapturedPage(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  page: CapturedPage,
): Promise<CapturedRecord[]> {
  return inOrganization(deps.db, user.organizationId, (db) => listCaptured(db, user.organizationId, page));
}
