import { compileExpression, nameOf } from './compile-expression.ts';
import { printNothing, report, type Compiling, type Place } from './compiling.ts';
import { countRound, type Frame, type Getter, type Printer, type Rendering } from './rendering.ts';
import type { Scope } from './scope.ts';
import type { BlockStatement, Program } from './syntax.ts';
import { isYes } from './values.ts';

/** How the inside of a block is compiled. */
export type CompileInside = (scope: Scope, program: Program | undefined) => Printer;

/** {{#if}}, {{#unless}}, {{#each}}, {{#with}}, each with {{else}}. */
export function compileBlock(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  block: BlockStatement,
  compileInside: CompileInside,
): Printer {
  const name = blockNames.find((one) => one === nameOf(block.path));
  const [subject] = block.params;
  if (name === undefined) {
    const written = block.path.type === 'PathExpression' ? block.path.original : 'this';
    const detail = `There is no block "${written}". Blocks are if, unless, each and with.`;
    report(compiling, place, block, 'template.unknown_helper', detail);
    return printNothing;
  }
  if (subject === undefined || block.params.length > 1 || block.hash !== undefined) {
    const detail = `{{#${name}}} takes one value: {{#${name} ${name === 'each' ? 'items' : 'value'}}}…{{/${name}}}.`;
    report(compiling, place, block, 'template.arguments', detail);
    return printNothing;
  }
  const isTest = name === 'if' || name === 'unless';
  // A list that is absent is a mistake unless the template says with {{else}} what is to stand there.
  const use = isTest || block.inverse !== undefined ? 'test' : 'show';
  const { get, base } = compileExpression(compiling, place, scope, subject, use);
  const otherwise = compileInside(scope, block.inverse);
  if (isTest) {
    const inner = compileInside(scope, block.program);
    const wanted = name === 'if';
    return (rendering, frame) =>
      (isYes(get(rendering, frame)) === wanted ? inner : otherwise)(rendering, frame);
  }
  const inside = scopeInside(scope, block.program, base, name === 'each');
  const parts: Parts = {
    get,
    inner: compileInside(inside, block.program),
    otherwise,
    isNamed: inside.named.length > 0,
  };
  return name === 'with' ? printWith(parts) : printLoop(parts);
}

const blockNames = ['if', 'unless', 'each', 'with'] as const;

/** A block that opens a frame, ready to be printed. */
interface Parts {
  get: Getter;
  inner: Printer;
  otherwise: Printer;
  isNamed: boolean;
}

function printWith({ get, inner, otherwise, isNamed }: Parts): Printer {
  return (rendering, frame) => {
    const context = get(rendering, frame);
    // As in Handlebars, 0 is something to go into.
    if (!isYes(context) && context !== 0) return otherwise(rendering, frame);
    inner(rendering, { context, outer: frame, round: undefined, named: isNamed ? [context] : [] });
  };
}

function printLoop({ get, inner, otherwise, isNamed }: Parts): Printer {
  return (rendering, frame) => {
    const hasPrinted = printEach(rendering, frame, get(rendering, frame), inner, isNamed);
    if (!hasPrinted) otherwise(rendering, frame);
  };
}

function scopeInside(
  outer: Scope,
  program: Program | undefined,
  base: string | undefined,
  isLoop: boolean,
): Scope {
  const itemBase = isLoop && base !== undefined ? `${base}[]` : base;
  const [item, key] = program?.blockParams ?? [];
  const named = [
    ...(item === undefined ? [] : [{ name: item, base: itemBase }]),
    ...(key === undefined ? [] : [{ name: key, base: undefined }]),
  ];
  return { base: itemBase, outer, isLoop, named };
}

/** Lists by their items, objects by their own properties. False when there was nothing to go through. */
function printEach(
  rendering: Rendering,
  outer: Frame,
  items: unknown,
  inner: Printer,
  isNamed: boolean,
): boolean {
  if (typeof items !== 'object' || items === null) return false;
  const keys = Array.isArray(items) ? undefined : Object.keys(items);
  const values: readonly unknown[] = Array.isArray(items) ? items : Object.values(items);
  for (let index = 0; index < values.length; index += 1) {
    countRound(rendering);
    const context = values[index];
    const key = keys?.[index] ?? index;
    const round = { index, key, first: index === 0, last: index === values.length - 1 };
    inner(rendering, { context, outer, round, named: isNamed ? [context, key] : [] });
  }
  return values.length > 0;
}
