import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../src/connect.ts';
import type { DatabaseRole } from '../src/roles.ts';
import type { Schema } from '../src/schema.ts';
import type { TestStore } from './store.ts';

/** Runs queries and answers the plans of all statements they made, each explained with its own values, as `role` runs them. */
export async function explainQueries(
  store: TestStore,
  run: (db: Database) => Promise<unknown>,
  role?: DatabaseRole,
): Promise<string> {
  const statements: CompiledQuery[] = [];
  const pool = new pg.Pool({ connectionString: store.url, max: 2 });
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: (event) => void statements.push(event.query),
  });
  try {
    await run(db);
  } finally {
    await pool.end();
  }
  const asked = statements.filter((one) => /^\s*(select|with|update|delete)/.test(one.sql));
  const explain = async (db: Database) => {
    if (role !== undefined) await sql`set local role ${sql.id(role)}`.execute(db);
    const plans: string[] = [];
    for (const one of asked) {
      const { rows } = await db.executeQuery<Record<string, unknown>>(
        CompiledQuery.raw(`explain (costs off) ${one.sql}`, [...one.parameters]),
      );
      plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
    }
    return plans.join('\n');
  };
  return store.db.transaction().execute(explain);
}
