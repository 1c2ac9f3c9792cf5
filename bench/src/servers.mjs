import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres, startRedis } from '@carillon/cli';
import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * The private PostgreSQL and Redis of one run.
 *
 * @typedef {object} Servers
 * @property {string} dir where everything of this run lies; removed at the end
 * @property {{ url: string, pid: number }} postgres
 * @property {string} rawDatabaseUrl a database of its own on the same server, for the raw limits
 * @property {{ url: string, pid: number }} redis
 * @property {() => Promise<void>} stop
 */

/**
 * Commits wait for the disk, as in production. Buffers and WAL are large enough that no checkpoint falls into
 * one measurement and not into another; raw limits and subject share all of it.
 */
const postgresSettings = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '1000',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
};

/**
 * Boots both in a fresh directory below the data directory of the checkout: a disk that is as real as that of
 * the local stack, not a temporary directory that may be memory.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<Servers>}
 */
export async function startServers(say) {
  const dataDir = fileURLToPath(new URL('../../.carillon', import.meta.url));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const dir = mkdtempSync(join(dataDir, 'bench-'));
  const source = { cacheDirs: [join(homedir(), '.cache', 'carillon'), dataDir], mayDownload: true, say };
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), settings: postgresSettings });
  const redis = await startRedis({ dir: join(dir, 'redis'), ...source }).catch(async (error) => {
    await postgres.stop();
    throw error;
  });
  const rawDatabaseUrl = await makeRawDatabase(postgres.url);
  return {
    ...{ dir, postgres, rawDatabaseUrl, redis },
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** @param {string} url */
async function makeRawDatabase(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create extension pg_stat_statements');
  await client.query('create database bench_raw');
  const { rows } = await client.query(
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
  );
  if (rows[0].fsync !== 'on' || rows[0].commit !== 'on') throw new Error('The bench wants commits on disk');
  await client.end();
  const raw = new URL(url);
  raw.pathname = '/bench_raw';
  return raw.href;
}

/**
 * @param {string} url
 * @returns {Redis}
 */
export function connectRedis(url) {
  return new Redis(url, { maxRetriesPerRequest: null });
}
