import { compileBlock } from './compile-block.ts';
import { compileCall, compileExpression } from './compile-expression.ts';
import { compilePartial } from './compile-partial.ts';
import { countNode, printNothing, report, type Compiling, type Place } from './compiling.ts';
import { parseSource } from './parse.ts';
import { positionAfter, precedingLengthMax } from './position.ts';
import type { TemplateProblem } from './problem.ts';
import { write, writeValue, type Printer } from './rendering.ts';
import { rootScope, type Scope } from './scope.ts';
import type { MustacheStatement, Program, Statement } from './syntax.ts';

/** A compiled source. It holds no state: any number of renderings may use it. */
export interface Template {
  print: Printer;
  /** Paths of the data that it reads, `comments[].author` for a part of each item; sorted. */
  variables: readonly string[];
  /** Parts that it has with its partials, for what it costs to keep. */
  nodes: number;
}

export interface CompileOptions {
  /** What the source is called in problems: `title`, `body`, `actions.0.url`. */
  source?: string;
  /** Sources that `{{> name}}` may name. */
  partials?: Readonly<Record<string, string>>;
  /** A source around this one; it says with `{{> @content}}` where this one stands. */
  layout?: string | undefined;
}

/** As `compileTemplate`, for a source that stands around what was rendered before (`renderTemplate`'s `content`). */
export function compileAround(
  text: string,
  { source, bytesMax }: { source: string; bytesMax: number },
): Compiled {
  const compiling = startCompiling({});
  const program = load(compiling, text, source, bytesMax);
  const place: Place = { source, partials: [], depth: 0, content: 'rendered' };
  const print =
    program === undefined
      ? printNothing
      : compileProgram(compiling, place, rootScope, program, { preceding: '' });
  if (program !== undefined) checkContent(compiling, text, source);
  return toCompiled(compiling, print);
}

export type Compiled =
  | { outcome: 'compiled'; template: Template }
  | { outcome: 'refused'; problems: TemplateProblem[] };

/**
 * Compiles a Handlebars source into functions over data; no code is generated. Helpers are a closed list, blocks
 * are if, unless, each and with, only own properties of data can be read, `{{{x}}}` is refused since values are
 * always escaped for the medium that they are rendered in.
 */
export function compileTemplate(text: string, options: CompileOptions = {}): Compiled {
  const { source = 'body', partials = {}, layout } = options;
  const compiling = startCompiling(partials);
  const program = load(compiling, text, source);
  const layoutProgram = layout === undefined ? undefined : load(compiling, layout, 'layout');
  const place: Place = { source, partials: [], depth: 0, content: undefined };
  let print: Printer = printNothing;
  if (program !== undefined && layout === undefined) {
    print = compileProgram(compiling, place, rootScope, program, { preceding: '' });
  } else if (program !== undefined && layoutProgram !== undefined) {
    const outside: Place = { ...place, source: 'layout', content: program };
    print = compileProgram(compiling, outside, rootScope, layoutProgram, { preceding: '' });
    checkContent(compiling, layout ?? '', 'layout');
  }
  return toCompiled(compiling, print);
}

function checkContent({ problems }: Compiling, layout: string, source: string): void {
  if (/\{\{~?>\s*@content\s*~?\}\}/.test(layout)) return;
  const detail = 'The layout does not say where the body stands: write {{> @content}} there.';
  problems.push({ code: 'template.content', detail, source, line: 1, column: 1 });
}

function toCompiled({ problems, nodes, variables }: Compiling, print: Printer): Compiled {
  if (problems.length > 0) return { outcome: 'refused', problems };
  return { outcome: 'compiled', template: { print, variables: [...variables].sort(), nodes } };
}

function startCompiling(partials: Readonly<Record<string, string>>): Compiling {
  const parsed = new Map<string, Program | 'broken'>();
  const compiling: Compiling = {
    problems: [],
    variables: new Set(),
    nodes: 0,
    partialNames: Object.keys(partials),
    loadPartial: (name) => {
      const known = parsed.get(name);
      if (known !== undefined || !Object.hasOwn(partials, name)) return known;
      const program = load(compiling, partials[name] ?? '', `partials.${name}`) ?? 'broken';
      parsed.set(name, program);
      return program;
    },
  };
  return compiling;
}

function load(compiling: Compiling, text: string, source: string, bytesMax?: number): Program | undefined {
  const parsed = parseSource(text, source, bytesMax);
  if ('program' in parsed) return parsed.program;
  compiling.problems.push(parsed.problem);
  return undefined;
}

/** What the template has written before a place, as far as it is known without data. It grows as we go. */
interface Written {
  preceding: string;
}

function compileProgram(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  program: Program,
  written: Written,
): Printer {
  const printers: Printer[] = [];
  program.body.forEach((statement, index) => {
    const printer = compileStatement(compiling, place, scope, statement, written);
    if (printer !== printNothing) printers.push(printer);
    if (isPartialOnItsLine(statement, program.body[index + 1])) printers.push(endLine);
  });
  const [first = printNothing, second] = printers;
  if (second === undefined) return first;
  return (rendering, frame) => {
    for (const print of printers) print(rendering, frame);
  };
}

/**
 * Handlebars drops the line break behind a partial that stands alone, because its partials are files and end with
 * one. Ours are fields and mostly do not; in Markdown two paragraphs would become one.
 */
function isPartialOnItsLine(statement: Statement, next: Statement | undefined): boolean {
  if (statement.type !== 'PartialStatement' || next?.type !== 'ContentStatement') return false;
  return !statement.strip.close && next.value !== next.original && /^[ \t]*\r?\n/.test(next.original);
}

const endLine: Printer = (rendering) => {
  if (rendering.output !== '' && !rendering.output.endsWith('\n')) write(rendering, '\n');
};

function compileStatement(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  statement: Statement,
  written: Written,
): Printer {
  if (!countNode(compiling, place, statement)) return printNothing;
  switch (statement.type) {
    case 'ContentStatement':
      return compileText(statement.value, written);
    case 'CommentStatement':
      return printNothing;
    case 'MustacheStatement': {
      const printer = compilePrint(compiling, place, scope, statement, written);
      note(written, 'x');
      return printer;
    }
    case 'BlockStatement': {
      const inside = { ...place, depth: place.depth + 1 };
      const before = { ...written };
      return compileBlock(compiling, inside, scope, statement, (innerScope, program) => {
        if (program === undefined) return printNothing;
        const branch = { ...before };
        const printer = compileProgram(compiling, inside, innerScope, program, branch);
        // Behind the block it goes on as behind its first branch.
        if (program === (statement.program ?? statement.inverse)) written.preceding = branch.preceding;
        return printer;
      });
    }
    case 'PartialStatement': {
      const printIndent = compileText(statement.indent, written);
      const printer = compilePartial(compiling, place, scope, statement, (elsewhere, partialScope, program) =>
        compileProgram(compiling, elsewhere, partialScope, program, written),
      );
      if (statement.indent === '') return printer;
      return (rendering, frame) => {
        printIndent(rendering, frame);
        printer(rendering, frame);
      };
    }
    default:
      report(compiling, place, statement, 'template.unsupported', unsupported);
      return printNothing;
  }
}

const unsupported =
  'Partial blocks ({{#> name}}) and decorators ({{* name}}) are not supported; for text around a body use a layout with {{> @content}}.';

function compileText(text: string, written: Written): Printer {
  if (text === '') return printNothing;
  note(written, text);
  return (rendering) => write(rendering, text);
}

function note(written: Written, text: string): void {
  written.preceding = (written.preceding + text).slice(-precedingLengthMax);
}

/** A value that is printed: a variable, a literal, or what a helper gives. */
function compilePrint(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  statement: MustacheStatement,
  written: Written,
): Printer {
  if (!statement.escaped) {
    const detail =
      'Values are always escaped for the medium they are shown in: write {{…}} instead of {{{…}}} or {{&…}}.';
    report(compiling, place, statement, 'template.triple', detail);
    return printNothing;
  }
  const position = positionAfter(written.preceding);
  const isCall = statement.params.length > 0 || statement.hash !== undefined;
  const get = isCall
    ? compileCall(compiling, place, scope, statement)
    : compileExpression(compiling, place, scope, statement.path, 'show').get;
  return (rendering, frame) => writeValue(rendering, get(rendering, frame), position);
}
