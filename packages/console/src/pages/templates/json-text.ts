import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** A text that should be a JSON object, read. */
export type ReadJson = { value: Record<string, unknown> } | { wrong: string; line: number; column: number };

/** Reads a JSON object; where it is none, what is wrong and at which line and column, counted from 1. */
export function readJsonObject(text: string): ReadJson {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { value };
    return { wrong: 'must be a JSON object, which begins with {', line: 1, column: 1 };
  } catch {
    return describe(text);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The browser's parser does not always say where; this one does, and is only asked about what is wrong. */
function describe(text: string): ReadJson {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return { wrong: 'is not JSON: it ends too early', ...placeOf(text, text.length) };
  const words = printParseErrorCode(first.error).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return { wrong: `is not JSON: ${words.toLowerCase()}`, ...placeOf(text, first.offset) };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
