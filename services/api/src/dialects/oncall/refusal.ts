import {
  CarillonError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
  type FieldError,
} from '@carillon/core';
import type { DialectReply } from '../dialect.ts';

/** How OnCall's clients are told an error: `detail`, or texts by the names of fields; some of these in a list. */
export type OncallError = Readonly<Record<string, string | readonly string[]>>;

/** A refusal in OnCall's own words, with the status 400. */
export class OncallRefusal extends CarillonError {
  readonly body: OncallError;

  constructor(body: OncallError) {
    super('oncall.refused', Object.values(body).flat().join(' '));
    this.body = body;
  }
}

/** What OnCall says of a request as a whole. */
export function refusal(detail: string): OncallRefusal {
  return new OncallRefusal({ detail });
}

/** Where a duration stands and the step is none that waits. */
export const durationNotTaken: OncallError = { duration: "Duration can't be set" };
export const positionNotTaken: OncallError = { detail: 'Invalid value for position field' };

/** A valid credential that may not do this: the words tell no more, here as there. */
const forbidden = 'You do not have permission to perform this action.';
const detailCharsMax = 2_000;

/** Every error in one of OnCall's forms. Its clients are told 403 where others are told 401. */
export function fromError(error: CarillonError | undefined): DialectReply {
  if (error === undefined) return { status: 500, body: { detail: 'An internal error occurred.' } };
  if (error instanceof OncallRefusal) return { status: 400, body: error.body };
  if (error instanceof UnauthenticatedError) return { status: 403, body: { detail: 'Invalid token.' } };
  if (error instanceof ForbiddenError) return { status: 403, body: { detail: forbidden } };
  if (error instanceof NotFoundError) return { status: 404, body: { detail: notFoundText(error) } };
  const words = wordsFor(error.code);
  if (words !== undefined) return { status: 400, body: words };
  const status = statusOf(error);
  if (error.code === 'request.malformed')
    return { status, body: { detail: `JSON parse error - ${error.message}` } };
  const [first, ...more] = error.errors ?? [];
  if (first !== undefined) return { status, body: byField([first, ...more]) };
  return { status, body: { detail: error.message.slice(0, detailCharsMax) } };
}

/** As it is told that a path is served, but not for this method; what is not there has one text. */
function notFoundText({ code, message }: NotFoundError): string {
  return code === 'method.not_allowed' ? message : 'Not found.';
}

/** What only the store can judge, in OnCall's words. */
function wordsFor(code: string): OncallError | undefined {
  // A length was named alone, and the step is none that waits: what is wrong about lengths was refused before.
  if (code === 'rule.wait_invalid') return durationNotTaken;
  return code === 'rule.position_invalid' ? positionNotTaken : undefined;
}

function statusOf(error: CarillonError): number {
  if (error instanceof ConflictError) return 409;
  if (error instanceof TooLargeError) return 413;
  if (error instanceof TooManyError) return 429;
  if (error instanceof UnavailableError) return 503;
  return 400;
}

/** Faults by the field that they are in; what is in none stands as OnCall has it, too. */
function byField(errors: readonly FieldError[]): OncallError {
  const told = new Map<string, string[]>();
  for (const { pointer, detail } of errors) {
    const field = pointer.replace(/^\/query\//, '/').split('/')[1] || 'non_field_errors';
    told.set(field, [...(told.get(field) ?? []), detail.slice(0, detailCharsMax)]);
  }
  return Object.fromEntries(told);
}

export function write(body: unknown): string {
  return JSON.stringify(body);
}
