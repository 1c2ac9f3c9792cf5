import type { OrganizationId } from '@carillon/core';
import { insertSystemTemplates, inTransaction, listOrganizationsLacking, type Database } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';

/** Gives a new organization the templates that come with Carillon, in the transaction that makes it. */
export async function addSystemTemplates(
  deps: Pick<ApiDeps, 'systemTemplates'>,
  db: Database,
  organizationId: OrganizationId,
): Promise<void> {
  await insertSystemTemplates(db, [organizationId], deps.systemTemplates);
}

/** Organizations that one transaction fills. */
const pageSize = 100;

/**
 * Gives every organization the templates that it lacks: at start, because a newer version of Carillon, or another
 * choice of dialects, brings more of them. Costs one query where nothing is lacking; two processes may do it at once.
 */
export async function seedSystemTemplates(
  deps: Pick<ApiDeps, 'system' | 'systemTemplates' | 'log'>,
): Promise<void> {
  const { system, systemTemplates, log } = deps;
  if (systemTemplates.length === 0) return;
  const ids = systemTemplates.map(({ id }) => id);
  let count = 0;
  let afterId: OrganizationId | undefined;
  for (;;) {
    const page = await listOrganizationsLacking(system, ids, { limit: pageSize, afterId });
    if (page.length > 0) {
      count += await inTransaction(system, (db) => insertSystemTemplates(db, page, systemTemplates));
    }
    afterId = page.at(-1);
    if (page.length < pageSize) break;
  }
  if (count > 0) log.info({ event: 'system_templates.added', count });
}
