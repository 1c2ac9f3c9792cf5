import { categoriesMax } from '@carillon/contracts';
import { ConflictError } from '@carillon/core';
import {
  deleteCategory,
  inOrganization,
  listCategories,
  lockCategory,
  readInOrganization,
  upsertCategory,
  type CategoryFields,
  type CategoryRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/** All categories of the caller's organization by key. */
export async function listAll(deps: Pick<ApiDeps, 'db'>, { user }: UserCaller): Promise<CategoryRecord[]> {
  const { organizationId } = user;
  return readInOrganization(deps.db, organizationId, (db) => listCategories(db, organizationId));
}

/** Makes a category, or changes what is named of one. Throws ConflictError where there are too many. */
export async function writeCategory(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  key: string,
  fields: CategoryFields,
): Promise<{ category: CategoryRecord; created: boolean }> {
  const { organizationId } = caller.user;
  const written = await inOrganization(deps.db, organizationId, async (db) => {
    const before = await lockCategory(db, organizationId, key);
    if (before === undefined && (await listCategories(db, organizationId)).length >= categoriesMax) {
      throw new ConflictError('limit.reached', `An organization may have ${categoriesMax} categories`);
    }
    const category = await upsertCategory(db, organizationId, key, fields);
    return { category, created: before === undefined };
  });
  deps.log.info({
    event: written.created ? 'category.created' : 'category.changed',
    ...{ organizationId, callerId: caller.id, fields: Object.keys(fields) },
  });
  return written;
}

/** Throws NotFoundError. */
export async function removeCategory(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  key: string,
): Promise<void> {
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, (db) => deleteCategory(db, organizationId, key));
  deps.log.info({ event: 'category.removed', organizationId, callerId: caller.id });
}
