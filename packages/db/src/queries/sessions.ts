import { sql } from 'kysely';
import type { OrganizationId, Role, SessionId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';

/** How long a session lives after it was used last. */
export const sessionDays = 7;
/** How long the token before the present one is good: for two pages that renew at the same moment. */
const graceSeconds = 10;
/** Sessions of one user at the same time; the one that was used longest ago makes room. */
const perUserMax = 100;

/** Who is logged in by a session. */
export interface SessionHolder {
  sessionId: SessionId;
  user: { id: UserId; organizationId: OrganizationId; role: Role };
}

export interface NewSession {
  id: SessionId;
  userId: UserId;
  /** Public part of all its refresh tokens. */
  lookup: string;
  /** SHA-256 of the first of them. */
  refreshHash: string;
  /** As it was when the password was checked. */
  passwordHash: string;
}

const lifetime = sql<Date>`carillon_now() + make_interval(days => ${sessionDays})`;

/** Begins a session; false when the password was changed, or the user removed, after the password was checked. */
export async function insertSession(db: Database, session: NewSession): Promise<boolean> {
  const { id, userId, lookup, refreshHash, passwordHash } = session;
  return inTransaction(db, async (transaction) => {
    // The lock makes a change of the password at the same moment wait, so that it finds and ends this session.
    const { rows } = await sql`
      insert into sessions (id, organization_id, user_id, lookup, refresh_hash, expires_at)
      select ${id}::uuid, u.organization_id, u.id, ${lookup}, ${refreshHash}, ${lifetime}
      from users u where u.id = ${userId} and u.password_hash = ${passwordHash} and u.deleted_at is null
      for share of u
      returning 1`.execute(transaction);
    if (rows.length === 0) return false;
    await sql`
      delete from sessions where id = any(array(select id from sessions where user_id = ${userId}
        order by last_used_at desc, id desc offset ${perUserMax}))`.execute(transaction);
    return true;
  });
}

/** What came of a refresh token that is the last, or the one before, of a session that has not ended. */
export type SessionRenewal = { outcome: 'renewed' | 'reused'; holder: SessionHolder };

/**
 * Puts the next refresh token in the place of this one; the session lives `sessionDays` from now. Within a short
 * grace the token before it is `renewed` too and changes nothing: its next one is the present one. Any older one is
 * `reused`: it was copied by somebody, nobody knows by whom, so the session is ended. Undefined for a token of no
 * session, or of one that has ended.
 */
export async function renewSession(
  db: Database,
  token: { lookup: string; hash: string; nextHash: string },
): Promise<SessionRenewal | undefined> {
  const { rows: renewed } = await sql<HolderRow>`
    update sessions s set refresh_hash = ${token.nextHash}, previous_hash = s.refresh_hash,
      previous_until = carillon_now() + make_interval(secs => ${graceSeconds}),
      last_used_at = carillon_now(), expires_at = ${lifetime}
    from users u
    where s.lookup = ${token.lookup} and s.refresh_hash = ${token.hash} and ${isAlive}
    returning ${holderColumns}`.execute(db);
  if (renewed[0] !== undefined) return { outcome: 'renewed', holder: toHolder(renewed[0]) };
  const { rows } = await sql<HolderRow & { in_grace: boolean | null; is_next: boolean }>`
    select ${holderColumns}, s.previous_hash = ${token.hash} and s.previous_until > carillon_now() as in_grace,
      s.refresh_hash = ${token.nextHash} as is_next
    from sessions s, users u where s.lookup = ${token.lookup} and ${isAlive}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.in_grace === true) {
    // The next one was made with another key: nobody can tell it again, and nobody did wrong.
    return row.is_next ? { outcome: 'renewed', holder: toHolder(row) } : undefined;
  }
  await revokeSession(db, row.session_id);
  return { outcome: 'reused', holder: toHolder(row) };
}

interface HolderRow {
  session_id: SessionId;
  user_id: UserId;
  organization_id: OrganizationId;
  role: Role;
}

const holderColumns = sql`s.id as session_id, u.id as user_id, u.organization_id, u.role`;
const isAlive = sql`s.revoked_at is null and s.expires_at > carillon_now()
  and u.id = s.user_id and u.deleted_at is null`;

function toHolder(row: HolderRow): SessionHolder {
  return {
    sessionId: row.session_id,
    user: { id: row.user_id, organizationId: row.organization_id, role: row.role },
  };
}

/** Who is logged in by a session; undefined when it has ended. The role is that of now. */
export async function loadSessionHolder(db: Database, id: SessionId): Promise<SessionHolder | undefined> {
  const { rows } = await sql<HolderRow>`
    select ${holderColumns} from sessions s, users u where s.id = ${id} and ${isAlive}`.execute(db);
  return rows[0] === undefined ? undefined : toHolder(rows[0]);
}

/** Those of `ids` that have not ended. */
export async function listValidSessions(db: Database, ids: readonly SessionId[]): Promise<Set<SessionId>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: SessionId }>`
    select id from sessions where id = any(${ids}::uuid[]) and revoked_at is null
      and expires_at > carillon_now()`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** The session of a refresh token that still works; undefined for any other token. */
export async function loadSessionByToken(
  db: Database,
  token: { lookup: string; hash: string },
): Promise<SessionHolder | undefined> {
  const { rows } = await sql<HolderRow>`
    select ${holderColumns} from sessions s, users u where s.lookup = ${token.lookup} and ${isAlive}
      and (s.refresh_hash = ${token.hash}
        or (s.previous_hash = ${token.hash} and s.previous_until > carillon_now()))`.execute(db);
  return rows[0] === undefined ? undefined : toHolder(rows[0]);
}

/** Ends a session; ending it twice is fine. */
export async function revokeSession(db: Database, id: SessionId): Promise<void> {
  await sql`update sessions set revoked_at = coalesce(revoked_at, carillon_now()) where id = ${id}`.execute(
    db,
  );
}

/** Ends all sessions of a user. Answers how many had not ended before. */
export async function revokeSessionsOf(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<number> {
  const { rows } = await sql`
    update sessions set revoked_at = carillon_now()
    where user_id = ${userId} and organization_id = ${organizationId} and revoked_at is null
      and expires_at > carillon_now()
    returning 1`.execute(db);
  return rows.length;
}

/** Removes sessions whose time is over, ended ones too. Answers how many went. Uses sessions_expires. */
export async function deleteOldSessions(db: Database, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from sessions where id = any(array(
      select id from sessions where expires_at < carillon_now() order by expires_at limit ${limit}))
  `.execute(db);
  return Number(numAffectedRows ?? 0n);
}
