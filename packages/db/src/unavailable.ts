import { types } from 'node:util';
import { UnavailableError } from '@carillon/core';

/** How long a caller should wait before it tries again after PostgreSQL was away. */
const retryAfterMs = 5_000;

/**
 * A database error that means "not now": connection, resources, shutdown, read-only or timeout.
 * Undefined for every other error.
 */
export function asUnavailable(cause: unknown): UnavailableError | undefined {
  if (!isUnavailable(cause)) return undefined;
  return new UnavailableError(
    'database.unavailable',
    'The database cannot be reached at the moment; try again',
    {
      cause,
      retryAfterMs,
    },
  );
}

/** SQLSTATE classes: 08 connection, 53 resources, 57P shutdown, 58 system, 25006 read-only, 57014 timeout, 55P03 lock. */
const unavailableStates = /^(08...|53...|57P..|58...|25006|57014|55P03|25P03)$/;
const unavailableCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EAI_AGAIN', 'ENOENT'],
]);
const unavailableMessages =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|not queryable|Cannot use a pool after calling end/;

function isUnavailable(cause: unknown): boolean {
  // Not `instanceof`: an error of a socket is of Node's own realm, which is another one under Jest.
  if (!types.isNativeError(cause)) return false;
  const code = sqlState(cause);
  if (code !== undefined && (unavailableStates.test(code) || unavailableCodes.has(code))) return true;
  return unavailableMessages.test(cause.message);
}

/** The constraint that a write ran into, if the error names one. */
export function constraintOf(cause: unknown): string | undefined {
  if (!types.isNativeError(cause) || !('constraint' in cause)) return undefined;
  return typeof cause.constraint === 'string' ? cause.constraint : undefined;
}

/** The SQLSTATE or system code of an error, if it has one. */
export function sqlState(cause: unknown): string | undefined {
  if (!types.isNativeError(cause) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
