import type { FieldError } from '@carillon/core';
import { Ajv, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { toFieldErrors, type PlaceNoun } from './field-errors.ts';
import { object } from './fields.ts';
import { addFormatsTo } from './formats.ts';
import { inspect } from './inspect.ts';
import { lazily } from './lazily.ts';
import { coerceQuery, type RawQuery } from './query.ts';
import type { BodyOf, ParamsOf, QueryOf, Route } from './route.ts';

/** The typed value, or every place that is wrong (20 at most). */
export type Checked<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

/** A route whose schemas have become functions. None of them changes what it is given. */
export interface CompiledRoute<R extends Route> {
  route: R;
  params: (raw: unknown) => Checked<ParamsOf<R>>;
  /** Takes what the server's simple parser gives; numbers, booleans, lists and defaults are filled in. */
  query: (raw: RawQuery) => Checked<QueryOf<R>>;
  /** Takes parsed JSON, `undefined` when there was no body. */
  body: (raw: unknown) => Checked<BodyOf<R>>;
}

/** Past this many values a body is only told its first fault: naming all would cost too much. */
const nodesMaxForAll = 5_000;

/** One schema for all that take nothing: Ajv compiles the same object once. */
const nothing = object({});

/**
 * Makes functions of a route's schemas. Each is compiled at its first use, which takes milliseconds; all of
 * them at start would keep a service from being ready for most of a second.
 */
export function compileRoute<R extends Route>(route: R): CompiledRoute<R> {
  const body = compileBody<BodyOf<R>>(route.body);
  const querySchema: TSchema & { properties?: Record<string, object> } = route.query ?? nothing;
  const params = compilePart<ParamsOf<R>>(route.params ?? nothing, 'path parameter', '/path');
  const query = compilePart<QueryOf<R>>(querySchema, 'query parameter', '/query');
  const parameters = querySchema.properties ?? {};
  return { route, params, query: (raw) => query(coerceQuery(parameters, raw)), body };
}

/** Compiles now what requests of these routes are checked with, so that the first ones need not wait for it. */
export function compileAhead(routes: readonly Route[]): void {
  for (const { params, query, body } of routes) {
    for (const schema of [params, query]) if (schema !== undefined) withDefaults().compile(schema);
    if (body !== undefined) firstFault().compile(body);
  }
}

/** Validators of bodies and of the API's own answers: no value is filled in or converted. */
export function makeAjv(options: {
  allErrors: boolean;
  useDefaults?: boolean;
  validateSchema?: boolean;
}): Ajv {
  const ajv = new Ajv({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    verbose: true,
    ...options,
  });
  ajv.addVocabulary(['x-rule', 'x-free-form']);
  ajv.addKeyword({
    keyword: 'x-max-bytes',
    type: 'string',
    schemaType: 'number',
    errors: false,
    validate: (bytesMax: number, value: string) => Buffer.byteLength(value) <= bytesMax,
  });
  ajv.addKeyword({
    keyword: 'x-max-json-bytes',
    type: 'object',
    schemaType: 'number',
    errors: false,
    validate: (bytesMax: number, value: object) => Buffer.byteLength(JSON.stringify(value)) <= bytesMax,
  });
  return addFormatsTo(ajv);
}

/** That our schemas are of their draft is told by a test of all routes, not anew by each start. */
const trusted = { validateSchema: false };
const firstFault = lazily(() => makeAjv({ allErrors: false, ...trusted }));
const everyFault = lazily(() => makeAjv({ allErrors: true, ...trusted }));
const withDefaults = lazily(() => makeAjv({ allErrors: true, useDefaults: true, ...trusted }));

function compileBody<T>(schema: TSchema | undefined): (raw: unknown) => Checked<T> {
  if (schema === undefined) return compileEmptyBody<T>();
  const check = lazily(() => firstFault().compile<T>(schema));
  const describe = lazily(() => everyFault().compile<T>(schema));
  // Where every field is optional, no body at all means the same as an empty object.
  const absent = lazily((): unknown => (check()({}) ? Object.freeze({}) : undefined));
  return (given) => {
    const raw = given === undefined ? absent() : given;
    const { nodes, errors } = inspect(raw);
    if (errors.length > 0) return { ok: false, errors };
    const isValid = check();
    if (isValid(raw)) return { ok: true, value: raw };
    const complete = nodes <= nodesMaxForAll ? describe() : isValid;
    complete(raw);
    return { ok: false, errors: toFieldErrors(complete.errors ?? [], { noun: 'field', prefix: '' }) };
  };
}

/** A call without a body takes none, or an empty object, which many clients send. */
function compileEmptyBody<T>(): (raw: unknown) => Checked<T> {
  const check = lazily(() => everyFault().compile(nothing));
  const isAbsent = (raw: unknown): raw is T => raw === undefined;
  return (raw) => {
    if (isAbsent(raw)) return { ok: true, value: raw };
    const isEmpty = check();
    const value: unknown = isEmpty(raw) ? undefined : raw;
    if (isAbsent(value)) return { ok: true, value };
    return { ok: false, errors: toFieldErrors(isEmpty.errors ?? [], { noun: 'field', prefix: '' }) };
  };
}

function compilePart<T>(schema: TSchema, noun: PlaceNoun, prefix: string): (raw: unknown) => Checked<T> {
  const check = lazily((): ValidateFunction<T> => withDefaults().compile<T>(schema));
  return (raw) => {
    const { errors } = inspect(raw);
    if (errors.length > 0)
      return { ok: false, errors: errors.map((e) => ({ ...e, pointer: prefix + e.pointer })) };
    const isValid = check();
    if (isValid(raw)) return { ok: true, value: raw };
    return { ok: false, errors: toFieldErrors(isValid.errors ?? [], { noun, prefix }) };
  };
}
