import { compileExpression } from './compile-expression.ts';
import { printNothing, report, type Compiling, type Place } from './compiling.ts';
import { templateLimits } from './problem.ts';
import { countRound, write, type Printer } from './rendering.ts';
import { rootScope, type Scope } from './scope.ts';
import type { PartialStatement, Program } from './syntax.ts';
import { bareCopy } from './values.ts';

export type CompileElsewhere = (place: Place, scope: Scope, program: Program) => Printer;

/**
 * `{{> name}}`, `{{> name item}}`, `{{> name color="red"}}`: compiled into the place where it stands, so that a
 * circle is seen before anything is rendered. `{{> @content}}` in a layout is the template itself.
 */
export function compilePartial(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  statement: PartialStatement,
  compileElsewhere: CompileElsewhere,
): Printer {
  const name = statement.name.type === 'PathExpression' ? statement.name.original : '';
  if (name === '@content') return compileContent(compiling, place, statement, compileElsewhere);
  const program = findPartial(compiling, place, statement, name);
  if (program === undefined) return printNothing;
  const inside: Place = {
    source: `partials.${name}`,
    partials: [...place.partials, name],
    depth: place.depth,
    content: undefined,
  };
  const [subject] = statement.params;
  const settings = (statement.hash?.pairs ?? []).map(({ key, value }) => ({
    key,
    get: compileExpression(compiling, place, scope, value, 'test').get,
  }));
  if (subject === undefined && settings.length === 0) {
    const printer = compileElsewhere(inside, scope, program);
    return (rendering, frame) => {
      countRound(rendering);
      printer(rendering, frame);
    };
  }
  const operand =
    subject === undefined ? undefined : compileExpression(compiling, place, scope, subject, 'show');
  const base = operand === undefined ? scope.base : operand.base;
  const printer = compileElsewhere(inside, { base, outer: scope, isLoop: false, named: [] }, program);
  return (rendering, frame) => {
    countRound(rendering);
    const subjectContext = operand === undefined ? frame.context : operand.get(rendering, frame);
    const given = settings.map(({ key, get }) => [key, get(rendering, frame)] as const);
    const context = given.length === 0 ? subjectContext : bareCopy(subjectContext, Object.fromEntries(given));
    printer(rendering, { context, outer: frame, round: undefined, named: [] });
  };
}

function findPartial(
  compiling: Compiling,
  place: Place,
  statement: PartialStatement,
  name: string,
): Program | undefined {
  const say = (code: Parameters<typeof report>[3], detail: string): undefined =>
    report(compiling, place, statement, code, detail) as undefined;
  if (name === '')
    return say('template.unsupported', 'A partial is named by a word, not by a value: {{> footer}}.');
  if (statement.params.length > 1) return say('template.arguments', `{{> ${name}}} takes at most one value.`);
  if (place.partials.includes(name)) {
    const circle = [...place.partials.slice(place.partials.indexOf(name)), name].join(' → ');
    return say('template.partial_recursion', `Partials name each other in a circle: ${circle}.`);
  }
  if (place.partials.length >= templateLimits.partialDepthMax) {
    return say(
      'template.too_complex',
      `Partials lie inside each other more than ${templateLimits.partialDepthMax} deep.`,
    );
  }
  const program = compiling.loadPartial(name);
  if (program !== undefined) return program === 'broken' ? undefined : program;
  const known = compiling.partialNames.join(', ');
  return say(
    'template.unknown_partial',
    `There is no partial "${name}". ${known === '' ? 'No partials are defined.' : `Partials are: ${known}.`}`,
  );
}

/** The template inside its layout sees the data as if there were no layout. */
function compileContent(
  compiling: Compiling,
  place: Place,
  statement: PartialStatement,
  compileElsewhere: CompileElsewhere,
): Printer {
  if (place.content === undefined) {
    const detail = '{{> @content}} belongs into a layout: it is where the body stands.';
    report(compiling, place, statement, 'template.content', detail);
    return printNothing;
  }
  if (place.content === 'rendered') {
    return (rendering) => {
      countRound(rendering);
      write(rendering, rendering.content);
    };
  }
  const inside: Place = { source: 'body', partials: [], depth: 0, content: undefined };
  const printer = compileElsewhere(inside, rootScope, place.content);
  return (rendering) => {
    countRound(rendering);
    printer(rendering, { context: rendering.root, outer: undefined, round: undefined, named: [] });
  };
}
