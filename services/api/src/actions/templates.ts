import { ConflictError, type TemplateRef } from '@carillon/core';
import {
  countTemplates,
  deleteTemplate,
  getTemplate,
  inOrganization,
  insertTemplate,
  listTemplates,
  listTemplateTexts,
  lockTemplate,
  updateTemplate,
  type TemplateFields,
  type TemplatePage,
  type TemplateRecord,
  type TemplateText,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { once, type OnceResult } from './once.ts';

/** Templates of one organization at most. */
const perOrganizationMax = 1_000;

/** Makes a template without a version. Throws ConflictError for a key that is taken, or when there are too many. */
export async function createOne(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  wish: TemplateFields & { key: string; name: string },
  key: RequestKey | undefined,
): Promise<OnceResult<TemplateRecord>> {
  const { organizationId } = caller.user;
  const id = deps.newId();
  const made = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      if ((await countTemplates(db, organizationId)) >= perOrganizationMax) {
        throw new ConflictError('limit.reached', `An organization may have ${perOrganizationMax} templates`);
      }
      return { result: await insertTemplate(db, { ...wish, id, organizationId }), ids: [id] };
    },
    again: (db, { ids }) => getTemplate(db, organizationId, { by: 'id', id: ids[0] ?? '' }),
  });
  if (!made.replayed) deps.log.info({ event: 'template.created', templateId: id, callerId: caller.id });
  return made;
}

/** One page of the organization's templates, by key. */
export async function listPage(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  page: TemplatePage,
): Promise<TemplateRecord[]> {
  return inOrganization(deps.db, user.organizationId, (db) => listTemplates(db, user.organizationId, page));
}

/** What the published templates of one source say, by name. */
export async function listTexts(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  source: TemplateText['source'],
): Promise<TemplateText[]> {
  return inOrganization(deps.db, user.organizationId, (db) =>
    listTemplateTexts(db, user.organizationId, source),
  );
}

/** Throws NotFoundError. */
export async function getOne(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  ref: TemplateRef,
): Promise<TemplateRecord> {
  return inOrganization(deps.db, user.organizationId, (db) => getTemplate(db, user.organizationId, ref));
}

/** Changes what is named; throws NotFoundError, and what `guard` throws. */
export async function changeOne(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  ref: TemplateRef,
  fields: TemplateFields,
  guard?: Guard<TemplateRecord>,
): Promise<TemplateRecord> {
  const { organizationId } = caller.user;
  const row = await inOrganization(deps.db, organizationId, async (db) => {
    guard?.(await lockTemplate(db, organizationId, ref));
    return updateTemplate(db, organizationId, ref, fields);
  });
  const names = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  deps.log.info({ event: 'template.changed', templateId: row.id, callerId: caller.id, fields: names });
  return row;
}

/** Throws NotFoundError, ConflictError for a template that came with Carillon, and what `guard` throws. */
export async function removeOne(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  ref: TemplateRef,
  guard?: Guard<TemplateRecord>,
): Promise<void> {
  const { organizationId } = caller.user;
  const { id } = await inOrganization(deps.db, organizationId, async (db) => {
    guard?.(await lockTemplate(db, organizationId, ref));
    return deleteTemplate(db, organizationId, ref);
  });
  deps.log.info({ event: 'template.deleted', templateId: id, callerId: caller.id });
}
