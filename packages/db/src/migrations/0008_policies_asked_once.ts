import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { isOwn } from '../roles.ts';

/** Row-level security asks for the organization once in a statement. Code of schema 7 beside it notices nothing. */
export const migration: Migration = {
  number: 8,
  name: 'policies_asked_once',
  oldestCode: 7,
  async up(db) {
    const { rows } = await sql<{ table: string }>`
      select tablename as table from pg_policies where schemaname = current_schema() and policyname = 'organization'
    `.execute(db);
    for (const { table } of rows) {
      await sql`alter policy organization on ${sql.table(table)} using (${isOwn}) with check (${isOwn})`.execute(
        db,
      );
    }
  },
  protect: [],
};
