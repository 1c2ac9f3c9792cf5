import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcesses } from './data-dir.ts';
import { isSameProcess } from './processes.ts';
import { postgresUrl } from './postgres.ts';

/**
 * URL of the PostgreSQL that a local stack runs on this data directory right now, for commands that work
 * beside it; undefined when none does.
 */
export function loadRunningDatabaseUrl(dataDir: string): string | undefined {
  const server = readProcesses(join(dataDir, 'run.json')).find(({ name }) => name === 'PostgreSQL');
  if (server?.port === undefined || !isSameProcess(server)) return undefined;
  return postgresUrl(readFileSync(join(dataDir, 'postgres', 'password'), 'utf8').trim(), server.port);
}
