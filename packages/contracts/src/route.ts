import type { Role, TokenScope } from '@carillon/core';
import type { Static, TSchema } from 'typebox';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who calls. `operator` is no role of a user but a token that is bound to no organization. */
export type CallerRole = 'operator' | Role;

/** A caller needs one of the roles and, when its token is limited, the scope. */
export interface RouteAuth {
  roles: readonly CallerRole[];
  scope?: TokenScope;
  /** Whether a stream ticket in the query string does instead of a credential. */
  orTicket?: boolean;
}

/**
 * What an `Idempotency-Key` does on a POST: `stored` keeps the answer's ids for 24 h; `natural`
 * means that a repeat changes nothing anyway; `unsupported` refuses the header.
 */
export type Idempotency = 'stored' | 'natural' | 'unsupported';

export interface Answer {
  description: string;
  /** Absent when there is no body, or none that is JSON. */
  schema?: TSchema;
  example?: unknown;
  /** `application/json` unless said otherwise. */
  contentType?: string;
  /** Headers beyond those that every answer has: name → what it says. */
  headers?: Readonly<Record<string, string>>;
}

export type Answers = Readonly<Record<number, Answer>>;

/** What a request looks like, for the documents: it validates against the route's own schemas. */
export interface RequestExample {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** One call of the API as a value: handlers get their types from it, callers their documents. */
export interface Route<
  P extends TSchema | undefined = TSchema | undefined,
  Q extends TSchema | undefined = TSchema | undefined,
  B extends TSchema | undefined = TSchema | undefined,
  A extends Answers = Answers,
> {
  operationId: string;
  method: Method;
  /** With parameters in braces: `/v1/users/{id}`. */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  auth: RouteAuth | 'public';
  idempotency?: Idempotency;
  params?: P;
  query?: Q;
  body?: B;
  bodyBytesMax?: number;
  responses: A;
  /** Statuses of problems that this call may answer besides those that every call of its sort may. */
  problems?: readonly number[];
  example?: RequestExample;
}

/** Body limit of a call that names none. */
export const bodyBytesMaxDefault = 256 * 1024;
/** Body limit of calls that take a batch. */
export const bodyBytesMaxBatch = 1024 * 1024;

/** Makes a route, keeping the types of its schemas. Throws when its parts contradict each other. */
export function route<
  const I extends string,
  A extends Answers,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(definition: Route<P, Q, B, A> & { operationId: I }): Route<P, Q, B, A> & { operationId: I } {
  const { operationId, method, path, idempotency, body } = definition;
  if ((method === 'POST') !== (idempotency !== undefined)) {
    throw new TypeError(`${operationId}: a POST, and only a POST, says what an idempotency key does`);
  }
  if (body !== undefined && method === 'GET') throw new TypeError(`${operationId}: a GET takes no body`);
  if (path.includes('{') !== (definition.params !== undefined)) {
    throw new TypeError(`${operationId}: path and params differ`);
  }
  return definition;
}

// Reading an optional member adds undefined to its type, also where the schema is known.
type StaticOr<S> = [Exclude<S, undefined>] extends [never]
  ? undefined
  : Exclude<S, undefined> extends infer T extends TSchema
    ? Static<T>
    : never;

export type ParamsOf<R extends Route> = StaticOr<R['params']>;
export type QueryOf<R extends Route> = StaticOr<R['query']>;
export type BodyOf<R extends Route> = StaticOr<R['body']>;
/** The body of the answer with status `S`. */
export type AnswerOf<R extends Route, S extends keyof R['responses']> = R['responses'][S] extends {
  schema: infer T extends TSchema;
}
  ? Static<T>
  : undefined;
