import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from '../failure.ts';
import type { Input, Surroundings } from './streams.ts';

type Asking = Pick<Surroundings, 'stdin' | 'stderr'>;

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: Asking): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on the terminal; the answer without spaces around it. */
export function ask({ stdin, stderr }: Asking, question: string): Promise<string> {
  return askWith(stdin, stderr, question);
}

/** Asks for what nobody is to read over a shoulder: what is typed is not shown. */
export async function askSecret({ stdin, stderr }: Asking, question: string): Promise<string> {
  stderr.write(question);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await askWith(stdin, nothing, '');
  stderr.write('\n');
  return answer;
}

/**
 * Throws a UsageError where nobody can be asked: what changes much is not done by a script that never said so.
 * Resolves with whether the answer was yes.
 */
export async function confirm(surroundings: Asking, question: string): Promise<boolean> {
  if (!canAsk(surroundings)) throw new UsageError('Nobody can be asked here: add --yes to do it');
  return /^y(es)?$/i.test(await ask(surroundings, `${question} [y/N] `));
}

async function askWith(stdin: Input, output: Writable, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY === true });
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new UsageError('There was no answer')));
    lines.once('SIGINT', () => lines.close());
  });
  ended.catch(() => undefined);
  try {
    return (await Promise.race([lines.question(question), ended])).trim();
  } finally {
    lines.close();
  }
}
