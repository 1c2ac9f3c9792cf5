import { sql } from 'kysely';
import type { AccessTokenId, OrganizationId, SessionId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';

export interface StreamTicket {
  /** SHA-256 of the ticket; the ticket itself is shown once. */
  hash: string;
  organizationId: OrganizationId;
  userId: UserId;
  /** The credential it was bought with, which the connection lives and dies with. */
  tokenId: AccessTokenId | undefined;
  sessionId: SessionId | undefined;
  credentialExpiresAt: Date | undefined;
}

/** Answers when the ticket ends, by the database's clock. Old tickets go in passing. */
export async function insertStreamTicket(
  db: Database,
  ticket: StreamTicket,
  lifetimeMs: number,
): Promise<Date> {
  await sql`delete from stream_tickets where expires_at < carillon_now() and user_id = ${ticket.userId}`.execute(
    db,
  );
  const row = await db
    .insertInto('stream_tickets')
    .values({
      hash: ticket.hash,
      organization_id: ticket.organizationId,
      user_id: ticket.userId,
      token_id: ticket.tokenId ?? null,
      session_id: ticket.sessionId ?? null,
      credential_expires_at: ticket.credentialExpiresAt ?? null,
      expires_at: sql<Date>`carillon_now() + ${lifetimeMs} * interval '1 millisecond'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return row.expires_at;
}

/** Uses a ticket up: the second use of the same ticket finds nothing, on any instance. */
export async function takeStreamTicket(db: Database, hash: string): Promise<StreamTicket | undefined> {
  const { rows } = await sql<{
    organization_id: OrganizationId;
    user_id: UserId;
    token_id: AccessTokenId | null;
    session_id: SessionId | null;
    credential_expires_at: Date | null;
    valid: boolean;
  }>`
    delete from stream_tickets where hash = ${hash}
    returning organization_id, user_id, token_id, session_id, credential_expires_at,
      expires_at > carillon_now() as valid
  `.execute(db);
  const row = rows[0];
  if (row?.valid !== true) return undefined;
  return {
    hash,
    organizationId: row.organization_id,
    userId: row.user_id,
    tokenId: row.token_id ?? undefined,
    sessionId: row.session_id ?? undefined,
    credentialExpiresAt: row.credential_expires_at ?? undefined,
  };
}
