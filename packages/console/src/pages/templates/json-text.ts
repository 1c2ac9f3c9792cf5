/** A text that should be a JSON object, read. */
export type ReadJson =
  | { value: Record<string, unknown> }
  | { wrong: string; line: number | undefined; column: number | undefined };

/**
 * Reads a JSON object. Where it is none, what is wrong and, as far as the browser tells, at which line and column,
 * counted from 1.
 */
export function readJsonObject(text: string): ReadJson {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { value };
    return { wrong: 'must be a JSON object, which begins with {', line: 1, column: 1 };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { wrong: `is not JSON: ${plain(message)}`, ...placeIn(message, text) };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Browsers add where it is, and V8 a piece of the text too; the place is shown beside the line instead. */
function plain(message: string): string {
  return message
    .replace(/^JSON\.parse: /, '')
    .replace(/,? ?(?:\.\.\.)?"[^]*" is not valid JSON$/, '')
    .replace(/ (?:in JSON )?at (?:position|line) \d[^]*$/, '');
}

function placeIn(message: string, text: string): { line: number | undefined; column: number | undefined } {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line !== undefined && column !== undefined) return { line: Number(line), column: Number(column) };
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return placeOf(text, Number(position));
  // V8 tells no position where the text ends too early.
  if (/end of/i.test(message)) return placeOf(text, text.length);
  return { line: undefined, column: undefined };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
