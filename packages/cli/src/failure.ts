import type { CarillonError, FieldProblem } from '@carillon/client';

/** How `carillon` ends, for scripts. docs/cli.md tells them. */
export const exitCodes = {
  ok: 0,
  /** Something is not well: a check of doctor, one of several. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** What was named does not exist. */
  notFound: 3,
  /** The API, or the target of a test, did not take it. */
  refused: 4,
  /** Nobody answered, or the server could not. */
  unreachable: 5,
  /** `--check` found differences. */
  differs: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line asks for what cannot be meant. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command could not do what it was asked for; `code` is for programs. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** What went wrong, as `--json` tells it on standard error. */
export interface FailureDocument {
  error: {
    code: string;
    message: string;
    exit_code: ExitCode;
    status: number | null;
    request_id: string | null;
    retryable: boolean;
    errors: readonly FieldProblem[];
  };
}

/** A failure in the one form that both screens and programs are told it from. */
export function toFailure(error: unknown, url: string | undefined): FailureDocument {
  const shared = { status: null, request_id: null, retryable: false, errors: [] };
  if (isCallError(error)) {
    const { code, status, requestId, retryable, errors } = error;
    return {
      error: {
        ...{ code, message: messageOf(error, url), exit_code: exitCodeOf(error) },
        ...{ status: status ?? null, request_id: requestId ?? null, retryable, errors },
      },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError) {
    return { error: { ...shared, code: error.code, message, exit_code: error.exitCode } };
  }
  if (error instanceof UsageError) {
    return { error: { ...shared, code: 'cli.usage', message, exit_code: exitCodes.usage } };
  }
  return { error: { ...shared, code: 'cli.failed', message, exit_code: exitCodes.failed } };
}

/** Told by its form, so that only commands that call have the client loaded. */
export function isCallError(error: unknown): error is CarillonError {
  return error instanceof Error && error.name === 'CarillonError' && 'retryable' in error;
}

function exitCodeOf({ status, code }: CarillonError): ExitCode {
  if (status === 404) return exitCodes.notFound;
  // A target that does not take a test message is no outage of ours.
  if (status !== undefined && (status < 500 || code === 'target.failed')) return exitCodes.refused;
  return code === 'client.token' ? exitCodes.refused : exitCodes.unreachable;
}

function messageOf({ code, message, cause }: CarillonError, url: string | undefined): string {
  if ((code !== 'client.network' && code !== 'client.timeout') || url === undefined) return message;
  const deeper = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : undefined;
  const why = code === 'client.timeout' ? 'in time' : deeper;
  return `No answer from ${url}${why ? ` (${why})` : ''}. Does it run? \`carillon doctor\` looks.`;
}
