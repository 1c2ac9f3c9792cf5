import {
  ConflictError,
  NotFoundError,
  type FieldError,
  type OrganizationId,
  type TemplateContent,
  type TemplateProblem,
  type TemplateProblemCode,
} from '@carillon/core';
import {
  deleteTemplatePart,
  inOrganization,
  listTemplateParts,
  loadPartials,
  loadTemplatePart,
  lockTemplatePart,
  putTemplatePart,
  templatePartsMax,
  type TemplatePartRecord,
  type TemplatePartRef,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import { doesNotCompile } from './template-check.ts';

/** All partials and layouts of the organization, without their sources. */
export async function listParts(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
): Promise<Omit<TemplatePartRecord, 'source' | 'html'>[]> {
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
  return found(row, ref);
}

function found(row: TemplatePartRecord | undefined, { part }: TemplatePartRef): TemplatePartRecord {
  if (row === undefined)
    throw new NotFoundError('template.part_not_found', `There is no such ${part.replace('_', ' ')}`);
  return row;
}

/**
 * Makes or replaces it. Throws InvalidError for what compiles nowhere, ConflictError for one too many; with a
 * `guard` also NotFoundError where there is none to replace, and what it throws.
 */
export async function putPart(
  deps: Pick<ApiDeps, 'db' | 'log' | 'renderPool' | 'mailLayouts'>,
  caller: UserCaller,
  ref: TemplatePartRef,
  source: string,
  guard?: Guard<TemplatePartRecord>,
): Promise<TemplatePartRecord> {
  const { organizationId } = caller.user;
  const html = await compilePart(deps, organizationId, ref, source);
  const row = await inOrganization(deps.db, organizationId, async (db) => {
    guard?.(found(await lockTemplatePart(db, organizationId, ref), ref));
    return putTemplatePart(db, organizationId, ref, source, html);
  });
  if (row === undefined) {
    throw new ConflictError(
      'limit.reached',
      `An organization may have ${templatePartsMax} partials and layouts`,
    );
  }
  deps.log.info({ event: 'template.part_written', part: ref.part, callerId: caller.id });
  return row;
}

/** What is kept beside the source: of layouts for mails their HTML. Throws InvalidError for what compiles nowhere. */
async function compilePart(
  deps: Pick<ApiDeps, 'db' | 'renderPool' | 'mailLayouts'>,
  organizationId: OrganizationId,
  ref: TemplatePartRef,
  source: string,
): Promise<string | null> {
  if (ref.part === 'mail_layout') {
    const made = await deps.mailLayouts.compile(source);
    if (made.outcome === 'compiled') return made.html;
    throw doesNotCompile(made.problems.map(toSourceError));
  }
  const partials = await inOrganization(deps.db, organizationId, (db) => loadPartials(db, organizationId));
  await checkPart(deps, ref, source, partials);
  return null;
}

function toSourceError({ detail, line, column }: TemplateProblem): FieldError {
  return { pointer: '/source', detail, line, column };
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
    .map(toSourceError);
  if (errors.length > 0) throw doesNotCompile(errors);
}

/** Throws NotFoundError, and what `guard` throws. */
export async function removePart(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  ref: TemplatePartRef,
  guard?: Guard<TemplatePartRecord>,
): Promise<void> {
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, async (db) => {
    guard?.(found(await lockTemplatePart(db, organizationId, ref), ref));
    await deleteTemplatePart(db, organizationId, ref);
  });
  deps.log.info({ event: 'template.part_deleted', part: ref.part, callerId: caller.id });
}
