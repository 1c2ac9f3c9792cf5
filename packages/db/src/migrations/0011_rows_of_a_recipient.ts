import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What one recipient has, in the order of its numbers, whatever the size of the organization: rows are listed with what
 * is archived, which notifications_inbox lacks. The number is an expression so that a question can name this index: for
 * a plain number the planner may walk everybody's rows instead, which takes as long as the organization is large where
 * the recipient's are old, or few. `number > 0` holds for every row and keeps the index from questions that do not
 * say so: counts of what is unread have a smaller one. It finds what waits for its inbox as well, so that the
 * index of migration 7 goes. Older code beside it finds that by other indexes.
 */
export const migration: Migration = {
  number: 11,
  name: 'rows_of_a_recipient',
  oldestCode: 8,
  async up(db) {
    await sql`
      create index notifications_of_recipient on notifications (recipient_id, (number + 0))
        where deleted_at is null and number > 0;
      drop index notifications_waiting;
    `.execute(db);
  },
  protect: [],
};
