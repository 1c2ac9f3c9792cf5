import { migrate as migrateDatabase } from '@carillon/db';
import { getDatabaseUrl, screenLog } from './with-database.ts';

/** `carillon migrate`: brings the database to this version's schema, as each start does. */
export async function migrate(): Promise<void> {
  const { applied } = await migrateDatabase({ url: getDatabaseUrl(), log: screenLog });
  console.log(applied === 0 ? 'The schema is up to date' : `Applied ${applied} migrations`);
}
