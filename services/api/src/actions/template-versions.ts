import { MalformedError, type TemplateRef } from '@carillon/core';
import {
  getTemplate,
  getTemplateVersion,
  inOrganization,
  insertTemplateVersion,
  listTemplateVersions,
  lockTemplate,
  publishTemplateVersion,
  type NewTemplateVersion,
  type TemplateRecord,
  type TemplateVersionPage,
  type TemplateVersionRecord,
  type TemplateVersionSummary,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { once, type OnceResult } from './once.ts';
import { checkVersion, loadSources, type VersionSources } from './template-check.ts';

/**
 * Adds a version as a draft. Throws NotFoundError, ConflictError when there are too many, MalformedError for variants
 * that would leave a channel without a text or say the same place twice.
 */
export async function addVersion(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  ref: TemplateRef,
  added: Omit<NewTemplateVersion, 'createdBy'>,
  key: RequestKey | undefined,
): Promise<OnceResult<TemplateVersionRecord>> {
  checkVariants(added.variants);
  const { organizationId, id: createdBy } = caller.user;
  const made = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      const template = await lockTemplate(db, organizationId, ref);
      const result = await insertTemplateVersion(db, template, { ...added, createdBy });
      return { result, ids: [template.id], details: { version: result.version } };
    },
    again: (db, { ids, details }) =>
      getTemplateVersion(
        db,
        { organizationId: caller.user.organizationId, templateId: ids[0] ?? '' },
        (details as { version: number }).version,
      ),
  });
  const { template_id: templateId, version } = made.result;
  if (!made.replayed) {
    deps.log.info({ event: 'template.version_added', templateId, version, callerId: caller.id });
  }
  return made;
}

/**
 * Throws MalformedError for variants that would leave a channel without a text, or say the same place twice; `at` is
 * where in the request the version stands.
 */
export function checkVariants(variants: NewTemplateVersion['variants'], at = ''): void {
  if (!variants.some((one) => one.kind === '')) {
    const detail = 'must hold one with an empty `kind`, for the channel kinds that have none of their own';
    const pointer = `${at}/variants`;
    throw new MalformedError('request.invalid', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
  }
  const known = new Set<string>();
  variants.forEach(({ kind, locale }, index) => {
    const place = `${kind} ${locale.toLowerCase()}`;
    if (known.has(place)) {
      const pointer = `${at}/variants/${index}`;
      const detail = 'is the second one of its `kind` and `locale`; leave one out';
      throw new MalformedError('request.invalid', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
    }
    known.add(place);
  });
}

/** One page of a template's versions, newest first; throws NotFoundError. */
export async function listVersions(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  ref: TemplateRef,
  page: (templateId: string) => TemplateVersionPage,
): Promise<{ templateId: string; versions: TemplateVersionSummary[] }> {
  return inOrganization(deps.db, user.organizationId, async (db) => {
    const { id: templateId } = await getTemplate(db, user.organizationId, ref);
    const of = { organizationId: user.organizationId, templateId };
    return { templateId, versions: await listTemplateVersions(db, of, page(templateId)) };
  });
}

/** A version with its template and the sources around its texts. */
export interface WholeVersion {
  template: TemplateRecord;
  version: TemplateVersionRecord;
  sources: VersionSources;
}

/** The newest version unless a number is given; throws NotFoundError. */
export async function getWholeVersion(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  ref: TemplateRef,
  number: number | undefined,
): Promise<WholeVersion> {
  return inOrganization(deps.db, user.organizationId, async (db) => {
    const template = await getTemplate(db, user.organizationId, ref);
    const of = { organizationId: user.organizationId, templateId: template.id };
    const version = await getTemplateVersion(db, of, number ?? template.latest_version ?? 1);
    return { template, version, sources: await loadSources(db, version) };
  });
}

/**
 * Makes a version the one that create calls use, and freezes its sources; answers the variables that it reads.
 * Throws NotFoundError, and InvalidError for a version that does not pass the checks.
 */
export async function publishVersion(
  deps: Pick<ApiDeps, 'db' | 'log' | 'renderPool'>,
  caller: UserCaller,
  ref: TemplateRef,
  number: number,
): Promise<{ version: TemplateVersionRecord; variables: string[] }> {
  const { template, version: found, sources } = await getWholeVersion(deps, caller, ref, number);
  const variables = await checkVersion(deps, found, sources);
  const { organizationId } = caller.user;
  const place = { organizationId, templateId: template.id, version: number };
  const version = await inOrganization(deps.db, organizationId, async (db) => {
    await publishTemplateVersion(db, place, sources);
    return getTemplateVersion(db, place, number);
  });
  deps.log.info({ event: 'template.published', ...place, callerId: caller.id });
  return { version, variables };
}
