import { sql } from 'kysely';
import type { OrganizationId, PersonField, UserId } from '@carillon/core';
import type { Database } from '../../connect.ts';
import { personValue } from './columns.ts';
import type { ItemCell } from './list.ts';

/** What is asked of one user, in the order of `fields`; undefined for who was removed. */
export async function loadPerson(
  db: Database,
  { organizationId, userId }: { organizationId: OrganizationId; userId: UserId },
  fields: readonly PersonField[],
): Promise<readonly ItemCell[] | undefined> {
  const values = fields.map((field) => personValue(field, sql`u`));
  const { rows } = await sql<{ cells: readonly ItemCell[] }>`
    select json_build_array(${sql.join(values)}) as cells from users u
    where u.id = ${userId} and u.organization_id = ${organizationId} and u.deleted_at is null
  `.execute(db);
  return rows[0]?.cells;
}
