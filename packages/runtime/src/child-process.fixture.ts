import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A child process running lifecycle.fixture.ts. */
export interface FixtureProcess {
  child: ChildProcess;
  /** Resolves when the text was written to standard output, rejects when the process ends before. */
  said: (text: string) => Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

export interface FixtureProgram {
  run(behaviour: string, environment?: Record<string, string>): FixtureProcess;
  remove(): void;
}

/** Bundles the fixture, since Node 20 runs no TypeScript, into a directory; `remove` deletes it and ends what still runs. */
export function buildFixture(): FixtureProgram {
  const directory = mkdtempSync(path.join(tmpdir(), 'carillon-runtime-'));
  const program = path.join(directory, 'fixture.cjs');
  const source = fileURLToPath(new URL('./lifecycle.fixture.ts', import.meta.url));
  const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
  const options = [
    '--bundle',
    '--platform=node',
    '--conditions=source',
    '--log-level=error',
    `--outfile=${program}`,
  ];
  execFileSync(esbuild, [source, ...options]);
  const children: ChildProcess[] = [];
  return {
    run(behaviour, environment = {}) {
      const child = spawnFixture(program, behaviour, environment);
      children.push(child);
      return follow(child);
    },
    remove() {
      // A failed test may leave its child running; a signal to one that ended does nothing.
      for (const child of children) child.kill('SIGKILL');
      rmSync(directory, { recursive: true });
    },
  };
}

function spawnFixture(program: string, behaviour: string, environment: Record<string, string>): ChildProcess {
  const stdio = behaviour === 'with-parent' ? (['ignore', 'pipe', 'pipe', 'ipc'] as const) : undefined;
  return spawn(process.execPath, [program, behaviour], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: stdio === undefined ? ['ignore', 'pipe', 'pipe'] : [...stdio],
  });
}

function follow(child: ChildProcess): FixtureProcess {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Not the event `close`: Node does not emit it when the parent itself closed the IPC channel.
  const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (...how) => resolve(how));
  });
  const read = [child.stdout, child.stderr].map((stream) => stream !== null && once(stream, 'end'));
  const ended: FixtureProcess['ended'] = Promise.all([exited, ...read]).then(([[code, signal]]) => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve();
      };
      child.stdout?.on('data', look);
      look();
      void ended.then(() => reject(new Error(`ended without "${text}": ${stdout}${stderr}`)));
    });
  return { child, said, ended };
}
