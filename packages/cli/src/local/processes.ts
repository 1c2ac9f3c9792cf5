import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitFor } from './wait.ts';

/**
 * When a process began, as an opaque text that two looks at the same process agree on; undefined when no
 * such process lives (a zombie counts as dead). Pid and start together name one process for ever, although
 * the system hands out pids again.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  try {
    // proc(5): the second field is the name in brackets and may hold spaces, so fields are counted behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The command line of a living process, arguments joined by blanks; undefined when it is gone or hidden. */
export function processCommand(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

/** Whether exactly the process that was written down lives, not another one that got its pid. */
export function isSameProcess(known: { pid: number; start: string }): boolean {
  return processStart(known.pid) === known.start;
}

/** Sends a signal; false when there is no such process or it belongs to somebody else. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks a process to end and, when it has not ended within `graceMs`, kills it. Returns once it is gone;
 * throws when it cannot be ended at all. Works for processes that are no children of ours.
 */
export async function stopProcess(
  pid: number,
  { signal, graceMs }: { signal: NodeJS.Signals; graceMs: number },
): Promise<void> {
  const start = processStart(pid);
  if (start === undefined) return;
  const gone = (): boolean => !isSameProcess({ pid, start });
  sendSignal(pid, signal);
  if (await waitFor(gone, { deadlineMs: graceMs })) return;
  sendSignal(pid, 'SIGKILL');
  if (!(await waitFor(gone, { deadlineMs: 5_000 }))) throw new Error(`Process ${pid} cannot be ended`);
}

function ps(pid: number, column: string): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return output.trim() === '' ? undefined : output.trim();
  } catch {
    return undefined;
  }
}
