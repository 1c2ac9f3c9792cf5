import type { Readable, Writable } from 'node:stream';

/** Where a command reads: a keyboard, a pipe or a file. */
export type Input = Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };

/** Where a command writes: a screen, a pipe or a file. */
export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** What a command needs of the process that it runs in, so that tests can give it another one. */
export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  homeDir: string;
  workDir: string;
  now: () => Date;
}

/** Everything that was piped in, as text. */
export async function readAll(stdin: Input): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
