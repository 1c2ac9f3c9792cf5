import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { OrganizationId, UserId } from '@carillon/core';
import {
  fillInbox,
  makeChannel,
  makeOrganization,
  makeUser,
  openTestStore,
  type TestStore,
} from '../test/store.ts';
import type { Database } from './connect.ts';
import { inOrganization, readInOrganization } from './transactions.ts';

let store: TestStore;
let api: Database;
let here: OrganizationId;
let there: OrganizationId;
let userThere: UserId;
beforeAll(async () => {
  store = await openTestStore();
  api = store.connect('carillon_api', 4);
  [here, there] = [await makeOrganization(store.db), await makeOrganization(store.db)];
  for (const organizationId of [here, there]) {
    await makeChannel(store.db, organizationId);
    userThere = await makeUser(store.db, organizationId, { email: 'ada@example.com' });
    await fillInbox(store.db, organizationId, userThere, 2);
  }
});
afterAll(() => store.stop());

const filled = [
  ...['organization_numbers', 'users', 'inbox_state', 'contact_points', 'channels'],
  ...['notifications', 'deliveries'],
];
const organizationsIn = async (db: Database, table: string) => {
  const { rows } = await sql<{ organization_id: string }>`
    select distinct organization_id from ${sql.table(table)} order by 1`.execute(db);
  return rows.map((row) => row.organization_id);
};

describe('the wall between organizations', () => {
  it('stands around every table that has an organization', async () => {
    const rows = await store.rows(
      `select c.table_name from information_schema.columns c
       join pg_class t on t.relname = c.table_name and t.relkind = 'r'
       where c.table_schema = 'public' and c.column_name = 'organization_id'
         and (not t.relrowsecurity or 2 > (select count(*) from pg_policy p where p.polrelid = t.oid))`,
    );
    expect(rows).toEqual([]);
  });

  it.each(filled)('shows the API only its own rows of %s, though the query forgets to ask', async (table) => {
    expect(await inOrganization(api, here, (db) => organizationsIn(db, table))).toEqual([here]);
    expect(await inOrganization(api, there, (db) => organizationsIn(db, table))).toEqual([there]);
  });

  it.each(filled)('shows the API nothing of %s when no organization was named', async (table) => {
    expect(await organizationsIn(api, table)).toEqual([]);
  });

  it.each(filled)('shows the system all of %s', async (table) => {
    expect(await organizationsIn(store.db, table)).toEqual([here, there].toSorted());
  });

  it('ends with its transaction: the next user of the connection sees nothing', async () => {
    const one = store.connect('carillon_api', 1);
    expect(await inOrganization(one, here, (db) => organizationsIn(db, 'users'))).toEqual([here]);
    expect(await organizationsIn(one, 'users')).toEqual([]);
  });

  it('stands around reads that are sent in one go, and around who uses the connection next', async () => {
    const one = store.connect('carillon_api', 1);
    for (const organization of [here, there, here]) {
      const read = readInOrganization(one, organization, (db) => organizationsIn(db, 'users'));
      const next = organizationsIn(one, 'users');
      expect([await read, await next]).toEqual([[organization], []]);
    }
  });

  it('is as high after a read that failed, in the database or beside it', async () => {
    const one = store.connect('carillon_api', 1);
    const fails: ((db: Database) => Promise<unknown>)[] = [
      (db) => sql`select 1 / 0`.execute(db),
      () => Promise.reject(new Error('division by zero elsewhere')),
    ];
    for (const fail of fails) {
      await expect(readInOrganization(one, here, fail)).rejects.toThrow(/division by zero/);
      expect(await organizationsIn(one, 'users')).toEqual([]);
      expect(await inOrganization(one, there, (db) => organizationsIn(db, 'users'))).toEqual([there]);
    }
  });

  it('lets what only reads write nothing', async () => {
    const write = readInOrganization(api, there, (db) =>
      sql`update users set name = 'mine' where id = ${userThere}`.execute(db),
    );
    await expect(write).rejects.toThrow(/read-only transaction/);
  });

  it('lets no foreign row be changed, removed or made', async () => {
    const affected = await inOrganization(api, here, async (db) => {
      const updated = await sql`update users set name = 'mine' where id = ${userThere}`.execute(db);
      const deleted = await sql`delete from notifications where organization_id = ${there}`.execute(db);
      return [Number(updated.numAffectedRows), Number(deleted.numAffectedRows)];
    });
    expect(affected).toEqual([0, 0]);
    const insert = inOrganization(api, here, (db) => makeUser(db, there));
    await expect(insert).rejects.toThrow(/row-level security/);
    const move = inOrganization(api, here, (db) =>
      sql`update users set organization_id = ${there} where organization_id = ${here}`.execute(db),
    );
    await expect(move).rejects.toThrow(/row-level security/);
  });
});
