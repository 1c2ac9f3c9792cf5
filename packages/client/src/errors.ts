import type { Problem } from './wire.ts';

/** Codes of what went wrong on the way, beside those of the API (docs/errors.md). */
export type ClientErrorCode =
  /** No answer: the server is away, or the connection broke. */
  | 'client.network'
  /** No answer within `timeoutMs`. */
  | 'client.timeout'
  /** The function that gets the token has failed: `cause` is what it threw. */
  | 'client.token'
  /** An answer that is not from Carillon: of a proxy, or of another server. */
  | 'client.answer_unreadable';

export type CarillonErrorCode = Problem['code'] | ClientErrorCode;

/** One place of a request that is wrong. */
export type FieldProblem = NonNullable<Problem['errors']>[number];

export interface CarillonErrorFields {
  code: CarillonErrorCode;
  status?: number | undefined;
  requestId?: string | undefined;
  errors?: readonly FieldProblem[] | undefined;
  retryable: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * A call that was not done, or of which nobody knows whether it was done. Decide by `code`; `message` is for people
 * who read English. A call that was ended by its own `signal` rejects with the signal's reason instead.
 */
export class CarillonError extends Error {
  override name = 'CarillonError';
  readonly code: CarillonErrorCode;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The name of the request in the server's log. */
  readonly requestId: string | undefined;
  /** Each wrong place of the request, as JSON pointers. */
  readonly errors: readonly FieldProblem[];
  /** Whether the same call may succeed later. The client has repeated it already where that is safe. */
  readonly retryable: boolean;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, fields: CarillonErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.errors = fields.errors ?? [];
    this.retryable = fields.retryable;
    this.retryAfterMs = fields.retryAfterMs;
  }
}
