import { connectDatabase, type Database } from '@carillon/db';
import { loadConfig, readEnvironment } from '@carillon/runtime';
import { loadRunningDatabaseUrl } from './running.ts';
import { createScreenLog } from './screen-log.ts';

/** Lines for people that are no result: results alone go to standard output, so that they can be piped. */
export const screenLog = createScreenLog((line) => console.error(line));

/** DATABASE_URL, else the database of the local stack that runs on the data directory. Throws when there is neither. */
export function getDatabaseUrl(): string {
  const config = loadConfig(readEnvironment());
  const url = config.databaseUrl ?? loadRunningDatabaseUrl(config.dataDir);
  if (url !== undefined) return url;
  throw new Error(
    `DATABASE_URL is not set, and no local stack runs on ${config.dataDir} (npm start runs one)`,
  );
}

/** Runs one piece of work on the database and closes the connection. */
export async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const database = connectDatabase({ url: getDatabaseUrl(), log: screenLog, name: 'cli', poolMax: 1 });
  try {
    return await work(database.db);
  } finally {
    await database.stop();
  }
}
