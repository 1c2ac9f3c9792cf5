import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { waitFor } from './wait.ts';
import { stopProcess } from './processes.ts';

/** A server that runs as a process of its own. */
export interface LocalServer {
  url: string;
  pid: number;
  port: number;
  /** Settles when the process is gone, whoever ended it. */
  ended: Promise<void>;
  /** What ends it at once without harm to its files. */
  forceSignal: NodeJS.Signals;
  /** Ends it cleanly; harmless when it is gone already. */
  stop(): Promise<void>;
}

export interface ServerCommand {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  uid?: number;
  gid?: number;
}

/**
 * Starts a server in a process group of its own, so that a Ctrl-C in the terminal does not reach it before
 * the services that need it have drained. It writes to a file, not to a pipe of ours: a server that
 * outlives a killed supervisor must be able to go on writing.
 */
export function spawnServer(run: ServerCommand, logFile: string): ChildProcess {
  const output = openSync(logFile, 'a', 0o600);
  try {
    const { command, args, ...options } = run;
    return spawn(command, args, { ...options, detached: true, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
}

/** What a server gets of our environment: nothing that could change what it does (PGPORT, LC_ALL, TZ …). */
export function serverEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...more };
}

/** The pid of a child that has just been started; its error when it could not be. */
export async function pidOf(child: ChildProcess, command: string): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const cause: unknown = await new Promise((resolve) => child.once('error', resolve));
  throw new Error(`${command} could not be started`, { cause });
}

/** Settles when the child is gone. To be asked right after the start. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

export interface ReadyOptions {
  name: string;
  logFile: string;
  deadlineMs: number;
  isReady: () => Promise<boolean> | boolean;
  /** How often it is asked at most, in milliseconds; each 5 unless given. */
  everyMs?: number;
  /** Gives up waiting, and ends the server. */
  stopping?: AbortSignal;
}

/** Waits until a new server takes requests; when it dies or never does, throws with its last lines. */
export async function waitUntilReady(child: ChildProcess, options: ReadyOptions): Promise<void> {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const outcome = await waitFor(
    async () => {
      if (hasEnded()) return 'ended';
      if (options.stopping?.aborted === true) return 'stopping';
      return (await options.isReady()) ? 'ready' : undefined;
    },
    { deadlineMs: options.deadlineMs, everyMs: options.everyMs ?? 5 },
  );
  if (outcome === 'ready') return;
  if (!hasEnded() && child.pid !== undefined) {
    await stopProcess(child.pid, { signal: 'SIGTERM', graceMs: 2_000 });
  }
  options.stopping?.throwIfAborted();
  const reason = outcome === 'ended' ? 'ended at once' : `was not ready within ${options.deadlineMs} ms`;
  throw new Error(`${options.name} ${reason}. Its last lines:\n${lastLines(options.logFile)}`);
}

/** The end of a log file, for error messages. */
export function lastLines(file: string, count = 12): string {
  if (!existsSync(file)) return '(no output)';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
