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
  const port = portOf(dataDir, 'PostgreSQL');
  return port === undefined ? undefined : postgresUrl(readPassword(dataDir, 'postgres'), port);
}

/** The same for the Redis that it runs. */
export function loadRunningRedisUrl(dataDir: string): string | undefined {
  const port = portOf(dataDir, 'Redis');
  return port === undefined ? undefined : `redis://:${readPassword(dataDir, 'redis')}@127.0.0.1:${port}`;
}

function portOf(dataDir: string, wanted: string): number | undefined {
  const server = readProcesses(join(dataDir, 'run.json')).find(({ name }) => name === wanted);
  return server !== undefined && isSameProcess(server) ? server.port : undefined;
}

function readPassword(dataDir: string, server: string): string {
  return readFileSync(join(dataDir, server, 'password'), 'utf8').trim();
}
