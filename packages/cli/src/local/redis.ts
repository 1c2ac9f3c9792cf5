import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { processCommand, stopProcess } from './processes.ts';
import { findRedisBinary, type RedisBinaryOptions } from './redis-binary.ts';
import { endOf, pidOf, serverEnv, spawnServer, waitUntilReady, type LocalServer } from './server-process.ts';
import { findFreePort } from './wait.ts';

export interface RedisOptions extends RedisBinaryOptions {
  /** A directory of this server alone; made when missing, and kept between starts. */
  dir: string;
  /** For a restart in place: the port that clients already know. A free one unless told. */
  port?: number;
  /** False only for throw-away data: nothing is written to disk. */
  durable?: boolean;
}

/**
 * Boots a private Redis (or Valkey) on a free loopback port: append-only file in `dir`, no eviction, a
 * random password. A server that a killed owner left running on the same files is stopped first, because
 * two servers on one append-only file destroy it; the caller must hold the lock of the data directory.
 */
export async function startRedis(options: RedisOptions): Promise<LocalServer> {
  const { dir, durable = true } = options;
  const binary = await findRedisBinary(options);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  await stopOrphanRedis(dir);
  const password = keptPassword(join(dir, 'password'));
  const port = options.port ?? (await findFreePort());
  const configFile = join(dir, 'redis.conf');
  writeFileSync(configFile, redisConfig({ dir, port, password, durable }), { mode: 0o600 });
  const logFile = join(dir, 'redis.log');
  const child = spawnServer(
    { command: binary.command, args: [configFile], env: serverEnv(binary.env), cwd: dir },
    logFile,
  );
  const ended = endOf(child);
  const pid = await pidOf(child, binary.command);
  writeFileSync(join(dir, 'redis.pid'), `${pid}\n`, { mode: 0o600 });
  const isReady = (): Promise<boolean> => answersPing(port, password);
  await waitUntilReady(child, { name: 'Redis', logFile, deadlineMs: 30_000, isReady });
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    pid,
    port,
    ended,
    forceSignal: 'SIGKILL',
    async stop() {
      await stopProcess(pid, { signal: 'SIGTERM', graceMs: 10_000 });
      await ended;
    },
  };
}

/** Stops a server that still runs on the files in `dir` although its owner is gone. True when there was one. */
export async function stopOrphanRedis(dir: string): Promise<boolean> {
  const pid = readPid(join(dir, 'redis.pid'));
  if (pid === undefined) return false;
  // Redis rewrites its command line to "redis-server 127.0.0.1:6379": the port in our file is what names it.
  const command = processCommand(pid);
  const port = readPort(join(dir, 'redis.conf'));
  const isOurs = command?.includes(join(dir, 'redis.conf')) || command?.includes(`127.0.0.1:${port}`);
  if (!isOurs) return false;
  await stopProcess(pid, { signal: 'SIGTERM', graceMs: 10_000 });
  return true;
}

function keptPassword(file: string): string {
  const kept = readText(file)?.trim();
  if (kept !== undefined && kept !== '') return kept;
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

interface RedisConfig {
  dir: string;
  port: number;
  password: string;
  durable: boolean;
}

/** In a file of mode 0600, because everybody on the machine can read a command line. */
function redisConfig({ dir, port, password, durable }: RedisConfig): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${dir.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    `appendonly ${durable ? 'yes' : 'no'}`,
    'save ""',
    // BullMQ loses jobs under any other policy.
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    let received = '';
    socket.setTimeout(1_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (received.includes('+PONG')) finish(true);
      // "-LOADING" while the append-only file is read, "-ERR" or "-WRONGPASS" from somebody else's server.
      else if (received.includes('\r\n-') || received.startsWith('-')) finish(false);
    });
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
  });
}

function readPid(file: string): number | undefined {
  const pid = Number(readText(file)?.trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function readPort(file: string): number {
  return Number(/^port (\d+)$/m.exec(readText(file) ?? '')?.[1]);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
