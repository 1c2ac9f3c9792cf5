import {
  type CarillonError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  TargetFailedError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
  type FieldError,
} from '@carillon/core';
import type { DialectReply } from '../dialect.ts';

/** How oCore's clients are told an error; `code` is one of those that all of Carillon's errors have. */
export interface OcoreError {
  message: string;
  code?: string;
}

/** Places of one error that are told; a body of 200 wrong rows needs no more to be put right. */
const placesToldMax = 10;
const messageCharsMax = 2_000;

const statuses: readonly [new (...args: never[]) => CarillonError, number][] = [
  [UnauthenticatedError, 401],
  [ForbiddenError, 403],
  [NotFoundError, 404],
  [ConflictError, 409],
  [TooLargeError, 413],
  [TooManyError, 429],
  [TargetFailedError, 502],
  [UnavailableError, 503],
];

/** Every error as `{message, code}`; what is wrong with a request is a 400, whatever it is. */
export function fromError(error: CarillonError | undefined): DialectReply {
  if (error === undefined) return { status: 500, body: { message: 'An internal error occurred.' } };
  const status = statuses.find(([kind]) => error instanceof kind)?.[1] ?? 400;
  const body: OcoreError = { message: messageOf(error), code: error.code };
  if (status !== 401) return { status, body };
  return { status, body, headers: { 'WWW-Authenticate': 'Bearer realm="carillon"' } };
}

export function write(body: unknown): string {
  return JSON.stringify(body);
}

function messageOf({ code, message, errors }: CarillonError): string {
  if (code === 'auth.required') return 'Send `Authorization: Bearer <token>` with a JWT or an access token';
  if (errors === undefined || errors.length === 0) return message.slice(0, messageCharsMax);
  const told = errors.slice(0, placesToldMax).map(({ pointer, detail }) => `${placeOf(pointer)}: ${detail}`);
  const more = errors.length - told.length;
  if (more > 0) told.push(`and ${more} more`);
  return told.join('; ').slice(0, messageCharsMax);
}

/** `/preferences/0/timezone` → `preferences[0].timezone`; what `/v1` calls settings is oCore's config. */
function placeOf(pointer: FieldError['pointer']): string {
  const parts = pointer.split('/').slice(1);
  if (parts.length === 0) return 'body';
  const named = parts.map((part, index) => (index === 0 && part === 'settings' ? 'config' : part));
  return named.reduce((place, part) => (/^\d+$/.test(part) ? `${place}[${part}]` : `${place}.${part}`));
}
