import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * When a vendor last told what became of a delivery, and in which words. Code of schema 8 beside it knows
 * neither and leaves both empty.
 */
export const migration: Migration = {
  number: 14,
  name: 'feedback',
  oldestCode: 8,
  async up(db) {
    await sql`
      alter table deliveries add column feedback_at timestamptz, add column feedback_reason text;
    `.execute(db);
  },
  protect: [],
};
