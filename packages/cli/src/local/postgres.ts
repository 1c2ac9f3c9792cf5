import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { chooseIdentity, identify, takeOwnership, type Identity } from './postgres-identity.ts';
import { processCommand, stopProcess } from './processes.ts';
import { endOf, pidOf, serverEnv, spawnServer, waitUntilReady, type LocalServer } from './server-process.ts';
import { findFreePort } from './wait.ts';

const databaseName = 'carillon';
const userName = 'carillon';

export interface PostgresOptions {
  /** A directory of this server alone; made when missing, and kept between starts. */
  dir: string;
  /** For a restart in place: the port that clients already know. A free one unless told. */
  port?: number;
  /** False only for throw-away data: no fsync, no synchronous commit. */
  durable?: boolean;
  /** Further settings, as on the command line of `postgres -c`. */
  settings?: Record<string, string>;
  /** Called before the first boot makes the database files, which takes about a second. */
  onInit?: () => void;
  /** How the binaries are run when we are root; tests name one, everybody else lets it be chosen. */
  identity?: Identity;
}

/**
 * Boots the PostgreSQL that npm brought on a free loopback port, with one database and one role named
 * `carillon` and a random password kept 0600 in `dir`. The first boot makes the files. A server that an
 * earlier, killed owner left running on the same files is stopped first; the caller must hold the lock
 * of the data directory, because that server is taken for an orphan.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalServer> {
  const { dir } = options;
  const binaries = findPostgresBinaries();
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  await stopOrphanPostgres(dir);
  const identity = options.identity ?? chooseIdentity(binaries.postgres, dir);
  takeOwnership(identity, dir);
  if (!existsSync(join(dir, 'data', 'PG_VERSION'))) {
    options.onInit?.();
    await initialize(dir, binaries, identity);
  }
  const password = readFileSync(join(dir, 'password'), 'utf8').trim();
  return boot(options, binaries.postgres, identity, password);
}

/** Stops a server that still runs on the files in `dir` although its owner is gone. True when there was one. */
export async function stopOrphanPostgres(dir: string): Promise<boolean> {
  const dataDir = join(dir, 'data');
  const pid = readPid(dataDir);
  // The pid may belong to another program by now, so the command line has to name our files.
  if (pid === undefined || !processCommand(pid)?.includes(dataDir)) return false;
  await stopProcess(pid, { signal: 'SIGINT', graceMs: 10_000 });
  return true;
}

/** Where the server with this password and port is reached. */
export function postgresUrl(password: string, port: number): string {
  return `postgres://${userName}:${password}@127.0.0.1:${port}/${databaseName}`;
}

async function initialize(
  dir: string,
  { initdb, postgres }: PostgresBinaries,
  identity: Identity,
): Promise<void> {
  const dataDir = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  const password = randomBytes(24).toString('base64url');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity.kind === 'nobody') chownSync(passwordFile, statSync(dir).uid, statSync(dir).gid);
  // Made aside and renamed when whole: a first boot that is cut short leaves nothing that looks finished.
  const fresh = join(dir, 'data.new');
  rmSync(fresh, { recursive: true, force: true });
  await runOnce(identity, initdb, [
    ...['-D', fresh, '-U', userName, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
  ]);
  await runOnce(
    identity,
    postgres,
    ['--single', '-D', fresh, '-F', 'postgres'],
    `CREATE DATABASE ${databaseName}\n`,
  );
  renameSync(fresh, dataDir);
}

function runOnce(identity: Identity, program: string, args: string[], input = ''): Promise<void> {
  const { command, args: allArgs, ...ids } = identify(identity, program, args);
  return new Promise((resolve, reject) => {
    const child = spawn(command, allArgs, { ...ids, env: serverEnv(), cwd: '/', stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('error', (cause) => reject(new Error(`${command} could not be run`, { cause })));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed: ${output.trim() || `exit code ${code}`}`));
    });
    child.stdin.end(input);
  });
}

async function boot(
  { dir, durable = true, settings = {}, port: wantedPort }: PostgresOptions,
  postgres: string,
  identity: Identity,
  password: string,
): Promise<LocalServer> {
  const dataDir = join(dir, 'data');
  const logFile = join(dir, 'postgres.log');
  const port = wantedPort ?? (await findFreePort());
  const speed = durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...speed, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const run = identify(identity, postgres, ['-D', dataDir, '-p', String(port), ...args]);
  const child = spawnServer({ ...run, env: serverEnv(), cwd: '/' }, logFile);
  const ended = endOf(child);
  const pid = await pidOf(child, postgres);
  await waitUntilReady(child, {
    name: 'PostgreSQL',
    logFile,
    deadlineMs: 60_000,
    isReady: () => statusOf(dataDir) === 'ready' && readPid(dataDir) === pid,
  });
  return {
    url: postgresUrl(password, port),
    pid,
    port,
    ended,
    forceSignal: 'SIGQUIT',
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: sessions are ended, then a checkpoint is written.
      await stopProcess(pid, { signal: 'SIGINT', graceMs: 20_000 });
      await ended;
    },
  };
}

/** postmaster.pid: line 1 is the pid, line 8 the status word that pg_ctl also waits for. */
function readPid(dataDir: string): number | undefined {
  const pid = Number(readPidFile(dataDir)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function statusOf(dataDir: string): string | undefined {
  return readPidFile(dataDir)[7]?.trim();
}

function readPidFile(dataDir: string): string[] {
  try {
    return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
