import { sql } from 'kysely';
import type { RenderContext, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';

/**
 * Who reads, as templates see them, with their organizations. For what is rendered only: users without templates
 * cost nothing. Removed users are absent.
 */
export async function loadReaders(
  db: Database,
  userIds: readonly UserId[],
): Promise<Map<UserId, RenderContext>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await sql<ReaderRow>`
    select u.id, u.external_id, u.name, u.username, u.email, u.zone, u.locale, o.id as organization_id, o.slug,
      o.name as organization_name, o.zone as organization_zone, o.locale as organization_locale
    from users u join organizations o on o.id = u.organization_id
    where u.id = any(${[...new Set(userIds)]}::uuid[]) and u.deleted_at is null
  `.execute(db);
  return new Map(rows.map((row) => [row.id, toReader(row)]));
}

interface ReaderRow {
  id: UserId;
  external_id: string | null;
  name: string | null;
  username: string | null;
  email: string | null;
  zone: string | null;
  locale: string | null;
  organization_id: string;
  slug: string;
  organization_name: string;
  organization_zone: string;
  organization_locale: string;
}

function toReader(row: ReaderRow): RenderContext {
  const { id, external_id, name, username, email, zone, locale } = row;
  return {
    user: { id, external_id, name, username, email, zone, locale },
    organization: {
      ...{ id: row.organization_id, slug: row.slug, name: row.organization_name },
      ...{ zone: row.organization_zone, locale: row.organization_locale },
    },
  };
}
