import Handlebars from 'handlebars';
import { templateLimits, type TemplateProblem } from './problem.ts';
import { findCostlyTag } from './tags.ts';
import type { Program } from './syntax.ts';

export type Parsed = { program: Program } | { problem: TemplateProblem };

// Own instance, used for its grammar and its control of white space alone: nothing is registered with it, no code
// is generated from a template, and it is never handed anything but a text.
const handlebars = Handlebars.create();

/** Text → syntax tree, or what is wrong with it and where. */
export function parseSource(
  text: unknown,
  source: string,
  bytesMax: number = templateLimits.sourceBytesMax,
): Parsed {
  if (typeof text !== 'string') {
    return { problem: { ...problem('template.syntax', source), detail: 'A template must be a text.' } };
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) {
    const detail = `The template has ${bytes} bytes; at most ${bytesMax} are allowed.`;
    return { problem: { ...problem('template.too_large', source), detail } };
  }
  const costly = findCostlyTag(text, source);
  if (costly !== undefined) return { problem: costly };
  try {
    const parsed: unknown = handlebars.parse(text);
    return { program: parsed as Program };
  } catch (error) {
    return { problem: { ...problem('template.syntax', source), ...describe(error) } };
  }
}

function problem(code: TemplateProblem['code'], source: string): TemplateProblem {
  return { code, detail: '', source, line: 1, column: 1 };
}

/** Two kinds come: of the grammar, whose place only the lexer knows, and of the tree, with a place of their own. */
function describe(error: unknown): Pick<TemplateProblem, 'detail' | 'line' | 'column'> {
  const message = error instanceof Error ? error.message : '';
  const own = placeIn(error, 'lineNumber', 'column');
  if (own !== undefined) return { detail: sentenceOfTree(message.replace(/ - \d+:\d+$/, '')), ...own };
  const lexer = read(read(handlebars, 'Parser'), 'lexer');
  const line = Number(/ on line (\d+)/.exec(message)?.[1] ?? 1);
  const place = placeIn(read(lexer, 'yylloc'), 'first_line', 'first_column') ?? { line, column: 1 };
  return { detail: sentenceOfGrammar(message), ...place };
}

function placeIn(value: unknown, lineKey: string, columnKey: string) {
  const line = read(value, lineKey);
  const column = read(value, columnKey);
  return typeof line === 'number' && typeof column === 'number' ? { line, column: column + 1 } : undefined;
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function sentenceOfTree(message: string): string {
  const close = /^(.*) doesn't match (.*)$/.exec(message);
  if (close !== null) return `{{#${close[1]}}} is closed by {{/${close[2]}}}; write {{/${close[1]}}}.`;
  return `${message}.`;
}

/** What the token that came, or those that could have come, mean to a person. */
function sentenceOfGrammar(message: string): string {
  const got = /got '(\w+)'$/.exec(message)?.[1] ?? '';
  const expected = /^Expecting (.*), got/m.exec(message)?.[1] ?? '';
  if (got === 'EOF' && expected.includes('OPEN_ENDBLOCK')) {
    return 'A block is not closed: write {{/if}}, {{/each}} or what belongs to its {{#…}}.';
  }
  if (got === 'EOF' && expected.includes('COMMENT')) {
    return 'A block is not closed: each {{#name …}} needs its {{/name}}.';
  }
  return (
    sentences[got] ??
    (got === '' ? 'Unreadable text in a tag.' : `A tag has ${got} where it cannot stand; check its spelling.`)
  );
}

const sentences: Record<string, string> = {
  EOF: 'A tag is not closed: write }} behind it.',
  INVALID:
    'A tag holds a character that cannot stand there, is not closed by }}, or a quotation mark is missing.',
  CLOSE: 'A tag ends too early: a name or a value is missing before }}.',
  OPEN_ENDBLOCK: 'A block is closed that was not opened: remove this tag, or write its {{#…}} before it.',
  INVERSE: '{{else}} stands outside a block: it belongs into {{#if}}, {{#unless}}, {{#each}} or {{#with}}.',
  OPEN_INVERSE_CHAIN:
    '{{else …}} stands outside a block: it belongs into {{#if}}, {{#unless}}, {{#each}} or {{#with}}.',
  CLOSE_UNESCAPED: 'A tag is closed by three braces; write }}.',
  OPEN_RAW_BLOCK: 'Four braces are not supported; write {{name}}.',
};
