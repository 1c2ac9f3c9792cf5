import { countNode, report, type Compiling, type Place } from './compiling.ts';
import { helpers, type Helper } from './callable.ts';
import { countGiven, markMissing, type Getter, type Rendering, type Frame } from './rendering.ts';
import { resolvePath, type Scope } from './scope.ts';
import type { CallExpression, Called, Expression, Located, PathExpression } from './syntax.ts';

/** What a value is for: absent is fine for a test, and noted as missing where it is to be seen. */
export type Use = 'test' | 'show';

/** A value ready to be read. `base` is its path where it is plain data: the scope of a block around it. */
export interface Operand {
  get: Getter;
  base: string | undefined;
}

const nothing: Operand = { get: () => undefined, base: undefined };

export function compileExpression(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  expression: Expression,
  use: Use,
): Operand {
  if (!countNode(compiling, place, expression)) return nothing;
  switch (expression.type) {
    case 'PathExpression':
      return compileVariable(compiling, place, scope, expression, use);
    case 'SubExpression':
      return { get: compileCall(compiling, deeper(place), scope, expression), base: undefined };
    case 'NullLiteral':
    case 'UndefinedLiteral':
      return nothing;
    default: {
      const { value } = expression;
      return { get: () => value, base: undefined };
    }
  }
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

function compileVariable(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  expression: PathExpression,
  use: Use,
): Operand {
  const variable = resolvePath(expression, scope);
  if (typeof variable === 'string') {
    report(compiling, place, expression, 'template.unknown_variable', `${variable}.`);
    return nothing;
  }
  const { get, path, label } = variable;
  if (path !== undefined && path !== '') compiling.variables.add(path);
  if (use === 'test') return { get, base: path };
  const getNoted: Getter = (rendering, frame) => {
    const value = get(rendering, frame);
    if (value == null) markMissing(rendering, label);
    return value;
  };
  return { get: getNoted, base: path };
}

/** A call of one of our helpers; anything else in its place is a problem. */
export function compileCall(
  compiling: Compiling,
  place: Place,
  scope: Scope,
  call: (CallExpression | Called) & Located,
): Getter {
  const name = nameOf(call.path);
  const helper = helpers.get(name);
  if (helper === undefined) {
    report(compiling, place, call, 'template.unknown_helper', unknownHelper(name));
    return nothing.get;
  }
  if (!checkArguments(compiling, place, call, name, helper)) return nothing.get;
  const use = helper.takesMissing === true ? 'test' : 'show';
  const getters = call.params.map((one, index) =>
    // All but the first are settings (a length, a currency): what is absent there is not told to the reader.
    compileExpression(compiling, place, scope, one, index === 0 || name === 'currency' ? use : 'test'),
  );
  const options = (call.hash?.pairs ?? []).map(({ key, value }) => ({
    key,
    get: compileExpression(compiling, place, scope, value, 'test').get,
  }));
  const { evaluate } = helper;
  if (options.length === 0) {
    const values = getters.map(({ get }) => get);
    return (rendering, frame) =>
      countGiven(rendering, evaluate(readAll(values, rendering, frame), noOptions, rendering.manner));
  }
  return (rendering, frame) => {
    const chosen: Record<string, unknown> = Object.create(null);
    for (const { key, get } of options) chosen[key] = get(rendering, frame);
    const values = getters.map(({ get }) => get(rendering, frame));
    return countGiven(rendering, evaluate(values, chosen, rendering.manner));
  };
}

const noOptions: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

function readAll(getters: readonly Getter[], rendering: Rendering, frame: Frame): unknown[] {
  return getters.map((get) => get(rendering, frame));
}

/** The word that a tag begins with; empty for what is no single word (`a.b`, `../a`, `"text"`). */
export function nameOf(path: Expression): string {
  if (path.type !== 'PathExpression') return '';
  return path.parts.length === 1 && path.original === path.parts[0] ? path.original : '';
}

function unknownHelper(name: string): string {
  const known = [...helpers.keys()].join(', ');
  const what = name === '' ? 'Only a helper can have arguments' : `There is no helper "${name}"`;
  return `${what}. Helpers are: ${known}; blocks are if, unless, each and with.`;
}

function checkArguments(
  compiling: Compiling,
  place: Place,
  call: Called & Located,
  name: string,
  helper: Helper,
): boolean {
  const say = (detail: string): false => {
    report(compiling, place, call, 'template.arguments', `${detail} It is written ${helper.usage}.`);
    return false;
  };
  const [fewest, most] = helper.arity;
  const count = call.params.length;
  if (count < fewest || count > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    return say(`${name} takes ${wanted} ${most === 1 ? 'argument' : 'arguments'}, not ${count}.`);
  }
  const keys = (call.hash?.pairs ?? []).map(({ key }) => key);
  const unknown = keys.find((key) => !(helper.options ?? []).includes(key));
  if (unknown !== undefined) return say(`${name} has no option "${unknown}".`);
  const absent = (helper.required ?? []).find((key) => !keys.includes(key));
  return absent === undefined ? true : say(`${name} needs the option "${absent}".`);
}
