import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Sessions of people who log in with a password, an index to find them by their e-mail address alone, and the session
 * that a stream's ticket was bought with.
 * Code of schema 5 beside it knows no sessions and refuses their tokens; a ticket that it sells for one does not exist.
 */
export const migration: Migration = {
  number: 6,
  name: 'sessions',
  oldestCode: 5,
  async up(db) {
    await sql`
      create table sessions (
        id uuid primary key,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        lookup text not null unique,
        refresh_hash text not null,
        previous_hash text,
        previous_until timestamptz,
        created_at timestamptz not null default carillon_now(),
        last_used_at timestamptz not null default carillon_now(),
        expires_at timestamptz not null,
        revoked_at timestamptz
      );
      create index sessions_user on sessions (user_id, last_used_at);
      create index sessions_expires on sessions (expires_at);

      create index users_login on users (lower(email))
        where email is not null and password_hash is not null and deleted_at is null;

      alter table stream_tickets add column session_id uuid;
    `.execute(db);
  },
  protect: ['sessions'],
};
