import { sql, type Selectable } from 'kysely';
import {
  ConflictError,
  NotFoundError,
  type ContactPointId,
  type ExternalKind,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { ContactPointsTable } from '../schema.ts';
import { sqlState } from '../unavailable.ts';

export type ContactPointRecord = Selectable<ContactPointsTable>;

export async function listContactPoints(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<ContactPointRecord[]> {
  return db
    .selectFrom('contact_points')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .orderBy('kind')
    .orderBy('id')
    .limit(200)
    .execute();
}

/** Throws ConflictError when the user has this address on this kind already. */
export async function insertContactPoint(
  db: Database,
  point: {
    id: ContactPointId;
    organizationId: OrganizationId;
    userId: UserId;
    kind: ExternalKind;
    address: string;
    verified: boolean;
  },
): Promise<ContactPointRecord> {
  return onDouble(() =>
    db
      .insertInto('contact_points')
      .values({
        id: point.id,
        organization_id: point.organizationId,
        user_id: point.userId,
        kind: point.kind,
        address: point.address,
        verified_at: point.verified ? sql<Date>`carillon_now()` : null,
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
}

/** A changed address is no longer known to be bad. Throws NotFoundError and ConflictError. */
export async function updateContactPoint(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
  id: ContactPointId,
  fields: { address?: string | undefined; verified?: boolean | undefined },
): Promise<ContactPointRecord> {
  const row = await onDouble(() =>
    db
      .updateTable('contact_points')
      .set({
        ...(fields.address !== undefined && { address: fields.address, bad_reason: null, verified_at: null }),
        ...(fields.verified !== undefined && {
          verified_at: fields.verified ? sql<Date>`coalesce(verified_at, carillon_now())` : null,
        }),
        id,
      })
      .where('id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .returningAll()
      .executeTakeFirst(),
  );
  if (row === undefined) throw notFound();
  return row;
}

export async function getContactPoint(
  db: Database,
  organizationId: OrganizationId,
  id: ContactPointId,
): Promise<ContactPointRecord> {
  const row = await db
    .selectFrom('contact_points')
    .selectAll()
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return row;
}

/** Throws NotFoundError. */
export async function deleteContactPoint(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
  id: ContactPointId,
): Promise<void> {
  const result = await db
    .deleteFrom('contact_points')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw notFound();
}

function notFound(): NotFoundError {
  return new NotFoundError('contact_point.not_found', 'There is no such contact point');
}

async function onDouble<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (sqlState(cause) !== '23505') throw cause;
    throw new ConflictError('contact_point.taken', 'This user has this address already', {
      cause,
      errors: [{ pointer: '/address', detail: 'this user has this address already' }],
    });
  }
}
