import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { isSameProcess, processStart } from './processes.ts';

/** A process of the local stack, so that a later start can tell whether exactly this one still lives. */
export interface RecordedProcess {
  name: string;
  pid: number;
  start: string;
  port?: number;
}

/** The directory in which a local stack keeps everything, held by this process alone. */
export interface DataDir {
  path: string;
  /** What the last holder had running; empty when it stopped in order. */
  leftovers: readonly RecordedProcess[];
  /** Replaces what `run.json` says is running. */
  record(processes: readonly RecordedProcess[]): void;
  /** The text kept under this name in a file of mode 0600, made by `make` the first time. */
  keep(name: string, make: () => string): string;
  /** A directory below, made when missing. */
  subDir(name: string): string;
  /** Gives the directory back. */
  release(): void;
}

/** Another process holds the directory. */
export class DataDirInUseError extends Error {
  override name = 'DataDirInUseError';
}

/**
 * Opens the data directory (mode 0700, made when missing) and takes its lock. The lock names its holder by
 * pid and start time, so that of a process that was killed is taken over, also when its pid lives again.
 * Throws DataDirInUseError when a living process holds it.
 */
export function openDataDir(given: string): DataDir {
  const path = makeDir(given);
  const lockFile = join(path, 'lock');
  takeLock(lockFile, path);
  const runFile = join(path, 'run.json');
  return {
    path,
    leftovers: readProcesses(runFile),
    record: (processes) => writeWhole(runFile, `${JSON.stringify({ processes }, null, 2)}\n`),
    keep(name, make) {
      const file = join(path, name);
      const kept = readText(file)?.trim();
      if (kept !== undefined && kept !== '') return kept;
      const text = make();
      writeWhole(file, `${text}\n`);
      return text;
    },
    subDir(name) {
      const dir = join(path, name);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      return dir;
    },
    release: () => rmSync(lockFile, { force: true }),
  };
}

function makeDir(given: string): string {
  try {
    mkdirSync(given, { recursive: true, mode: 0o700 });
    const path = realpathSync(resolve(given));
    const uid = process.getuid?.();
    const owner = statSync(path).uid;
    if (uid !== undefined && uid !== 0 && owner !== uid) {
      throw new Error(`it belongs to uid ${owner}, and this is uid ${uid}`);
    }
    chmodSync(path, 0o700);
    return path;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The data directory ${given} cannot be used: ${reason}. CARILLON_DATA_DIR names another one.`,
      { cause },
    );
  }
}

function takeLock(lockFile: string, path: string): void {
  const own = `${JSON.stringify({ pid: process.pid, start: processStart(process.pid) })}\n`;
  const mine = `${lockFile}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(mine, own, { mode: 0o600 });
  try {
    // A lock that is stale is moved away, so a few rounds are enough whatever the others do.
    for (let round = 0; round < 20; round += 1) {
      if (tryLink(mine, lockFile)) return;
      const holder = readHolder(lockFile);
      if (holder !== undefined && isSameProcess(holder)) {
        throw new DataDirInUseError(
          `Carillon already runs on ${path} (process ${holder.pid}). Stop it, or let CARILLON_DATA_DIR and PORT name others.`,
        );
      }
      moveStaleAway(lockFile);
    }
    throw new DataDirInUseError(`Several processes fight for ${path}; start one of them`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A link comes into being whole or not at all, so nobody ever reads a lock without its holder. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that found a lock stale, one gets to move it, and then looks whether it is still that one. */
function moveStaleAway(lockFile: string): void {
  const aside = `${lockFile}.stale.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const holder = readHolder(aside);
  if (holder !== undefined && isSameProcess(holder)) tryLink(aside, lockFile);
  rmSync(aside, { force: true });
}

function readHolder(file: string): { pid: number; start: string } | undefined {
  const parsed = parse(readText(file));
  return isRecorded(parsed) ? parsed : undefined;
}

/** The processes that a `run.json` names; none when it is missing or broken. */
export function readProcesses(file: string): RecordedProcess[] {
  const parsed = parse(readText(file));
  if (typeof parsed !== 'object' || parsed === null || !('processes' in parsed)) return [];
  const { processes } = parsed;
  if (!Array.isArray(processes)) return [];
  return processes.filter(
    (one): one is RecordedProcess => isRecorded(one) && 'name' in one && typeof one.name === 'string',
  );
}

function isRecorded(value: unknown): value is { pid: number; start: string } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'pid' in value && typeof value.pid === 'number' && 'start' in value && typeof value.start === 'string'
  );
}

/** A file that is cut short by a kill must not be read later, so it is written aside and renamed. */
function writeWhole(file: string, text: string): void {
  const aside = `${file}.${process.pid}.new`;
  writeFileSync(aside, text, { mode: 0o600 });
  renameSync(aside, file);
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
