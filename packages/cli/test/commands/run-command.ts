import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { temporaryDir } from '@carillon/testkit';
import { runCli } from '../../src/program.ts';

/** How a command ended, and what it said. */
export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  environment?: Record<string, string>;
  /** What is piped in. */
  input?: string;
  homeDir?: string;
  workDir?: string;
}

/** A directory of its own. */
export function makeDir(): string {
  return mkdtempSync(join(temporaryDir(), 'carillon-cli-'));
}

/** Runs `carillon` in this process, with pipes in the place of the terminal, in an empty home. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { environment = {}, input = '', homeDir = makeDir(), workDir = homeDir } = options;
  const stdin = new PassThrough();
  stdin.end(input);
  const [stdout, stderr] = [collector(), collector()];
  const exitCode = await runCli(args, {
    ...{ environment, homeDir, workDir, stdin },
    ...{ stdout: stdout.stream, stderr: stderr.stream, now: () => new Date() },
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** The lines of a `--json` answer. */
export function parseLines<T = Record<string, unknown>>(stdout: string): T[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): T => JSON.parse(line));
}

function collector() {
  const chunks: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return { stream, text: () => chunks.join('') };
}
