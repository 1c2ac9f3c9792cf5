import type { FieldError } from '@carillon/core';
import { Ajv, type ValidateFunction } from 'ajv';
import { toFieldErrors } from './field-errors.ts';
import { addFormatsTo, formatRules } from './formats.ts';
import { inspect } from './inspect.ts';
import { lazily } from './lazily.ts';
import { pointerTo } from './pointer.ts';

/** What the JSON Schema of a template's data may cost. `listMax` is of each `enum` and `required`. */
export const dataSchemaLimits = { jsonBytesMax: 16 * 1024, schemasMax: 200, listMax: 200 } as const;

/** How the value of a keyword is to be read. */
type Holds = 'schema' | 'schemas' | 'schemas_by_name' | 'anything';

/**
 * The keywords that are taken, all of draft 7. Absent are those whose cost the schema's author alone decides:
 * `pattern` and `patternProperties` (an expression may take years), `$ref` (a few lines may mean millions),
 * `uniqueItems` and `contains` (every item against every other, or again and again).
 */
const keywords: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  ...(['$schema', '$comment', 'title', 'description', 'default', 'examples'] as const).map(anything),
  ...(['type', 'enum', 'const', 'format', 'required'] as const).map(anything),
  ...(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const).map(anything),
  ...(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'] as const).map(
    anything,
  ),
  ['properties', 'schemas_by_name'],
  ...(['additionalProperties', 'items', 'propertyNames', 'not', 'if', 'then', 'else'] as const).map(
    (name): [string, Holds] => [name, 'schema'],
  ),
  ...(['allOf', 'anyOf', 'oneOf'] as const).map((name): [string, Holds] => [name, 'schemas']),
]);

function anything(name: string): [string, Holds] {
  return [name, 'anything'];
}

/** Formats of which the check is known to be fast. */
const formats: ReadonlySet<unknown> = new Set([...Object.keys(formatRules), 'uri']);

/**
 * What is wrong with a JSON Schema for data; `prefix` is the pointer of the schema. A schema without a fault
 * takes time in proportion to its own size times that of the data, and runs nothing of its author.
 */
export function checkDataSchema(schema: unknown, prefix: string): FieldError[] {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > dataSchemaLimits.jsonBytesMax) {
    return [{ pointer: prefix, detail: `must have at most ${dataSchemaLimits.jsonBytesMax} bytes as JSON` }];
  }
  const errors: FieldError[] = [];
  const walk: Walk = { schemas: 0, report: (path, detail) => void errors.push(errorAt(path, detail)) };
  const errorAt = (path: readonly (string | number)[], detail: string): FieldError => ({
    pointer: prefix + pointerTo(path),
    detail,
  });
  visitSchema(schema, [], walk);
  if (walk.schemas > dataSchemaLimits.schemasMax) {
    errors.push(errorAt([], `must hold at most ${dataSchemaLimits.schemasMax} schemas in all`));
  }
  return errors.length > 0 ? errors.slice(0, errorsShown) : compileErrors(schema, prefix);
}

const errorsShown = 20;

interface Walk {
  schemas: number;
  report(path: Path, detail: string): void;
}

function visitSchema(schema: unknown, path: Path, walk: Walk): void {
  walk.schemas += 1;
  if (typeof schema === 'boolean' && path.length > 0) return;
  if (!isFields(schema)) return walk.report(path, 'must be an object: a JSON Schema');
  for (const [keyword, value] of Object.entries(schema))
    visitKeyword(keyword, value, [...path, keyword], walk);
}

type Path = readonly (string | number)[];

function visitKeyword(keyword: string, value: unknown, at: Path, walk: Walk): void {
  switch (keywords.get(keyword)) {
    case undefined:
      return walk.report(at, `is a keyword that is not taken; taken are ${[...keywords.keys()].join(', ')}`);
    case 'schema':
      return visitSchema(value, at, walk);
    case 'schemas':
      if (!Array.isArray(value)) return walk.report(at, 'must be a list of schemas');
      return value.forEach((one, index) => visitSchema(one, [...at, index], walk));
    case 'schemas_by_name':
      if (!isFields(value)) return walk.report(at, 'must be an object of schemas');
      return Object.entries(value).forEach(([name, one]) => visitSchema(one, [...at, name], walk));
    case 'anything':
      checkValue(keyword, value, at, walk);
  }
}

function checkValue(keyword: string, value: unknown, at: readonly (string | number)[], walk: Walk): void {
  const isList = keyword === 'enum' || keyword === 'required';
  if (isList && Array.isArray(value) && value.length > dataSchemaLimits.listMax) {
    walk.report(at, `must have at most ${dataSchemaLimits.listMax} items`);
  }
  if (keyword === 'format' && !formats.has(value)) {
    walk.report(at, `must be one of ${[...formats].join(', ')}`);
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the draft itself says against it, such as a `minimum` that is a text. */
function compileErrors(schema: unknown, prefix: string): FieldError[] {
  const { $schema: _dialect, ...plain } = isFields(schema) ? schema : {};
  const ajv = firstFault();
  if (ajv.validateSchema(plain) === true) return [];
  const errors = toFieldErrors(ajv.errors ?? [], { noun: 'field', prefix });
  return errors.length > 0 ? errors : [{ pointer: prefix, detail: 'is no JSON Schema (draft 7)' }];
}

/** Data → every place that is wrong, 20 at most; pointers begin with `prefix`. */
export type DataCheck = (data: unknown, prefix: string) => FieldError[];

/** Past this many values only the first fault is told: naming all would cost too much. */
const nodesMaxForAll = 5_000;

/** Compiles a schema in which `checkDataSchema` found nothing. Takes milliseconds: keep what it gives. */
export function compileDataSchema(schema: Readonly<Record<string, unknown>>): DataCheck {
  // The dialect is not asked for: all keywords that are taken mean the same in each.
  const { $schema: _dialect, ...plain } = schema;
  const isValid = compileWith(firstFault(), plain);
  let describe: ValidateFunction | undefined;
  return (data, prefix) => {
    if (isValid(data)) return [];
    const isSmall = inspect(data).nodes <= nodesMaxForAll;
    const complete = isSmall ? (describe ??= compileWith(everyFault(), plain)) : isValid;
    complete(data);
    return toFieldErrors(complete.errors ?? [], { noun: 'field', prefix });
  };
}

/** Ajv keeps every schema that it compiled, for as long as it lives itself. */
function compileWith(ajv: Ajv, schema: Record<string, unknown>): ValidateFunction {
  try {
    return ajv.compile(schema);
  } finally {
    ajv.removeSchema(schema);
  }
}

/** Not strict: what others write is not held to our house rules. Nothing is logged, filled in or converted. */
function makeDataAjv(allErrors: boolean): Ajv {
  return addFormatsTo(new Ajv({ strict: false, verbose: true, logger: false, allErrors }));
}
const firstFault = lazily(() => makeDataAjv(false));
const everyFault = lazily(() => makeDataAjv(true));
