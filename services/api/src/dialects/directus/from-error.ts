import {
  ForbiddenError,
  MalformedError,
  NotFoundError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
  type CarillonError,
} from '@carillon/core';
import type { DialectReply } from '../dialect.ts';
import {
  DirectusError,
  forbiddenCollection,
  forbiddenRow,
  invalidCredentials,
  invalidPayload,
  type DirectusCode,
} from './errors.ts';

/** Every error in Directus' envelope. */
export function fromError(error: CarillonError | undefined): DialectReply {
  const { status, problems } = asDirectusError(error);
  return { status, body: { errors: problems } };
}

/** Every error in Directus' own words. */
export function asDirectusError(error: CarillonError | undefined): DirectusError {
  if (error instanceof DirectusError) return error;
  if (error === undefined) return plain(500, 'INTERNAL_SERVER_ERROR', 'An unexpected error occurred.');
  // Who sends nothing is nobody, whom Directus lets see nothing; who sends something wrong is told so.
  if (error instanceof UnauthenticatedError)
    return error.code === 'auth.required' ? forbiddenCollection() : invalidCredentials();
  if (error instanceof ForbiddenError) return plain(403, 'FORBIDDEN', error.message);
  // Paths that are not served are told elsewhere: what is left is a row, or an id that cannot be one.
  if (error instanceof NotFoundError) return forbiddenRow();
  if (error instanceof MalformedError) return invalidPayload(error.message.replace(/\.$/, ''));
  if (error instanceof TooLargeError) return plain(413, 'INVALID_PAYLOAD', error.message);
  if (error instanceof TooManyError) return plain(429, 'REQUESTS_EXCEEDED', error.message);
  if (error instanceof UnavailableError) return plain(503, 'SERVICE_UNAVAILABLE', error.message);
  return plain(400, 'INVALID_PAYLOAD', error.message);
}

function plain(status: number, code: DirectusCode, message: string): DirectusError {
  return new DirectusError(status, { message, extensions: { code } });
}
