import { isProblemCode, problemKinds, problemOf, type Problem, type ProblemCode } from '@carillon/contracts';
import { CarillonError } from '@carillon/core';
import { asUnavailable } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';

/** An error as `/v1` answers it. */
export interface ProblemAnswer {
  status: number;
  body: Problem;
  headers: Record<string, string>;
}

/**
 * The one place where `/v1` turns errors into answers, and the only logger of 5xx. What is none of
 * ours is a 500 whose cause stands only in the log.
 */
export function toProblem(
  deps: Pick<ApiDeps, 'log' | 'config'>,
  error: unknown,
  requestId: string,
): ProblemAnswer {
  const known = asKnown(error);
  if (known === undefined) deps.log.error({ event: 'request.failed', requestId, error });
  const code: ProblemCode = known?.code ?? 'internal.error';
  const { status } = problemKinds[code];
  if (status === 503) deps.log.warn({ event: 'request.unavailable', requestId, error });
  const headers: Record<string, string> = {};
  if (known?.error.retryAfterMs !== undefined) {
    headers['Retry-After'] = String(Math.ceil(known.error.retryAfterMs / 1000));
  }
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="carillon"';
  const detail = known?.error.message ?? problemKinds[code].explanation;
  const body = problemOf(deps.config.publicUrl, { code, detail, requestId, errors: known?.error.errors });
  return { status, body, headers };
}

/** An error that may cross to a caller; undefined for what is none of ours. */
export function asKnown(error: unknown): { error: CarillonError; code: ProblemCode } | undefined {
  const ours = error instanceof CarillonError ? error : asUnavailable(error);
  if (ours === undefined || !isProblemCode(ours.code)) return undefined;
  return { error: ours, code: ours.code };
}
