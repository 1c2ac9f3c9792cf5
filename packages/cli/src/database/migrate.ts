import { migrate as migrateDatabase, schemaNumber } from '@carillon/db';
import { getDatabaseUrl, screenLog } from '../local/with-database.ts';

/** Brings the database to this version's schema, as each start does. */
export async function migrate(): Promise<{ applied: number; schema: number }> {
  const { applied } = await migrateDatabase({ url: getDatabaseUrl(), log: screenLog });
  return { applied, schema: schemaNumber };
}
