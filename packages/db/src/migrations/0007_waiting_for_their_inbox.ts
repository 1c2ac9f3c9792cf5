import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What an inbox will have whatever the preferences say is listed before it is placed, and had no index by its
 * recipient. Rows that are not created so never enter the index, the others leave it when they are placed.
 * Older code beside it does not know the index and needs none.
 */
export const migration: Migration = {
  number: 7,
  name: 'waiting_for_their_inbox',
  oldestCode: 5,
  async up(db) {
    await sql`
      create index notifications_waiting on notifications (recipient_id)
        where inbox_always and placed_sequence is null and deleted_at is null;
    `.execute(db);
  },
  protect: [],
};
