import { ConflictError, NotFoundError, type TemplateContent, type TemplateProblemCode } from '@carillon/core';
import {
  deleteTemplatePart,
  inOrganization,
  listTemplateParts,
  loadPartials,
  loadTemplatePart,
  putTemplatePart,
  templatePartsMax,
  type TemplatePartRecord,
  type TemplatePartRef,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { doesNotCompile } from './template-check.ts';

/** All partials and layouts of the organization, without their sources. */
export async function listParts(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
): Promise<Omit<TemplatePartRecord, 'source'>[]> {
  return inOrganization(deps.db, user.organizationId, (db) => listTemplateParts(db, user.organizationId));
}

/** Throws NotFoundError. */
export async function getPart(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  ref: TemplatePartRef,
): Promise<TemplatePartRecord> {
  const row = await inOrganization(deps.db, user.organizationId, (db) =>
    loadTemplatePart(db, user.organizationId, ref),
  );
  if (row === undefined) throw new NotFoundError('template.part_not_found', `There is no such ${ref.part}`);
  return row;
}

/** Makes or replaces it. Throws InvalidError for what compiles nowhere, ConflictError for one too many. */
export async function putPart(
  deps: Pick<ApiDeps, 'db' | 'log' | 'renderPool'>,
  caller: UserCaller,
  ref: TemplatePartRef,
  source: string,
): Promise<TemplatePartRecord> {
  const { organizationId } = caller.user;
  const partials = await inOrganization(deps.db, organizationId, (db) => loadPartials(db, organizationId));
  await checkPart(deps, ref, source, partials);
  const row = await inOrganization(deps.db, organizationId, (db) =>
    putTemplatePart(db, organizationId, ref, source),
  );
  if (row === undefined) {
    throw new ConflictError(
      'limit.reached',
      `An organization may have ${templatePartsMax} partials and layouts`,
    );
  }
  deps.log.info({ event: 'template.part_written', part: ref.part, callerId: caller.id });
  return row;
}

/** Whether these are faults depends on where the part is used, and on parts that may be written later. */
const askedAtPublishing: ReadonlySet<TemplateProblemCode> = new Set([
  'template.unknown_variable',
  'template.unknown_partial',
  'template.partial_recursion',
]);

async function checkPart(
  { renderPool }: Pick<ApiDeps, 'renderPool'>,
  { part, key }: TemplatePartRef,
  source: string,
  partials: Record<string, string>,
): Promise<void> {
  const content: TemplateContent =
    part === 'layout'
      ? { title: 'x', body: '', layout: source, partials }
      : { title: 'x', body: `{{> ${key}}}`, partials: { ...partials, [key]: source } };
  const { problems } = await renderPool.check(content);
  const own = part === 'layout' ? 'layout' : `partials.${key}`;
  const errors = problems
    .filter((one) => one.source === own && !askedAtPublishing.has(one.code))
    .map(({ detail, line, column }) => ({ pointer: '/source', detail, line, column }));
  if (errors.length > 0) throw doesNotCompile(errors);
}

/** Throws NotFoundError. */
export async function removePart(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  ref: TemplatePartRef,
): Promise<void> {
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, (db) => deleteTemplatePart(db, organizationId, ref));
  deps.log.info({ event: 'template.part_deleted', part: ref.part, callerId: caller.id });
}
