import { sql, type Selectable } from 'kysely';
import {
  ConflictError,
  NotFoundError,
  type ChannelKind,
  type ExternalKind,
  type OrganizationId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { OrganizationsTable } from '../schema.ts';
import { sqlState } from '../unavailable.ts';
import { releaseHeld } from './held.ts';

export type OrganizationRecord = Selectable<OrganizationsTable>;

export interface OrganizationFields {
  slug?: string | undefined;
  name?: string | undefined;
  zone?: string | undefined;
  locale?: string | undefined;
  default_method?: ExternalKind | undefined;
  /** Null means as the installation says. */
  mail_from?: string | null | undefined;
  mail_reply_to?: string | null | undefined;
}

/** Throws ConflictError when the slug is taken. */
export async function insertOrganization(
  db: Database,
  organization: OrganizationFields & { id: OrganizationId; slug: string; name: string; paused: boolean },
): Promise<OrganizationRecord> {
  const { paused, ...fields } = organization;
  const row = await onTakenSlug(() =>
    db
      .insertInto('organizations')
      .values({ ...fields, paused_at: paused ? sql<Date>`carillon_now()` : null })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
  await db.insertInto('organization_numbers').values({ organization_id: row.id }).execute();
  return row;
}

/** Changes what is named. With a zone, what quiet time holds is decided again: windows without one fall back to it. */
export async function updateOrganization(
  db: Database,
  id: OrganizationId,
  fields: OrganizationFields,
): Promise<OrganizationRecord> {
  const row = await onTakenSlug(() =>
    db
      .updateTable('organizations')
      .set({ ...fields, updated_at: sql<Date>`carillon_now()` })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst(),
  );
  if (row === undefined) throw new NotFoundError('organization.not_found', 'There is no such organization');
  if (fields.zone !== undefined) await releaseHeld(db, { organizationId: id });
  return row;
}

async function onTakenSlug<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (sqlState(cause) !== '23505') throw cause;
    throw new ConflictError('organization.slug_taken', 'Another organization has this slug', {
      cause,
      errors: [{ pointer: '/slug', detail: 'another organization has this slug' }],
    });
  }
}

export async function loadOrganization(
  db: Database,
  ref: { id: OrganizationId } | { slug: string },
): Promise<OrganizationRecord | undefined> {
  const query = db.selectFrom('organizations').selectAll();
  return 'id' in ref
    ? query.where('id', '=', ref.id).executeTakeFirst()
    : query.where('slug', '=', ref.slug).executeTakeFirst();
}

export async function getOrganization(db: Database, id: OrganizationId): Promise<OrganizationRecord> {
  const row = await loadOrganization(db, { id });
  if (row === undefined) throw new NotFoundError('organization.not_found', 'There is no such organization');
  return row;
}

export interface OrganizationPage {
  limit: number;
  /** Keyset over id: `next` are the younger rows, `prev` the older ones, nearest first. */
  edge?: { id: OrganizationId; direction: 'next' | 'prev' } | undefined;
}

/** By id, which is the order they were made in. */
export async function listOrganizations(db: Database, page: OrganizationPage): Promise<OrganizationRecord[]> {
  let query = db.selectFrom('organizations').selectAll();
  const forwards = page.edge?.direction !== 'prev';
  if (page.edge !== undefined) query = query.where('id', forwards ? '>' : '<', page.edge.id);
  return query
    .orderBy('id', forwards ? 'asc' : 'desc')
    .limit(page.limit)
    .execute();
}

/** What of an organization waits. */
export interface PauseState {
  pausedAt: Date | null;
  pausedKinds: ChannelKind[];
  /** Whether somebody ever paused or resumed the organization. */
  chosen: boolean;
}

/**
 * Pauses or resumes an organization: while paused nothing of it is placed or delivered. Resuming
 * makes everything that was put aside due again.
 */
export async function setPaused(db: Database, id: OrganizationId, paused: boolean): Promise<PauseState> {
  return changePause(db, id, { paused });
}

/**
 * Pauses or resumes an organization and sets which kinds wait, each only where it is named. Deliveries
 * of a paused kind wait, everything else goes on; resuming makes them due at once, because
 * nothing moved their times meanwhile.
 */
export async function changePause(
  db: Database,
  id: OrganizationId,
  wish: { paused?: boolean | undefined; kinds?: readonly ExternalKind[] | undefined },
): Promise<PauseState> {
  const { paused, kinds } = wish;
  const row = await db
    .updateTable('organizations')
    .set({
      ...(paused !== undefined && {
        paused_at: paused ? sql<Date>`coalesce(paused_at, carillon_now())` : null,
        pause_chosen: true,
      }),
      ...(kinds !== undefined && { paused_kinds: [...kinds] }),
    })
    .where('id', '=', id)
    .returning(['paused_at', 'paused_kinds', 'pause_chosen'])
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('organization.not_found', 'There is no such organization');
  return { pausedAt: row.paused_at, pausedKinds: row.paused_kinds, chosen: row.pause_chosen };
}

/** Pauses every organization; for a start after a restore. */
export async function pauseAll(db: Database): Promise<void> {
  await sql`update organizations set paused_at = carillon_now() where paused_at is null`.execute(db);
}
