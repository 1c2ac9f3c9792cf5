import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  isSameProcess,
  processStart,
  startPostgres,
  startRedis,
  stopOrphanPostgres,
  stopOrphanRedis,
  type LocalServer,
} from '@carillon/cli';
import { trackOpen } from './leaks.ts';
import { temporaryDir } from './temporary-dir.ts';

/** What the global setup tells the suites, by environment variables. */
const variables = {
  database: 'CARILLON_TEST_DATABASE',
  template: 'CARILLON_TEST_TEMPLATE',
  redis: 'CARILLON_TEST_REDIS',
  run: 'CARILLON_TEST_RUN',
  browser: 'CARILLON_TEST_BROWSER',
} as const;

type ServerKind = keyof typeof variables;

/** A thing that the suites can use, by its URL or name, or why it is not there. */
export type Booted = { use: string } | { failure: string };

/** Tells the suites what has been booted for them. */
export function announce(kind: ServerKind, booted: Booted): void {
  process.env[variables[kind]] = JSON.stringify(booted);
}

/** URL of the run's PostgreSQL, as a role that may create databases. Throws with the reason when it did not boot. */
export function testDatabaseServerUrl(): string {
  return announced('database');
}

/** Name of the migrated database that suites are cloned from. Throws with the reason when migrating failed. */
export function testTemplateName(): string {
  return announced('template');
}

/** URL of the run's Redis, which all suites share: use it under a prefix of your own, never FLUSHALL it. */
export function testRedisUrl(): string {
  return announced('redis');
}

/** The Chromium that suites named `*.browser.test.ts` open. Throws with the reason when there is none. */
export function testChromium(): string {
  return announced('browser');
}

/** A directory of this run alone, removed at its end. */
export function testRunDir(): string {
  return announced('run');
}

/** The run's Redis and a BullMQ prefix that no other suite uses, with the hash tag that queue keys share. */
export function testRedis(suite: string): { url: string; prefix: string } {
  return { url: testRedisUrl(), prefix: `{${suite}-${randomUUID().slice(0, 8)}}` };
}

/** A Redis of this suite alone, for FLUSHALL, restarts and pauses. Stop it in afterAll. */
export async function startOwnRedis(options: { durable?: boolean } = {}): Promise<LocalServer> {
  return guarded('Redis', (dir) =>
    startRedis({ dir, durable: options.durable ?? false, ...redisSource(() => {}) }),
  );
}

/** A PostgreSQL of this suite alone, empty, for restarts and terminated backends. Stop it in afterAll. */
export async function startOwnPostgres(settings: Record<string, string> = {}): Promise<LocalServer> {
  return guarded('PostgreSQL', (dir) => startPostgres({ dir, durable: false, settings }));
}

/** Where tests find a Redis server; the unpacked one is kept per user, so that it is fetched once. */
export function redisSource(say: (line: string) => void): {
  cacheDirs: string[];
  mayDownload: boolean;
  say: (line: string) => void;
} {
  const cacheDirs = [userCacheDir(), join(runsDir(tmpdir()), 'cache')];
  return { cacheDirs, mayDownload: process.env['CARILLON_LOCAL_DOWNLOAD'] !== 'never', say };
}

/**
 * A directory for what is thrown away that belongs to this process. When the process is killed,
 * the next run's `clearLeftovers` stops the servers in it and removes it.
 */
export function makeRunDir(label: string): string {
  mkdirSync(runsDir(), { recursive: true, mode: 0o700 });
  const dir = mkdtempSync(join(runsDir(), `${label}-`));
  const owner = { pid: process.pid, start: processStart(process.pid) };
  writeFileSync(join(dir, 'owner.json'), JSON.stringify(owner));
  return dir;
}

/** Stops and removes what runs that were killed have left behind. */
export async function clearLeftovers(): Promise<void> {
  mkdirSync(runsDir(), { recursive: true, mode: 0o700 });
  for (const name of readdirSync(runsDir())) {
    const dir = join(runsDir(), name);
    const owner = readOwner(dir);
    if (owner === undefined || isSameProcess(owner)) continue;
    await stopOrphanPostgres(join(dir, 'postgres'));
    await stopOrphanRedis(join(dir, 'redis'));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function guarded(name: string, start: (dir: string) => Promise<LocalServer>): Promise<LocalServer> {
  const runDir = makeRunDir('own');
  const server = await start(join(runDir, name === 'Redis' ? 'redis' : 'postgres'));
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(runDir, { recursive: true, force: true });
    forget();
  };
  const forget = trackOpen(`${name} of its own at port ${server.port}`, stop);
  return { ...server, stop };
}

function announced(kind: ServerKind): string {
  const text = process.env[variables[kind]];
  if (text === undefined)
    throw new Error(`No test ${kind}: start the tests through Jest with its global setup`);
  const booted: Booted = JSON.parse(text);
  if ('failure' in booted) throw new Error(`No test ${kind}: ${booted.failure}`);
  return booted.use;
}

function runsDir(base = temporaryDir()): string {
  return join(base, `carillon-tests-${userInfo().uid}`);
}

function userCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'carillon');
}

function readOwner(dir: string): { pid: number; start: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
