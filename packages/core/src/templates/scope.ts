import type { PathExpression } from './syntax.ts';
import type { Getter } from './rendering.ts';
import { propertyOf } from './values.ts';

/** What is known of a frame before any data is there. Scopes and frames lie over each other one to one. */
export interface Scope {
  /** The path of `this` from the root, for messages (`comments[]`); undefined when it was computed. */
  base: string | undefined;
  outer: Scope | undefined;
  isLoop: boolean;
  /** Names after `as |…|` with their path. */
  named: readonly { name: string; base: string | undefined }[];
}

export const rootScope: Scope = { base: '', outer: undefined, isLoop: false, named: [] };

/** A variable of a template: how it is read, and its path from the root as a person would write it. */
export interface Variable {
  get: Getter;
  /** Undefined when it is no part of the data: `@index`, or a part of something computed. */
  path: string | undefined;
  /** What to call it when it is missing. */
  label: string;
}

/** Finds what a path names; a text says why it names nothing. */
export function resolvePath(expression: PathExpression, scope: Scope): Variable | string {
  if (expression.data) return resolveData(expression, scope);
  const named = /^\.?\.?\/|^this\b|^\.$/.test(expression.original) ? undefined : findNamed(expression, scope);
  if (named !== undefined) return named;
  let hit = scope;
  for (let up = 0; up < expression.depth; up += 1) {
    if (hit.outer === undefined) return '../ leads out of the template: there is no block around this place';
    hit = hit.outer;
  }
  const { depth, parts } = expression;
  return variable(expression, hit.base, parts, (_rendering, frame) => {
    let at = frame;
    for (let up = 0; up < depth; up += 1) at = at.outer ?? at;
    return at.context;
  });
}

function findNamed(expression: PathExpression, scope: Scope): Variable | undefined {
  const [first, ...rest] = expression.parts;
  let up = 0;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer, up += 1) {
    const index = at.named.findIndex(({ name }) => name === first);
    const found = at.named[index];
    if (found === undefined) continue;
    const frames = up;
    return variable(expression, found.base, rest, (_rendering, frame) => {
      let frameAt = frame;
      for (let step = 0; step < frames; step += 1) frameAt = frameAt.outer ?? frameAt;
      return frameAt.named[index];
    });
  }
  return undefined;
}

const roundNames = ['index', 'key', 'first', 'last'] as const;

function resolveData(expression: PathExpression, scope: Scope): Variable | string {
  const [name = '', ...rest] = expression.parts;
  if (name === 'root') return variable(expression, '', rest, (rendering) => rendering.root);
  const known = roundNames.find((one) => one === name);
  if (known === undefined || rest.length > 0) {
    return `${expression.original} is unknown; there are @root, @index, @key, @first and @last`;
  }
  let loops = expression.depth;
  let frames = 0;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer, frames += 1) {
    if (!at.isLoop) continue;
    if (loops === 0) return roundVariable(expression, known, frames);
    loops -= 1;
  }
  return `${expression.original} belongs into {{#each}}`;
}

function roundVariable(
  expression: PathExpression,
  name: (typeof roundNames)[number],
  frames: number,
): Variable {
  const get: Getter = (_rendering, frame) => {
    let at = frame;
    for (let step = 0; step < frames; step += 1) at = at.outer ?? at;
    return at.round?.[name];
  };
  return { get, path: undefined, label: expression.original };
}

function variable(
  expression: PathExpression,
  base: string | undefined,
  parts: readonly string[],
  start: Getter,
): Variable {
  const path = base === undefined ? undefined : [base, ...parts].filter((part) => part !== '').join('.');
  const label = path === undefined || path === '' ? expression.original : path;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    return { get: (rendering, frame) => propertyOf(start(rendering, frame), only), path, label };
  }
  const get: Getter = (rendering, frame) => {
    let value = start(rendering, frame);
    for (const part of parts) value = propertyOf(value, part);
    return value;
  };
  return { get, path, label };
}
