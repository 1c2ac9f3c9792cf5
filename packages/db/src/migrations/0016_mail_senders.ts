import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Whom the mails of an organization come from, and who gets answers, where its channels say nothing. Code of schema 8
 * beside it knows neither: it sends from the installation's address.
 */
export const migration: Migration = {
  number: 16,
  name: 'mail_senders',
  oldestCode: 8,
  async up(db) {
    await sql`alter table organizations add column mail_from text, add column mail_reply_to text`.execute(db);
  },
  protect: [],
};
