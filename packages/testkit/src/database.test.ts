import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { advanceDatabaseClock } from './clock.ts';
import { createTestDatabase, runSql, type TestDatabase } from './database.ts';
import { testRedis } from './servers.ts';

describe('the database of a suite', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.stop());

  it('is a clone of the migrated template that others do not see', async () => {
    const other = await createTestDatabase();
    await runSql(database.url, 'CREATE TABLE only_here (id int)');
    const rows = await runSql(other.url, "SELECT to_regclass('only_here') AS found");
    expect(rows).toEqual([{ found: null }]);
    await other.stop();
  });

  it('has a clock that moves by what it is told', async () => {
    const before = await secondsOf(database);
    await advanceDatabaseClock(database, 3_600_000);
    const after = await secondsOf(database);
    await advanceDatabaseClock(database, -7_200_000);
    const back = await secondsOf(database);
    expect(after - before).toBeGreaterThanOrEqual(3_600);
    expect(after - before).toBeLessThan(3_660);
    expect(after - back).toBeLessThanOrEqual(7_200);
    expect(after - back).toBeGreaterThan(7_140);
  });

  it('refuses to be given back while a connection is open, naming it', async () => {
    const leaky = await createTestDatabase();
    const client = new pg.Client({ connectionString: leaky.url, application_name: 'the leak' });
    client.on('error', () => {});
    await client.connect();
    await client.query('SELECT 42');
    await expect(leaky.stop()).rejects.toThrow(/left open:\n {2}the leak: SELECT 42/);
    await client.end().catch(() => {});
    const name = new URL(leaky.url).pathname.slice(1);
    expect(await runSql(database.url, 'SELECT 1 FROM pg_database WHERE datname = $1', [name])).toEqual([]);
  });

  it('gives each suite a Redis prefix of its own', () => {
    expect(testRedis('walk').prefix).toMatch(/^\{walk-[0-9a-f]{8}\}$/);
    expect(testRedis('walk').prefix).not.toBe(testRedis('walk').prefix);
  });
});

async function secondsOf(database: TestDatabase): Promise<number> {
  const [row] = await runSql(database.url, 'SELECT extract(epoch FROM carillon_now())::float8 AS seconds');
  return Number(row?.['seconds']);
}
