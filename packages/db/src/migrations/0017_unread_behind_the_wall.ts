import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Counts of what is unread come from the index alone for the API too: behind the wall between organizations each row
 * is asked for its organization, which the index of migration 1 did not have, so that every unread row was fetched.
 */
export const migration: Migration = {
  number: 17,
  name: 'unread_behind_the_wall',
  oldestCode: 8,
  async up(db) {
    await sql`
      drop index notifications_unread;
      create index notifications_unread on notifications (recipient_id) include (seen_at, organization_id)
        where read_at is null and inbox_at is not null and archived_at is null and dismissed_at is null
          and snoozed_until is null and expired_at is null and deleted_at is null;
    `.execute(db);
  },
  protect: [],
};
