import { sql } from 'kysely';
import { InvalidError, type OrganizationId } from '@carillon/core';
import type { Database } from '../connect.ts';

/**
 * The templates that have this key or id or had this key before they were deleted: what they said may
 * still be under way. Throws InvalidError with the place of the reference when there never was one.
 */
export async function getTemplateIds(
  db: Database,
  organizationId: OrganizationId,
  reference: string,
  pointer: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from templates
    where organization_id = ${organizationId} and (key = ${reference} or id::text = lower(${reference}))
    order by id limit 1000
  `.execute(db);
  if (rows.length > 0) return rows.map((row) => row.id);
  throw new InvalidError('template.unknown', 'No template has this key or id', {
    errors: [{ pointer, detail: 'must be the key or the id of a template of the organization' }],
  });
}
