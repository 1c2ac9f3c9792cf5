import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Log, LogFields } from '@carillon/core';
import { runSql, startOwnPostgres } from '@carillon/testkit';
import { connectAs } from './connect.ts';
import { migrate, schemaNumber } from './migrate.ts';

let server: Awaited<ReturnType<typeof startOwnPostgres>>;
beforeAll(async () => {
  server = await startOwnPostgres();
});
afterAll(() => server.stop());

/** A log that keeps its lines. */
function createListening(): { log: Log; events: string[] } {
  const events: string[] = [];
  const note = ({ event }: LogFields) => void events.push(event);
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  return { log, events };
}

const migrated = Array.from({ length: schemaNumber }, () => 'schema.migrated');
let made = 0;
async function createDatabase(owner?: string): Promise<string> {
  made += 1;
  const name = `migrate_${made}`;
  await runSql(server.url, `create database ${name} ${owner === undefined ? '' : `owner ${owner}`}`);
  return urlOf(name);
}
function urlOf(database: string, login?: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  if (login !== undefined) [url.username, url.password] = [login, 'secret'];
  return url.href;
}
const tablesIn = (url: string) =>
  runSql(url, "select tablename from pg_tables where schemaname = 'public' order by 1");

/** Each test of roles has to begin before any role was made, so they come first. */
describe('a login that may not make roles', () => {
  it('migrates and works all the same, without row-level security, and says so', async () => {
    await runSql(server.url, "create role plain login password 'secret'");
    const database = new URL(await createDatabase('plain')).pathname.slice(1);
    const url = urlOf(database, 'plain');
    const { log, events } = createListening();
    await migrate({ url, log });
    expect(events).toEqual(['schema.roles_unavailable', ...migrated]);
    const connected = await connectAs({ url, log, role: 'carillon_api' });
    const { rows } = await sql`select current_user::text as me, count(*)::int from users`.execute(
      connected.db,
    );
    await connected.stop();
    expect(rows).toEqual([{ me: 'plain', count: 0 }]);
    expect(events).toContain('database.role_missing');
  });

  it('is not led into a role that came after its tables and has no rights on them', async () => {
    await runSql(
      server.url,
      'create role carillon_api; create role carillon_system; grant carillon_api to plain',
    );
    const { log, events } = createListening();
    const connected = await connectAs({ url: urlOf('migrate_1', 'plain'), log, role: 'carillon_api' });
    const { rows } =
      await sql`select current_user::text as me from users right join (select 1) one on true`.execute(
        connected.db,
      );
    await connected.stop();
    expect(rows).toEqual([{ me: 'plain' }]);
    expect(events).toEqual(['database.role_missing']);
    await runSql(server.url, 'drop role carillon_api; drop role carillon_system');
  });
});

describe('a login that may make roles and is no superuser', () => {
  it('can act as the roles it made', async () => {
    await runSql(server.url, "create role maker login createrole password 'secret'");
    const database = new URL(await createDatabase('maker')).pathname.slice(1);
    const url = urlOf(database, 'maker');
    const { log, events } = createListening();
    await migrate({ url, log });
    expect(events).toEqual(migrated);
    for (const role of ['carillon_api', 'carillon_system'] as const) {
      const connected = await connectAs({ url, log, role });
      const { rows } = await sql`select current_user::text as me, count(*)::int from users`.execute(
        connected.db,
      );
      await connected.stop();
      expect(rows).toEqual([{ me: role, count: 0 }]);
    }
  });
});

describe('migrating', () => {
  it('happens once when eight start at once, and never again', async () => {
    const url = await createDatabase();
    const { log, events } = createListening();
    const results = await Promise.all(Array.from({ length: 8 }, () => migrate({ url, log })));
    expect(results.map((result) => result.applied).toSorted((a, b) => a - b)).toEqual([
      ...Array(7).fill(0),
      schemaNumber,
    ]);
    expect(events.filter((event) => event === 'schema.migrated')).toHaveLength(schemaNumber);
    const before = await tablesIn(url);
    expect(await migrate({ url, log })).toEqual({ applied: 0 });
    expect(await tablesIn(url)).toEqual(before);
    expect(before.length).toBeGreaterThan(10);
  });

  it('leaves nothing behind when it fails half-way, and works once the cause is gone', async () => {
    const url = await createDatabase();
    await runSql(url, 'create table deliveries (in_the_way int)');
    const { log } = createListening();
    await expect(migrate({ url, log })).rejects.toMatchObject({ code: '42P07' });
    expect(await tablesIn(url)).toEqual([{ tablename: 'carillon_migrations' }, { tablename: 'deliveries' }]);
    await runSql(url, 'drop table deliveries');
    expect(await migrate({ url, log })).toEqual({ applied: schemaNumber });
  });
});

describe('a newer database', () => {
  const newer = async (oldestCode: number) => {
    const url = await createDatabase();
    const { log } = createListening();
    await migrate({ url, log });
    await runSql(url, "insert into carillon_migrations values ($1, 'later', $2, carillon_now())", [
      schemaNumber + 1,
      oldestCode,
    ]);
    return migrate({ url, log });
  };

  it('that declares this code good enough is left as it is', async () => {
    expect(await newer(schemaNumber)).toEqual({ applied: 0 });
  });

  it('that does not stops the start with both numbers and the remedy', async () => {
    const refused = newer(schemaNumber + 1);
    await expect(refused).rejects.toMatchObject({ name: 'IncompatibleSchemaError' });
    await expect(refused).rejects.toThrow(
      `code of schema ${schemaNumber + 1} or later; this code is of schema ${schemaNumber}. Start a newer Carillon`,
    );
  });
});
