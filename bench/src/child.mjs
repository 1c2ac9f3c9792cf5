import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * A Node process that a run started and ends.
 *
 * @typedef {object} Child
 * @property {number} pid
 * @property {() => Promise<void>} stop SIGTERM, then waits; SIGKILL after 20 s
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program and waits until `isReady` says so.
 *
 * @param {{ name: string, program?: string, args: string[], cwd?: string, env: Record<string, string>, logFile: string, readyMs?: number, isReady: () => Promise<boolean> }} options `program` is this Node unless told
 * @returns {Promise<Child>}
 */
export async function startChild({
  name,
  program = process.execPath,
  args,
  cwd,
  env,
  logFile,
  readyMs = 30_000,
  isReady,
}) {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  const ended = new Promise((resolve) => child.once('close', resolve)).finally(() => running.delete(child));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} cannot be started`);
  const deadlineMs = performance.now() + readyMs;
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      throw new Error(`${name} does not get ready; its log ends:\n${lastLines(logFile)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    pid,
    async stop() {
      child.kill('SIGTERM');
      const forcing = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(forcing);
    },
  };
}

/**
 * Whether an HTTP address answers 2xx.
 *
 * @param {string} url
 */
export async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * The last ten lines of a text file.
 *
 * @param {string} file
 */
export function lastLines(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
}
