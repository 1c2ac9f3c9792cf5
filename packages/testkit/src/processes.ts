import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findFreePort, waitFor } from '@carillon/cli';
import { trackOpen } from './leaks.ts';
import { testRunDir } from './servers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One line of a service's log; `event` names what happened. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface ServiceEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** A service as a child process of the test, of the built code: what a person would run. */
export interface ServiceProcess {
  pid: number;
  /** Where the API answers, or a worker's health and metrics. No slash at its end. */
  url: string;
  /** What it has logged so far; lines that are no JSON come as `{ text }`. */
  lines(): readonly LogLine[];
  /** The first line, past or to come, with this event (or that fits); throws after `deadlineMs`. */
  waitForLine(wanted: string | ((line: LogLine) => boolean), deadlineMs?: number): Promise<LogLine>;
  /** Sends a signal without waiting. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal, SIGKILL unless told, and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<ServiceEnd>;
  /** SIGTERM; throws when it does not end by itself within 30 s with exit code 0. Harmless when it has ended. */
  stop(): Promise<void>;
  ended: Promise<ServiceEnd>;
}

/**
 * Starts `services/<name>` and waits until it is ready. `env` must name DATABASE_URL and REDIS_URL; the
 * Redis must be the suite's own (`startOwnRedis`), since services use fixed names in it. A free port and a
 * random secret key are filled in; give the same key to services that share a database. Stop it in the
 * suite, or the suite fails. One that is to die at a point of its walk (CARILLON_FAULT) may do so before it was seen ready.
 */
export async function startService(
  name: 'api' | 'worker',
  env: Readonly<Record<string, string>>,
  { readyWithinMs = 30_000 }: { readyWithinMs?: number } = {},
): Promise<ServiceProcess> {
  const main = join(root, 'services', name, 'dist', 'bundle', 'main.js');
  await buildServices();
  if (!existsSync(main)) throw new Error(`${main} is missing: \`npm run build\` says why`);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const own: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'debug',
    CARILLON_SECRET_KEY: randomBytes(32).toString('base64'),
    ...(name === 'api' ? { PORT: String(port) } : { METRICS_PORT: String(port) }),
  };
  const service = runNode(name, main, { ...own, ...env }, url);
  const ready = await waitFor(() => isReadyOrEnded(service, url), { deadlineMs: readyWithinMs, everyMs: 50 });
  const diedAsTold = env['CARILLON_FAULT'] !== undefined && ready === 'ended with SIGKILL';
  if (ready === 'ready' || diedAsTold) return service;
  const last = service
    .lines()
    .slice(-10)
    .map((line) => JSON.stringify(line))
    .join('\n');
  if (ready === undefined) await service.kill();
  throw new Error(`${name} ${ready ?? 'was not ready'}; its last lines:\n${last}`);
}

/**
 * Asks `check` until it gives something else than undefined or false; throws after `deadlineMs`, which
 * means "never" (be generous), not "too slow".
 */
export async function pollUntil<T>(
  check: () => Promise<T | false | undefined> | T | false | undefined,
  deadlineMs = 15_000,
  what = 'What the test waits for',
): Promise<T> {
  const answer = await waitFor(check, { deadlineMs, everyMs: 15 });
  if (answer === undefined) throw new Error(`${what} did not happen within ${deadlineMs} ms`);
  return answer;
}

function runNode(name: string, main: string, env: Record<string, string>, url: string): ServiceProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => lines.push(parseLine(text)));
  }
  const ended = new Promise<ServiceEnd>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', () => resolve({ exitCode: null, signal: null }));
  });
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<ServiceEnd> => {
    child.kill(signal);
    return ended;
  };
  const forget = trackOpen(`${name} process ${child.pid}`, async () => {
    await kill();
  });
  void ended.then(forget);
  return {
    pid: child.pid ?? 0,
    url,
    lines: () => lines,
    async waitForLine(wanted, deadlineMs = 15_000) {
      const fits = typeof wanted === 'string' ? (line: LogLine) => line['event'] === wanted : wanted;
      return pollUntil(() => lines.find(fits), deadlineMs, `A log line of ${name} (${String(wanted)})`);
    },
    signal: (signal) => void child.kill(signal),
    kill,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const end = await waitFor(() => child.exitCode ?? child.signalCode ?? undefined, {
        deadlineMs: 30_000,
      });
      if (end === undefined) await kill();
      if (end !== 0) throw new Error(`${name} did not stop in order: ${end ?? 'it had to be killed'}`);
      await ended;
    },
    ended,
  };
}

async function isReadyOrEnded(service: ServiceProcess, url: string): Promise<string | undefined> {
  const end = await Promise.race([service.ended, Promise.resolve(undefined)]);
  if (end !== undefined) return `ended with ${end.exitCode ?? end.signal}`;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200 ? 'ready' : undefined;
  } catch {
    return undefined;
  }
}

function parseLine(text: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : { text };
  } catch {
    return { text };
  }
}

/**
 * Compiles what children of a test run. Once in a run, by the suite that comes first; the others wait for it.
 * A package that does not compile does not stop tests of the others.
 */
export async function buildServices(): Promise<void> {
  const place = join(testRunDir(), 'build');
  const done = join(place, 'done');
  if (!isFirstAt(place)) {
    await pollUntil(() => existsSync(done), 120_000, 'Compiling the services');
    return;
  }
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const bundlers = ['bundle-faces.mjs', 'bundle-services.mjs'].map((name) => [join(root, 'scripts', name)]);
  const steps = [[compiler, '-b', 'tsconfig.build.json'], ...bundlers];
  const run = (args: string[]) => spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' }).status;
  if (run(['--input-type=module', '--eval', isBuilt]) !== 0) steps.forEach(run);
  writeFileSync(done, '');
}

/** Ends with 0 where `npm test` has just built what there is. */
const isBuilt = `import { isBuilt } from './scripts/prepare/build-state.mjs';
  process.exitCode = isBuilt('.') ? 0 : 1;`;

/** Making a directory succeeds once, whoever else tries. */
function isFirstAt(place: string): boolean {
  try {
    mkdirSync(place);
    return true;
  } catch (error) {
    if (!existsSync(place)) throw error;
    return false;
  }
}
