import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, startRedis, type LocalServer } from '@carillon/cli';
import { migrate } from '@carillon/db';
import { createLog } from '@carillon/runtime';
import { prepareChromium } from './chromium.ts';
import { installTestClock } from './clock.ts';
import { runSql, withDatabase } from './database.ts';
import { keepForTeardown } from './global-teardown.ts';
import { announce, clearLeftovers, makeRunDir, redisSource, type Booted } from './servers.ts';

/** A directory for what this run makes, known to the suites and removed at its end. */
export async function openTestRun(): Promise<string> {
  await clearLeftovers();
  const runDir = makeRunDir('run');
  keepForTeardown(async () => rmSync(runDir, { recursive: true, force: true }));
  announce('run', { use: runDir });
  return runDir;
}

/**
 * Jest's global setup: one throw-away PostgreSQL with a migrated template database and one Redis, or those
 * of TEST_DATABASE_URL and TEST_REDIS_URL. A server that does not boot, or a migration that fails, is told
 * to the suites that ask for it; unit tests run without.
 */
export async function startTestServers(runDir: string): Promise<void> {
  const [database, redis] = await Promise.all([
    bootUnlessGiven('TEST_DATABASE_URL', () => bootPostgres(join(runDir, 'postgres'))),
    bootUnlessGiven('TEST_REDIS_URL', () =>
      startRedis({
        dir: join(runDir, 'redis'),
        durable: false,
        ...redisSource((line) => process.stderr.write(`${line}\n`)),
      }),
    ),
  ]);
  announce('database', database);
  announce('redis', redis);
  announce('template', 'use' in database ? await prepareTemplate(database.use) : database);
}

/** For suites that open a browser; why there is none is told to them, as with servers. */
export async function prepareBrowser(): Promise<void> {
  try {
    announce('browser', { use: await prepareChromium((line) => process.stderr.write(`${line}\n`)) });
  } catch (error) {
    announce('browser', { failure: messageOf(error) });
  }
}

async function bootPostgres(dir: string): Promise<LocalServer> {
  const server = await startPostgres({
    ...{ dir, durable: false },
    settings: { max_connections: '300', shared_preload_libraries: 'pg_stat_statements' },
  });
  // The suites log in thousands of times. One round instead of 4096 to hash the password, here only, makes
  // that half as dear for both sides.
  const { password } = new URL(server.url);
  await runSql(server.url, `SET scram_iterations = 1; ALTER ROLE current_user PASSWORD '${password}'`);
  return server;
}

async function bootUnlessGiven(variable: string, start: () => Promise<LocalServer>): Promise<Booted> {
  const given = process.env[variable];
  if (given !== undefined && given !== '') return { use: given };
  try {
    const server = await start();
    keepForTeardown(() => server.stop());
    return { use: server.url };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

/** The name is the run's own, because several runs may share the server of TEST_DATABASE_URL. */
async function prepareTemplate(serverUrl: string): Promise<Booted> {
  const name = `carillon_template_${randomUUID().slice(0, 8)}`;
  const url = withDatabase(serverUrl, name);
  try {
    await runSql(serverUrl, `CREATE DATABASE ${name}`);
    keepForTeardown(async () => {
      await runSql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    });
    await migrate({ url, log: createLog({ service: 'testkit', version: 'test', level: 'error' }) });
    await installTestClock(url);
    return { use: name };
  } catch (error) {
    return { failure: `the migrations failed: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
