import { spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { stopProcess } from './processes.ts';
import { endOf, pidOf, waitUntilReady, type LocalServer } from './server-process.ts';

export interface ServiceOptions {
  name: string;
  /** The bundled `main.js`. */
  main: string;
  env: NodeJS.ProcessEnv;
  /** What it logs is appended here. */
  logFile: string;
  /** Where it answers `/readyz`. */
  url: string;
  port: number;
  /** After this, a stop becomes a kill. */
  stopGraceMs: number;
  /** Gives up waiting for it. */
  stopping: AbortSignal;
}

const logBytesMax = 10_000_000;

/**
 * Starts the API or a worker and waits until it says that it is ready. It logs to a file. The channel to it
 * carries no messages: its loss tells the service that the supervisor is gone, and it drains and ends.
 */
export async function startServiceProcess(options: ServiceOptions): Promise<LocalServer> {
  const { name, main, env, logFile, url, port, stopGraceMs, stopping } = options;
  setAsideLargeLog(logFile);
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env,
    // A group of its own: Ctrl-C in the terminal goes to the supervisor, which stops all in order.
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const ended = endOf(child);
  const pid = await pidOf(child, name);
  const isReady = async (): Promise<boolean> => answers(`${url}/readyz`);
  // A request each time: often enough not to be noticed, too seldom to slow the start down.
  await waitUntilReady(child, { name, logFile, deadlineMs: 60_000, isReady, everyMs: 50, stopping });
  return {
    url,
    pid,
    port,
    ended,
    forceSignal: 'SIGKILL',
    async stop() {
      await stopProcess(pid, { signal: 'SIGTERM', graceMs: stopGraceMs });
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** One older log is kept, so that logs cannot fill the disk over many starts. */
function setAsideLargeLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(logFile, `${logFile}.1`);
}
