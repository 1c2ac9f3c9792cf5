import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import pg from 'pg';
import type { Database } from '../src/connect.ts';
import type { Schema } from '../src/schema.ts';
import type { TestStore } from './store.ts';

/** Runs queries and answers the plans of all statements they made, each explained with its own values. */
export async function explainQueries(
  store: TestStore,
  run: (db: Database) => Promise<unknown>,
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
  const plans: string[] = [];
  for (const { sql, parameters } of statements.filter((one) =>
    /^\s*(select|with|update|delete)/.test(one.sql),
  )) {
    const rows = await store.rows(`explain (costs off) ${sql}`, [...parameters]);
    plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
  }
  return plans.join('\n');
}
