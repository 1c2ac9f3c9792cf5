import type { FieldError } from '@carillon/core';
import { Ajv, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { toFieldErrors, type PlaceNoun } from './field-errors.ts';
import { object } from './fields.ts';
import { addFormatsTo } from './formats.ts';
import { inspect } from './inspect.ts';
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

/** Compiles a route's schemas. Takes milliseconds: once for each route, at start. */
export function compileRoute<R extends Route>(route: R): CompiledRoute<R> {
  const body = compileBody<BodyOf<R>>(route.body);
  const querySchema: TSchema & { properties?: Record<string, object> } = route.query ?? nothing;
  const params = compilePart<ParamsOf<R>>(route.params ?? nothing, 'path parameter', '/path');
  const query = compilePart<QueryOf<R>>(querySchema, 'query parameter', '/query');
  const parameters = querySchema.properties ?? {};
  return { route, params, query: (raw) => query(coerceQuery(parameters, raw)), body };
}

/** Validators of bodies and of the API's own answers: no value is filled in or converted. */
export function makeAjv(options: { allErrors: boolean; useDefaults?: boolean }): Ajv {
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

const firstFault = makeAjv({ allErrors: false });
const everyFault = makeAjv({ allErrors: true });
const withDefaults = makeAjv({ allErrors: true, useDefaults: true });

function compileBody<T>(schema: TSchema | undefined): (raw: unknown) => Checked<T> {
  if (schema === undefined) return compileEmptyBody<T>();
  const isValid = firstFault.compile<T>(schema);
  const describe = everyFault.compile<T>(schema);
  // Where every field is optional, no body at all means the same as an empty object.
  const absent: unknown = isValid({}) ? Object.freeze({}) : undefined;
  return (given) => {
    const raw = given === undefined ? absent : given;
    const { nodes, errors } = inspect(raw);
    if (errors.length > 0) return { ok: false, errors };
    if (isValid(raw)) return { ok: true, value: raw };
    const complete = nodes <= nodesMaxForAll ? describe : isValid;
    complete(raw);
    return { ok: false, errors: toFieldErrors(complete.errors ?? [], { noun: 'field', prefix: '' }) };
  };
}

/** A call without a body takes none, or an empty object, which many clients send. */
function compileEmptyBody<T>(): (raw: unknown) => Checked<T> {
  const isEmpty = everyFault.compile(nothing);
  const isAbsent = (raw: unknown): raw is T => raw === undefined;
  return (raw) => {
    const value: unknown = raw !== undefined && isEmpty(raw) ? undefined : raw;
    if (isAbsent(value)) return { ok: true, value };
    return { ok: false, errors: toFieldErrors(isEmpty.errors ?? [], { noun: 'field', prefix: '' }) };
  };
}

function compilePart<T>(schema: TSchema, noun: PlaceNoun, prefix: string): (raw: unknown) => Checked<T> {
  const isValid: ValidateFunction<T> = withDefaults.compile<T>(schema);
  return (raw) => {
    const { errors } = inspect(raw);
    if (errors.length > 0)
      return { ok: false, errors: errors.map((e) => ({ ...e, pointer: prefix + e.pointer })) };
    if (isValid(raw)) return { ok: true, value: raw };
    return { ok: false, errors: toFieldErrors(isValid.errors ?? [], { noun, prefix }) };
  };
}
