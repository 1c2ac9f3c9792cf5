import { sql, type Selectable } from 'kysely';
import { ConflictError, NotFoundError, type OrganizationId, type Role, type UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { UsersTable } from '../schema.ts';
import { inTransaction } from '../transactions.ts';
import { sqlState } from '../unavailable.ts';
import { releaseHeld } from './held.ts';
import { stopRunsOfUser } from './rule-runs/stop.ts';

export type UserRecord = Omit<Selectable<UsersTable>, 'password_hash' | 'deleted_at' | 'short_id'>;

/**
 * How a path may name a user; `external:<id>` becomes the second form, user names are those of dialects: who has none is
 * shown by the external id there, and so is found by it. Short ids are those of dialects whose clients know no UUIDs.
 */
export type UserRef = { id: UserId } | { externalId: string } | { username: string } | { shortId: string };

const columns = [
  'id',
  'organization_id',
  'external_id',
  'username',
  'email',
  'name',
  'zone',
  'locale',
  'role',
  'profile',
  'created_at',
  'updated_at',
] as const;

export async function loadUser(
  db: Database,
  organizationId: OrganizationId,
  ref: UserRef,
): Promise<UserRecord | undefined> {
  const query = db
    .selectFrom('users')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null);
  if ('id' in ref) return query.where('id', '=', ref.id).executeTakeFirst();
  if ('externalId' in ref) return query.where('external_id', '=', ref.externalId).executeTakeFirst();
  // Uses users_short_id.
  if ('shortId' in ref) return query.where('short_id', '=', ref.shortId).executeTakeFirst();
  const { username } = ref;
  return query
    .where(
      sql<boolean>`(lower(username) = ${username.toLowerCase()} or (username is null and external_id = ${username}))`,
    )
    .executeTakeFirst();
}

export async function getUser(
  db: Database,
  organizationId: OrganizationId,
  ref: UserRef,
): Promise<UserRecord> {
  const user = await loadUser(db, organizationId, ref);
  if (user === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return user;
}

/** Fields that a caller may set; undefined leaves what is there, null clears. */
export interface UserFields {
  externalId?: string | null | undefined;
  username?: string | null | undefined;
  email?: string | null | undefined;
  name?: string | null | undefined;
  zone?: string | null | undefined;
  locale?: string | null | undefined;
  role?: Role | undefined;
  profile?: Record<string, unknown> | undefined;
}

export interface UserUpsert {
  /** The id if the user is new. */
  id: UserId;
  organizationId: OrganizationId;
  fields: UserFields;
}

/**
 * Makes a user, or updates the one with the same external id: fields that are not named stay. The
 * inbox state is made with the user, and the e-mail address becomes a contact point.
 * Throws ConflictError when e-mail or username belong to another user of the organization.
 */
export function upsertUser(db: Database, user: UserUpsert): Promise<{ user: UserRecord; created: boolean }> {
  return inTransaction(db, (transaction) => writeUser(transaction, user));
}

async function writeUser(db: Database, user: UserUpsert): Promise<{ user: UserRecord; created: boolean }> {
  const { id, organizationId, fields } = user;
  const existing =
    fields.externalId == null ? undefined : await lockByExternalId(db, organizationId, fields.externalId);
  if (existing !== undefined) {
    return { user: await updateUser(db, organizationId, existing, fields), created: false };
  }
  const row = await onConflict(() =>
    db
      .insertInto('users')
      .values({ id, organization_id: organizationId, ...toColumns(fields) })
      .returning(columns)
      .executeTakeFirstOrThrow(),
  );
  await db.insertInto('inbox_state').values({ user_id: id, organization_id: organizationId }).execute();
  await syncEmailContactPoint(db, row, null);
  return { user: row, created: true };
}

async function lockByExternalId(
  db: Database,
  organizationId: OrganizationId,
  externalId: string,
): Promise<UserId | undefined> {
  // Two first creates of one external id at once: the second waits here and then updates.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${organizationId}:${externalId}`}, 0))`.execute(
    db,
  );
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('external_id', '=', externalId)
    .forUpdate()
    .executeTakeFirst();
  return row?.id;
}

/** Changes what is named. Throws NotFoundError, ConflictError as `upsertUser` does and for the last admin. */
export async function updateUser(
  db: Database,
  organizationId: OrganizationId,
  id: UserId,
  fields: UserFields,
): Promise<UserRecord> {
  const before = await db
    .selectFrom('users')
    .select(['email', 'zone'])
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  if (fields.role !== undefined && fields.role !== 'admin') await keepAnAdmin(db, organizationId, id);
  const row = await onConflict(() =>
    db
      .updateTable('users')
      .set({ ...toColumns(fields), updated_at: sql<Date>`carillon_now()` })
      .where('id', '=', id)
      .returning(columns)
      .executeTakeFirstOrThrow(),
  );
  await syncEmailContactPoint(db, row, before.email);
  // Windows without a zone are meant in the user's: what they hold is decided again.
  if (row.zone !== before.zone) await releaseHeld(db, { organizationId, userIds: [id] });
  return row;
}

/**
 * Throws ConflictError when `id` is the only admin left: nobody of the organization could then make
 * another. The admins stay locked until the transaction ends, so that two do not remove each other.
 */
async function keepAnAdmin(db: Database, organizationId: OrganizationId, id: UserId): Promise<void> {
  const admins = await db
    .selectFrom('users')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'admin')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  if (admins.length !== 1 || admins[0]?.id !== id) return;
  throw new ConflictError('user.last_admin', 'This user is the last admin of the organization');
}

function toColumns(fields: UserFields) {
  return {
    ...(fields.externalId !== undefined && { external_id: fields.externalId }),
    ...(fields.username !== undefined && { username: fields.username }),
    ...(fields.email !== undefined && { email: fields.email }),
    ...(fields.name !== undefined && { name: fields.name }),
    ...(fields.zone !== undefined && { zone: fields.zone }),
    ...(fields.locale !== undefined && { locale: fields.locale }),
    ...(fields.role !== undefined && { role: fields.role }),
    ...(fields.profile !== undefined && { profile: JSON.stringify(fields.profile) }),
  };
}

/** The profile's e-mail address is a contact point like any other; a changed address replaces the old one. */
async function syncEmailContactPoint(db: Database, user: UserRecord, oldEmail: string | null): Promise<void> {
  if (user.email === oldEmail) return;
  if (oldEmail !== null) {
    await db
      .deleteFrom('contact_points')
      .where('user_id', '=', user.id)
      .where('kind', '=', 'email')
      .where('address', '=', oldEmail)
      .execute();
  }
  if (user.email === null) return;
  await sql`insert into contact_points (id, organization_id, user_id, kind, address)
    values (gen_random_uuid(), ${user.organization_id}, ${user.id}, 'email', ${user.email})
    on conflict (user_id, kind, address) do nothing`.execute(db);
}

const uniqueViolation = '23505';
const conflictFields: Record<string, { pointer: string; code: string }> = {
  users_external_id: { pointer: '/external_id', code: 'user.external_id_taken' },
  users_email: { pointer: '/email', code: 'user.email_taken' },
  users_username: { pointer: '/username', code: 'user.username_taken' },
};

async function onConflict<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (sqlState(cause) !== uniqueViolation || !(cause instanceof Error) || !('constraint' in cause))
      throw cause;
    const field = conflictFields[String(cause.constraint)];
    if (field === undefined) throw cause;
    const detail = `another user of this organization has this ${field.pointer.slice(1)}`;
    throw new ConflictError(field.code, `Refused: ${detail}`, {
      cause,
      errors: [{ pointer: field.pointer, detail }],
    });
  }
}

export interface UserPage {
  limit: number;
  /** Keyset over (updated_at, id): `next` are the rows changed after this one, `prev` those before, nearest first. */
  edge?: { updatedAt: Date; id: UserId; direction: 'next' | 'prev' } | undefined;
  updatedAfter?: Date | undefined;
  externalId?: string | undefined;
  email?: string | undefined;
  /** A part of the name, user name, e-mail address or external id, in any case of letters. */
  search?: string | undefined;
  /** Whether the last change comes first. */
  newestFirst?: boolean | undefined;
}

/**
 * Users by (updated_at, id), ascending unless told, so a reader that keeps the last cursor sees each later change.
 * A change is dated at the start of its transaction and seen at its end: a reader that follows changes
 * while others write asks again from some seconds before its cursor. Uses users_updated.
 */
export async function listUsers(
  db: Database,
  organizationId: OrganizationId,
  page: UserPage,
): Promise<UserRecord[]> {
  let query = db
    .selectFrom('users')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null);
  if (page.updatedAfter !== undefined) query = query.where('updated_at', '>', page.updatedAfter);
  if (page.externalId !== undefined) query = query.where('external_id', '=', page.externalId);
  if (page.email !== undefined) query = query.where(sql`lower(email)`, '=', sql`lower(${page.email})`);
  if (page.search !== undefined) query = query.where(holds(page.search));
  const { edge } = page;
  const order = (edge?.direction === 'prev') === (page.newestFirst === true) ? 'asc' : 'desc';
  if (edge !== undefined) {
    const compared = order === 'asc' ? sql`>` : sql`<`;
    query = query.where(
      sql<boolean>`(updated_at, id) ${compared} (${edge.updatedAt}::timestamptz, ${edge.id}::uuid)`,
    );
  }
  return query.orderBy('updated_at', order).orderBy('id', order).limit(page.limit).execute();
}

/**
 * Goes along users_updated until a page is full: a text that nobody has looks at each user of the organization once.
 * An index over the texts would not be used behind row-level security, whose planner trusts no pattern.
 */
function holds(search: string) {
  const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<boolean>`(name ilike ${pattern} or username ilike ${pattern} or email ilike ${pattern}
    or external_id ilike ${pattern})`;
}

/**
 * Removes a user: credentials and addresses at once, the personal fields with them; what is pending
 * is suppressed, and what the user was told becomes tombstones, content and all, in chunks by the
 * purge sweep. Throws NotFoundError, and ConflictError for the last admin.
 */
export async function deleteUser(db: Database, organizationId: OrganizationId, id: UserId): Promise<void> {
  await keepAnAdmin(db, organizationId, id);
  const result = await db
    .updateTable('users')
    .set({
      external_id: null,
      username: null,
      email: null,
      name: null,
      password_hash: null,
      profile: '{}',
      deleted_at: sql<Date>`carillon_now()`,
      updated_at: sql<Date>`carillon_now()`,
    })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new NotFoundError('user.not_found', 'There is no such user');
  await db.deleteFrom('contact_points').where('user_id', '=', id).execute();
  await db.deleteFrom('preferences').where('user_id', '=', id).execute();
  await db.deleteFrom('template_preferences').where('user_id', '=', id).execute();
  await db.deleteFrom('quiet_hours').where('user_id', '=', id).execute();
  await stopRunsOfUser(db, organizationId, id);
  await db.deleteFrom('rules').where('user_id', '=', id).execute();
  await db.deleteFrom('rule_lists').where('user_id', '=', id).execute();
  await db.deleteFrom('access_tokens').where('user_id', '=', id).execute();
  await db.deleteFrom('sessions').where('user_id', '=', id).execute();
  await db.deleteFrom('stream_tickets').where('user_id', '=', id).execute();
}

/**
 * Inline recipients of create calls: made or updated by external id, within the accepting transaction.
 * Answers an id for each, in the order given; written sorted, so that two calls never wait for each
 * other in a circle.
 */
export async function upsertUsers(db: Database, users: readonly UserUpsert[]): Promise<UserId[]> {
  const ids = new Map<UserUpsert, UserId>();
  const keyOf = (user: UserUpsert) => `${user.organizationId}:${user.fields.externalId ?? ''}`;
  for (const user of users.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    ids.set(user, (await upsertUser(db, user)).user.id);
  }
  return users.map((user) => ids.get(user) ?? user.id);
}
