import {
  CarillonError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  MalformedError,
  NotFoundError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
} from '@carillon/core';
import type { DialectReply } from '../dialect.ts';

/** What Coder's clients show of an error: the message, the detail and every validation. */
export interface CoderError {
  message: string;
  detail?: string;
  validations?: { field: string; detail: string }[];
}

/** A refusal in Coder's own words, which its clients and tests know. */
export class CoderRefusal extends CarillonError {
  readonly status: number;
  readonly body: CoderError;

  constructor(status: number, message: string, more: Omit<CoderError, 'message'> = {}) {
    super('coder.refused', message);
    this.status = status;
    this.body = { message, ...more };
  }
}

/** What may not be seen is told as if it were not there. */
export function hidden(): CoderRefusal {
  return new CoderRefusal(404, 'Resource not found or you do not have access to this resource');
}

const signedOut = 'You are signed out or your session has expired. Please sign in again to continue.';

/** Every error as Coder's error object. */
export function fromError(error: CarillonError | undefined): DialectReply {
  if (error instanceof CoderRefusal) return { status: error.status, body: error.body };
  if (error === undefined) return { status: 500, body: { message: 'An internal server error occurred.' } };
  const { status, message, detail } = wordsFor(error);
  const validations = error.errors?.map(({ pointer, detail: what }) => ({
    field: pointer.replace(/^\//, ''),
    detail: what,
  }));
  const body: CoderError = {
    message,
    ...(detail !== '' && { detail }),
    ...(validations !== undefined && validations.length > 0 && { validations }),
  };
  return { status, body };
}

function wordsFor(error: CarillonError): { status: number; message: string; detail: string } {
  const detail = error.message;
  if (error instanceof UnauthenticatedError) return { status: 401, message: signedOut, detail };
  if (error instanceof ForbiddenError) return { status: 403, message: 'Forbidden.', detail };
  if (error instanceof NotFoundError) return notFound(error);
  if (error instanceof MalformedError)
    return { status: 400, message: 'Request body must be valid JSON.', detail };
  if (error instanceof InvalidError) return { status: 400, message: 'Validation failed.', detail };
  if (error instanceof ConflictError) return { status: 409, message: 'Conflict.', detail };
  if (error instanceof TooLargeError) return { status: 413, message: 'Request body too large.', detail };
  if (error instanceof TooManyError) return { status: 429, message: 'Too many requests.', detail };
  if (error instanceof UnavailableError)
    return { status: 503, message: 'The server cannot answer now. Please try again.', detail };
  return { status: 400, message: 'Bad request.', detail };
}

function notFound(error: NotFoundError): { status: number; message: string; detail: string } {
  if (error.code === 'route.not_found') return { status: 404, message: 'Route not found.', detail: '' };
  if (error.code === 'method.not_allowed')
    return { status: 404, message: 'Method not allowed.', detail: error.message };
  return { status: 404, message: hidden().message, detail: '' };
}

const htmlCharacters: Readonly<Record<string, string>> = {
  ...{ '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' },
};

/** As Go's encoder writes JSON: characters of HTML escaped, a newline at the end. */
export function write(body: unknown): string {
  const text = JSON.stringify(body).replaceAll(/[<>&\u2028\u2029]/g, (one) => htmlCharacters[one] ?? one);
  return `${text}\n`;
}
