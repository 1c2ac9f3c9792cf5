import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Tests of channels: the API asks for one, a worker sends it and writes down what the target said.
 * Code of schema 1 beside it knows nothing of the table: its workers leave tests to others.
 */
export const migration: Migration = {
  number: 2,
  name: 'channel_tests',
  oldestCode: 1,
  async up(db) {
    await sql`
      create table channel_tests (
        id uuid primary key,
        organization_id uuid not null,
        channel_id uuid not null references channels on delete cascade,
        requested_by uuid not null,
        address text,
        state text not null default 'pending' check (state in ('pending', 'sending', 'done')),
        outcome text,
        reason text,
        status_code int,
        created_at timestamptz not null default carillon_now(),
        expires_at timestamptz not null
      );
      create index channel_tests_pending on channel_tests (created_at) where state = 'pending';
      create index channel_tests_channel on channel_tests (channel_id, created_at);
    `.execute(db);
  },
  protect: ['channel_tests'],
};
