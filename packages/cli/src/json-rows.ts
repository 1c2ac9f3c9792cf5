import { UsageError } from './failure.ts';
import { readText } from './options.ts';
import { readAll, type Surroundings } from './terminal/streams.ts';

/** One JSON object of a file. */
export interface JsonRow {
  /** Counts from 1; of an array, its place in it. */
  line: number;
  value: Record<string, unknown>;
}

/**
 * The objects of a file (`-`: of standard input), either one on each line or all in one array. Throws a UsageError that
 * names the first line that is none.
 */
export async function readJsonRows({ stdin }: Pick<Surroundings, 'stdin'>, file: string): Promise<JsonRow[]> {
  const text = file === '-' ? await readAll(stdin) : readText(file);
  const name = file === '-' ? 'standard input' : file;
  if (text.trimStart().startsWith('[')) return readArray(text, name);
  return text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '')
    .map((line) => ({ line: line.line, value: objectOf(parse(line.text), `${name}, line ${line.line}`) }));
}

function readArray(text: string, name: string): JsonRow[] {
  const values = parse(text);
  if (!Array.isArray(values)) throw new UsageError(`${name} is no JSON array`);
  return values.map((value, index) => ({
    line: index + 1,
    value: objectOf(value, `${name}, entry ${index + 1}`),
  }));
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${where}: no JSON object`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
