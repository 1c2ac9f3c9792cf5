import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { trackOpen } from './leaks.ts';
import { testDatabaseServerUrl, testTemplateName } from './servers.ts';

export interface TestDatabase {
  url: string;
  /** Drops the database. Throws when a connection to it is still open, naming what it did last. */
  stop(): Promise<void>;
}

/**
 * A database of this suite alone: migrated, empty, with a clock that `advanceDatabaseClock` moves. Call
 * `stop` in afterAll, after all pools are closed; a suite that forgets it fails.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = testDatabaseServerUrl();
  const template = testTemplateName();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runSql(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const stop = async (): Promise<void> => {
    forget();
    const open = await openConnections(serverUrl, name);
    await runSql(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    if (open.length > 0) throw new Error(`Connections to the database were left open:\n${open.join('\n')}`);
  };
  const forget = trackOpen(`database ${name}`, stop);
  return { url: withDatabase(serverUrl, name), stop };
}

/** The same server, another database. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs SQL on a connection of its own and answers the rows of the last statement. */
export async function runSql(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'carillon-testkit' });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = await client.query(sql, values);
    return result.rows ?? [];
  } finally {
    await client.end();
  }
}

async function openConnections(serverUrl: string, name: string): Promise<string[]> {
  // A backend needs a moment to notice that its client has closed the socket.
  const endMs = performance.now() + 2_000;
  for (;;) {
    const rows = await runSql(
      serverUrl,
      `SELECT application_name, left(query, 200) AS query FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || performance.now() > endMs) {
      return rows.map((row) => `  ${String(row['application_name'])}: ${String(row['query'])}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
