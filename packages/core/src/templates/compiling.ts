import { templateLimits, type TemplateProblem, type TemplateProblemCode } from './problem.ts';
import type { Located, Program } from './syntax.ts';

/** What one compilation shares over all the sources it touches. */
export interface Compiling {
  problems: TemplateProblem[];
  variables: Set<string>;
  nodes: number;
  /** Partials by name, as they were parsed; undefined for one with an error of its own. */
  loadPartial: (name: string) => Program | 'broken' | undefined;
  partialNames: readonly string[];
}

/** Where the compilation is. */
export interface Place {
  /** Which text, for problems. */
  source: string;
  /** Partials around this place, outermost first. */
  partials: readonly string[];
  depth: number;
  /**
   * What `{{> @content}}` stands for: the body as a part of the same text, or what it was rendered to before; undefined
   * outside a layout.
   */
  content: Program | 'rendered' | undefined;
}

/** Notes a problem, once for each place, and no more of them than a person reads. */
export function report(
  compiling: Compiling,
  place: Place,
  node: Located,
  code: TemplateProblemCode,
  detail: string,
): void {
  const { line, column } = node.loc.start;
  const problem = { code, detail, source: place.source, line, column: column + 1 };
  const isKnown = compiling.problems.some(
    (known) =>
      known.code === code &&
      known.source === problem.source &&
      known.line === problem.line &&
      known.column === problem.column,
  );
  if (!isKnown && compiling.problems.length < templateLimits.problemsMax) compiling.problems.push(problem);
}

/** Counts a node; false, with a problem, when there are too many. */
export function countNode(compiling: Compiling, place: Place, node: Located): boolean {
  compiling.nodes += 1;
  const { nodesMax, nodesWithPartialsMax, depthMax } = templateLimits;
  const isPlain = place.partials.length === 0 && place.content === undefined;
  const most = isPlain ? nodesMax : nodesWithPartialsMax;
  if (compiling.nodes <= most && place.depth <= depthMax) return true;
  const detail =
    place.depth > depthMax
      ? `Parentheses and blocks lie inside each other more than ${depthMax} deep.`
      : `The template has more than ${most} parts; shorten it.`;
  report(compiling, place, node, 'template.too_complex', detail);
  return false;
}

export const printNothing = (): void => undefined;
