import type { FieldError } from '@carillon/core';
import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import { formatRules } from './formats.ts';
import { escapeKey } from './pointer.ts';

/** How many wrong places one answer names. */
export const fieldErrorsMax = 20;

/** What a place is called in its text: a field of the body, or a parameter. */
export type PlaceNoun = 'field' | 'query parameter' | 'path parameter';

/**
 * Turns what Ajv found (with `verbose`) into places and texts that say what would be right: one for
 * each place. No value of the caller is repeated: it may be a secret in the wrong place. What stands
 * below a choice (`anyOf`) is told by the choice's own rule, and that only where no field inside is
 * wrong by itself: a mistyped name is also why the choice fails.
 */
export function toFieldErrors(
  found: readonly ErrorObject[],
  options: { noun: PlaceNoun; prefix: string },
): FieldError[] {
  const choices = new Set<string>();
  for (const error of found) if (error.keyword === 'anyOf') choices.add(`${error.schemaPath}/`);
  const details = new Map<string, string>();
  const ruled = new Set<string>();
  for (const error of found) {
    if (details.size >= fieldErrorsMax) break;
    // Beside it stand the errors of the branch that was taken.
    if (error.keyword === 'if') continue;
    if ([...choices].some((choice) => error.schemaPath.startsWith(choice))) continue;
    const { pointer, detail } = toFieldError(error, options.noun);
    if (details.has(pointer)) continue;
    details.set(pointer, detail);
    if (ruledKeywords.has(error.keyword)) ruled.add(pointer);
  }
  const pointers = [...details.keys()];
  const explained = (pointer: string): boolean =>
    ruled.has(pointer) && pointers.some((other) => other.startsWith(`${pointer}/`));
  return [...details]
    .filter(([pointer]) => !explained(pointer))
    .map(([pointer, detail]) => ({ pointer: options.prefix + pointer, detail }));
}

function toFieldError(error: ErrorObject, noun: PlaceNoun): FieldError {
  const { instancePath: pointer, params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return {
        pointer: `${pointer}/${escapeKey(String(params['additionalProperty']))}`,
        detail: unknownText(String(params['additionalProperty']), error.parentSchema ?? {}, noun),
      };
    case 'required':
      return { pointer: `${pointer}/${escapeKey(String(params['missingProperty']))}`, detail: 'is required' };
    default:
      return { pointer, detail: ruleOf(error) ?? limitText(error) };
  }
}

function unknownText(name: string, schema: object, noun: PlaceNoun): string {
  const known = Object.keys(propertiesOf(schema));
  if (known.length === 0) return `unknown ${noun}; none is taken here`;
  // Long names are not compared: the cost grows with their length, and nobody mistypes like that.
  if (name.length <= 64) {
    const nearest = closest(name, known);
    if (distance(name, nearest) <= Math.max(1, Math.floor(nearest.length / 2.5))) {
      return `unknown ${noun}; did you mean \`${nearest}\`?`;
    }
  }
  return `unknown ${noun}; known are ${words(known)}`;
}

function propertiesOf(schema: { properties?: object }): object {
  return schema.properties ?? {};
}

/** Keywords whose own words would not help: the schema's `x-rule` speaks for them. */
const ruledKeywords = new Set(['pattern', 'anyOf', 'maxProperties', 'not']);

/** The rule in words, where the schema or its format has one. */
function ruleOf(error: ErrorObject): string | undefined {
  if (error.keyword === 'format') return formatRules[String(error.params['format'])];
  if (!ruledKeywords.has(error.keyword)) return undefined;
  const rule: unknown = error.parentSchema?.['x-rule'];
  return typeof rule === 'string' ? rule : undefined;
}

/** What each keyword asks for. `limit` is the number that the schema names. */
const limitTexts: Readonly<Record<string, (limit: string, error: ErrorObject) => string>> = {
  type: (_limit, error) => `must be ${typeWords(error.params['type'])}`,
  enum: (_limit, error) => `must be one of ${words(error.params['allowedValues'])}`,
  const: (_limit, error) => `must be ${words([error.params['allowedValue']])}`,
  minLength: (limit) => (limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`),
  maxLength: (limit) => `must have at most ${limit} characters`,
  minItems: (limit) => (limit === '1' ? 'must not be empty' : `must have at least ${limit} items`),
  maxItems: (limit) => `must have at most ${limit} items`,
  uniqueItems: () => 'must not name anything twice',
  minimum: (limit) => `must be at least ${limit}`,
  maximum: (limit) => `must be at most ${limit}`,
  minProperties: () => 'must have at least one field',
  'x-max-bytes': (_limit, error) => `must have at most ${String(error.schema)} bytes in UTF-8`,
  'x-max-json-bytes': (_limit, error) => `must have at most ${String(error.schema)} bytes as JSON`,
};

function limitText(error: ErrorObject): string {
  const describe = limitTexts[error.keyword];
  return describe?.(String(error.params['limit']), error) ?? error.message ?? 'is not right';
}

const articles: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function typeWords(type: unknown): string {
  const types: unknown[] = Array.isArray(type) ? type : String(type).split(',');
  return types.map((name) => articles[String(name)] ?? String(name)).join(' or ');
}

function words(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? `\`${value}\`` : String(value))).join(', ');
}
