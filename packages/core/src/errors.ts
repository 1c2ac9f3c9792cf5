/** One wrong place of a request body: a JSON pointer and what would be right. */
export interface FieldError {
  pointer: string;
  detail: string;
  /** Place within a text that is code, counted from 1. */
  line?: number;
  column?: number;
}

export interface ErrorDetails {
  cause?: unknown;
  errors?: FieldError[];
  /** When trying again may help, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * The family of errors that may cross to a caller. `code` is stable and documented, `message` is
 * public (no SQL, no stack, no secret), `cause` is for logs. Edges map the class to their own answer.
 */
export abstract class CarillonError extends Error {
  readonly code: string;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.errors = details.errors;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The request's form is wrong: unknown field, wrong type, malformed JSON (400). */
export class MalformedError extends CarillonError {}
/** No credential, or one that is not valid (401). */
export class UnauthenticatedError extends CarillonError {}
/** A valid credential that may not do this (403). */
export class ForbiddenError extends CarillonError {}
/** No such row for this caller; foreign rows answer the same (404). */
export class NotFoundError extends CarillonError {}
/** The request contradicts the present state (409). */
export class ConflictError extends CarillonError {}
/** The present state is another than the caller named (412). */
export class PreconditionFailedError extends CarillonError {}
/** Larger than the documented limit (413). */
export class TooLargeError extends CarillonError {}
/** A body in a form or encoding that is not taken (415). */
export class UnsupportedMediaTypeError extends CarillonError {}
/** Well-formed, but its content cannot be accepted (422). */
export class InvalidError extends CarillonError {}
/** More than the caller's share (429). */
export class TooManyError extends CarillonError {}
/** A server that Carillon talks to is away; nothing was stored (503). */
export class UnavailableError extends CarillonError {}
/** The tested target did not take the message (502). */
export class TargetFailedError extends CarillonError {}

/** For `default:` of a switch over a union: fails to compile when a member is not handled. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled value ${JSON.stringify(value)}`);
}
